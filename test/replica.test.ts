import { expect, test } from 'vitest';
import { Published } from '../src/main/published';
import type { RunEvent } from '../src/shared/events';
import { foldRun } from '../src/shared/fold';
import { type AppEvent, type Snapshot, type SnapshotText, notifySchema, uiStateSchema } from '../src/shared/ipc';
import { runOptionsSchema } from '../src/shared/options';
import { err, ok } from '../src/shared/result';
import { Replica, type StateEvent } from '../src/renderer/replica';

const first: Snapshot = {
  version: '0', platform: 'linux', gitVersion: null, theme: 'system', repo: null, specs: [], spec: null, plan: null, overrides: [], gates: [], diagnostics: [],
  readiness: { error: null, uncommitted: [], permissionsSaid: true }, options: runOptionsSchema.parse({}), agents: [], runs: [], currentRun: null, liveRun: null, elsewhere: null, resumeOffer: null, notify: notifySchema.parse({}),
  recent: [], ui: uiStateSchema.parse({}), problem: null,
};
const stamp = { at: '2025-03-05T10:00:00.000Z', run: 'r1' };
const started: RunEvent = {
  type: 'run.started', ...stamp, spec: 's', specTitle: 's', specFolder: '/s', specPath: 's', taskFiles: [], specIgnored: false, dialect: 'speckit', repo: '/r', base: 'main', baseCommit: 'b', integrationBranch: 'i', journal: 'j',
  options: runOptionsSchema.parse({}), tasks: [{ id: 'A', title: 'A', file: 'tasks.md', line: 1, textHash: 'h', dependsOn: [], conflictsWith: [], remaining: 1, weight: 1, lane: 'a', story: null, phase: null, exclusive: false }], waves: [['A']], slots: 1,
};
const begun: RunEvent = { type: 'task.started', ...stamp, task: 'A', lane: 'a', attempt: 1, pid: 1 };

/** Main and window with a wire between them that delivers when told to. */
function wired() {
  let snapshot: Snapshot | null = null;
  let state = first;
  let asked = 0;
  const wire: StateEvent[] = [];
  const published = new Published((event: AppEvent) => { if (event.type === 'state' || event.type === 'run') wire.push(event); });
  const replica = new Replica({
    ask: async () => { asked += 1; return ok<SnapshotText>(published.whole(state)); },
    current: () => snapshot,
    apply: (change) => { snapshot = change.type === 'snapshot' ? change.snapshot : snapshot && foldRun(snapshot, change.event); },
    fail: () => { throw new Error('Internal error: nothing fails here'); },
  });
  return {
    replica, wire, shown: () => snapshot, asked: () => asked, deliver: () => { for (const event of wire.splice(0)) replica.receive(event); },
    change: (change: Partial<Snapshot>) => { state = { ...state, ...change }; published.state(state); },
    run: (event: RunEvent) => { state = foldRun(state, event); published.run(event); }, state: () => state,
  };
}

test('patches and run events keep the copy equal, and send only what changed', async () => {
  const { replica, wire, change, run, deliver, shown, state } = wired();
  await replica.load();
  change({ gitVersion: '2.39' });
  run(started);
  change({ theme: 'dark' });
  run(begun);
  change({ theme: 'dark' });
  expect(wire.map(({ type, revision }) => [type, revision])).toEqual([['state', 1], ['run', 2], ['state', 3], ['run', 4]]);
  expect(wire[2]).toEqual({ type: 'state', revision: 3, patch: '{"keys":{"theme":{"set":"dark"}}}' });
  deliver();
  expect(shown()).toEqual(state());
});

test('what arrives before the whole state does is applied after it, what it holds already is not', async () => {
  const { replica, change, run, deliver, shown, state } = wired();
  const loading = replica.load();
  run(started);
  change({ theme: 'dark' });
  deliver();
  await loading;
  expect(shown()).toEqual(state());
  expect(shown()?.runs).toHaveLength(1);
});

test('a gap brings the whole state again', async () => {
  const { replica, wire, change, deliver, asked, shown, state } = wired();
  await replica.load();
  change({ theme: 'dark' });
  wire.length = 0;
  change({ gitVersion: '2' });
  deliver();
  await expect.poll(() => shown()).toEqual(state());
  expect(asked()).toBe(2);
});

test('a failure is shown', async () => {
  const failures: unknown[] = [];
  const replica = new Replica({ ask: async () => err({ kind: 'git/missing' }), current: () => null, apply: () => undefined, fail: (error) => failures.push(error) });
  await replica.load();
  expect(failures).toEqual([{ kind: 'git/missing' }]);
});
