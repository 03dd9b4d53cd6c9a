/** `braid land` and `braid rollback`: what a person decides about a finished run. */
import { resolve } from 'node:path';
import type { MergeReport } from '../../shared/domain';
import type { AppError } from '../../shared/errors';
import type { RunEvent } from '../../shared/events';
import type { Result } from '../../shared/result';
import type { Run } from '../../shared/run';
import { openRepository, type Repository } from '../core/git/repository';
import { landable, landRun, rollbackRun, type Landed } from '../core/run/landing';
import { reportOf } from '../core/run/report';
import type { Site } from '../core/run/site';
import { findRun } from '../core/state/run-folder';
import { exitCodes } from './exit-code';
import { ask, canAsk, fail, print, printJson, say } from './output';

export interface DecisionFlags {
  readonly repo?: string;
  readonly yes: boolean;
  readonly json: boolean;
}

/** The report as lines of text: what would come onto the base, and what stands against it. */
export function reportLines(report: MergeReport): readonly string[] {
  const files = report.files.map((file) => `  ${file.status} ${file.path}  +${file.added ?? '-'} -${file.removed ?? '-'}${file.tasks.length > 0 ? `  (${file.tasks.join(', ')})` : ''}`);
  return [
    `${report.run}: ${report.spec} into ${report.base}, ${report.done} of ${report.total} tasks, ${report.commits.length} commits`,
    ...files,
    `${report.files.length} files changed, +${report.added} -${report.removed}`,
    ...(report.conflicts.length > 0 ? [`Conflicts with ${report.base}: ${report.conflicts.join(', ')}`] : [`Merges cleanly with ${report.base}${report.baseMoved > 0 ? `, which gained ${report.baseMoved} commit(s)` : ''}.`]),
  ];
}

async function decide(
  name: string,
  flags: DecisionFlags,
  act: { readonly question: (run: Run, repo: Repository) => Promise<string | AppError>; readonly perform: (repo: Repository, run: Run, publish: (event: RunEvent) => void) => Promise<Result<Landed, AppError>>; readonly done: (run: Run, landed: Landed) => string },
): Promise<number> {
  const repo = await openRepository(resolve(process.cwd(), flags.repo ?? '.'));
  if (!repo.ok) return fail(repo.error);
  const run = await findRun(repo.value.commonDir, name);
  if (!run.ok) return fail(run.error);
  if (!flags.yes) {
    const question = await act.question(run.value, repo.value);
    if (typeof question !== 'string') return fail(question);
    if (!canAsk()) {
      say(`${question} Nobody is here to answer: repeat with --yes.`);
      return exitCodes.waiting;
    }
    if (!await ask(question)) {
      say('Nothing was changed.');
      return exitCodes.waiting;
    }
  }
  const landed = await act.perform(repo.value, run.value, (event) => {
    if (flags.json) printJson(event);
    else if (event.type === 'notice') print(event.text);
  });
  if (!landed.ok) return fail(landed.error);
  if (!flags.json) print(act.done(run.value, landed.value));
  return exitCodes.ok;
}

/** Lands a run on its base after a yes. */
export function landCommand(site: Site, name: string, flags: DecisionFlags): Promise<number> {
  return decide(name, flags, {
    question: async (run, repo) => {
      const refused = landable(run);
      if (refused) return refused;
      const report = await reportOf(repo, run, site.now());
      if (!report.ok) return report.error;
      if (!flags.json) reportLines(report.value).forEach(print);
      return `Land run ${run.id} on ${run.base}?`;
    },
    perform: (repo, run, publish) => landRun(site, repo, run.id, publish),
    done: (run, { commit, tag }) => `Landed on ${run.base}: ${commit.slice(0, 9)}. Backup tag ${tag}. To take it back: braid rollback ${run.id}`,
  });
}

/** Takes a landing back after a yes. */
export function rollbackCommand(site: Site, name: string, flags: DecisionFlags): Promise<number> {
  return decide(name, flags, {
    question: async (run) => (run.state !== 'landed') ? { kind: 'run/not-landed', run: run.id } : `Take the landing of run ${run.id} back from ${run.base}? Its integration branch stays.`,
    perform: (repo, run, publish) => rollbackRun(repo, run.id, { now: site.now(), env: site.env, publish }),
    done: (run, { commit }) => `${run.base} is at ${commit.slice(0, 9)} again without run ${run.id}.`,
  });
}
