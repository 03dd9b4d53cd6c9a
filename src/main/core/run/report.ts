/** What a person approves, and what stays of it on disk: report.json in the run's folder. */
import type { CheckResult, MergeReport } from '../../../shared/domain';
import { sentence, type AppError } from '../../../shared/errors';
import type { RunEventDraft } from '../../../shared/events';
import { ok, type Result } from '../../../shared/result';
import { countTasks, hasIntegrated, type Run } from '../../../shared/run';
import { mergeReport } from '../git/report';
import type { Repository } from '../git/repository';
import { writeAtomic } from '../state/atomic-write';
import type { RunFolder } from '../state/run-folder';
import { backupTag } from './names';
import { tickAid } from './ticks';

/** Checks of merged trees, the newest of each command: they passed for each task, but a gate that a person skipped may have refused since. */
export function mergedChecks(run: Run): readonly CheckResult[] {
  const newest = new Map<string, CheckResult>();
  const ofTasks = Object.values(run.tasks).filter(({ state }) => state === 'done').map(({ finishedAt, evidence }) => ({ at: finishedAt ?? '', checks: evidence?.checks ?? [] }));
  const ofGates = run.gates.filter(({ state }) => state !== 'reverted').map(({ checkedAt, checks }) => ({ at: checkedAt, checks: checks ?? [] }));
  for (const { checks } of [...ofTasks, ...ofGates].sort((a, b) => a.at.localeCompare(b.at))) {
    for (const check of checks) if (check.where === 'merged') newest.set(check.command, check);
  }
  return [...newest.values()];
}

/** The backup tag that a landing will write: once announced to a person it stays the same; a later landing gets its own. */
export function plannedTag(run: Run, now: Date): string {
  return run.report !== null && run.landing === null ? run.report.tag : backupTag(run.spec, now);
}

/** The report of a run as the repository stands now. Errors: git/no-such-branch, as `git`. */
export async function reportOf(repo: Repository, run: Run, now: Date): Promise<Result<MergeReport, AppError>> {
  const rolledBack = run.state === 'rolled-back' ? run.rollback?.commit ?? null : null;
  const facts = await mergeReport(repo, { base: run.base, integration: run.integrationBranch, rolledBack, aid: tickAid(run) });
  if (!facts.ok) return facts;
  const counts = countTasks(run);
  const ended = run.finishedAt === null ? now.getTime() : Date.parse(run.finishedAt);
  return ok({
    ...facts.value, run: run.id, spec: run.spec, base: run.base, integrationBranch: run.integrationBranch, tag: plannedTag(run, now),
    done: counts.done, failed: counts.failed, skipped: counts.skipped, total: counts.total,
    checks: mergedChecks(run), seconds: (ended - Date.parse(run.startedAt)) / 1000,
  });
}

function unwritten({ base, baseCommit }: Run, error: AppError): string {
  if (error.kind !== 'git/no-such-branch' || error.branch !== base) return `The report could not be written. ${sentence(error)}`;
  return `Branch ${base}, on which this run is to land, is gone. Nothing of the run is lost: make the branch again before it lands (git branch ${base} ${baseCommit.slice(0, 9)} makes it where the run began).`;
}

/** Writes report.json and announces that a person may decide; nothing integrated means nothing to decide. */
export async function announceReport(place: { repo: Repository; folder: RunFolder; now: Date }, context: { run(): Run; emit(event: RunEventDraft): Promise<void> }): Promise<void> {
  if (!hasIntegrated(context.run())) return;
  const report = await reportOf(place.repo, context.run(), place.now);
  const written = report.ok ? await writeAtomic(place.folder.report, `${JSON.stringify(report.value, null, 2)}\n`) : report;
  if (report.ok) {
    // The event's schema has mutable arrays where the report's are readonly; they hold the same.
    await context.emit({ type: 'landing.ready', report: structuredClone(report.value) as Extract<RunEventDraft, { type: 'landing.ready' }>['report'] });
  }
  if (!written.ok) await context.emit({ type: 'notice', level: 'warning', code: 'report', text: unwritten(context.run(), written.error), task: null });
}
