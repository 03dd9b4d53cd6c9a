/** What is kept up to date beside a run's journal, for other tools: mirror files, and issues of a track. */
import type { RunEventDraft } from '../../../shared/events';
import type { Run } from '../../../shared/run';
import type { Repository } from '../git/repository';
import { issueMirror } from './issue-mirror';
import { mirrorWriter } from './mirror-writer';

export interface Beside {
  /** The run has changed. */
  changed(run: Run): void;
  /** Resolves with notices of what went wrong, once the newest state is written and told. */
  settled(): Promise<readonly Extract<RunEventDraft, { type: 'notice' }>[]>;
}

/** Keeps both for a run; `known`: the run as it was last told to others, null for one that begins or is resumed. A failure costs what is beside, never the run. */
export function keepBeside(repo: Pick<Repository, 'root' | 'commonDir'>, env: NodeJS.ProcessEnv, known: Run | null): Beside {
  const keepers = { mirror: mirrorWriter(repo), issues: issueMirror(repo, env, known) };
  return {
    changed: (run) => {
      for (const keeper of Object.values(keepers)) keeper.changed(run);
    },
    settled: async () => {
      const said = await Promise.all(Object.entries(keepers).map(async ([code, keeper]) => ({ code, text: await keeper.settled() })));
      return said.flatMap(({ code, text }) => (text === '' ? [] : [{ type: 'notice' as const, level: 'warning' as const, code, text, task: null }]));
    },
  };
}
