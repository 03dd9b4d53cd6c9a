import { expect, test } from 'vitest';
import { notifySchema, type Snapshot, uiStateSchema } from '../shared/ipc';
import { runOptionsSchema } from '../shared/options';
import { type Run, reduce } from '../shared/run';
import { whyNotOverride } from './overrides';

const run = (spec: string): Run => {
  const begun = reduce(null, {
    type: 'run.started', at: '2025-03-05T10:00:00.000Z', run: 'r1', spec, specTitle: 's', specFolder: '/s', specPath: 's', taskFiles: [], specIgnored: false, dialect: 'speckit', repo: '/r', base: 'main', baseCommit: 'b',
    integrationBranch: 'i', journal: 'j', options: runOptionsSchema.parse({}), tasks: [], waves: [], slots: 2,
  });
  if (begun === null) throw new Error('Internal error: no run');
  return begun;
};
const snapshot = (runs: readonly Run[], liveRun: string | null): Snapshot => ({
  version: '0', platform: 'linux', gitVersion: null, theme: 'system', repo: null, specs: [], plan: null, overrides: [], gates: [], diagnostics: [], readiness: { error: null, uncommitted: [], permissionsSaid: true },
  options: runOptionsSchema.parse({}), agents: [], runs, currentRun: null, liveRun, elsewhere: null, resumeOffer: null, notify: notifySchema.parse({}), recent: [], ui: uiStateSchema.parse({}), problem: null,
  spec: { dialect: 'speckit', name: '001', title: 's', folder: '/s', taskFiles: [], documents: [], phases: [], tasks: [], gates: [], prose: [], diagnostics: [] },
});

test.each([
  ['nothing runs', snapshot([run('001')], null), false], ['a run of this spec', snapshot([run('001')], 'r1'), true],
  ['a run of another', snapshot([run('002')], 'r1'), false], ['no snapshot yet', null, false],
])('edges while %s', (_name, state, refused) => {
  expect(whyNotOverride(state) !== null).toBe(refused);
});
