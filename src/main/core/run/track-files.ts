/**
 * What a run of a conductor or maestro track keeps beside its plan: the track's line in the registry and its `metadata.json`. They change only
 * in integration commits, together with the plan's ticks, so the base never shows a track as further than its code.
 */
import { basename, dirname } from 'node:path/posix';
import type { AppError } from '../../../shared/errors';
import { ok, type Result } from '../../../shared/result';
import { isActiveState, type Run, type TaskRun } from '../../../shared/run';
import { readFileAt, type Edit } from '../git/commits';
import type { InRepository } from '../git/repository';
import { parseTaskFile } from '../spec/parse';
import { markTrack, trackFields, withTrackFields, withTrackState, type TrackState } from '../spec/track-state';
import { restoreStates, tick } from '../spec/write-back';

export interface TrackFiles {
  /** Name of the track's folder. */
  readonly id: string;
  /** Paths from the repository's root. */
  readonly registry: string;
  readonly metadata: string;
}

/** The files of a run's track; null for other specs, and for those that git ignores. */
export function trackFilesOf(run: Run): TrackFiles | null {
  if (run.dialect !== 'track' || run.specIgnored || !/(?:^|\/)\.?(?:conductor|maestro)\/tracks\/[^/]+$/.test(run.specPath)) return null;
  return { id: basename(run.specPath), registry: `${dirname(dirname(run.specPath))}/tracks.md`, metadata: `${run.specPath}/metadata.json` };
}

/** Done when nothing of the plan is left, the boxes of a person included. */
export function trackState(plan: Buffer): TrackState {
  const { tasks, gates } = parseTaskFile(plan.toString('utf8'), { file: 'plan.md', dialect: 'track' });
  const isDone = tasks.every((task) => task.done || task.state === 'skipped') && gates.every((gate) => gate.done);
  return isDone && tasks.length > 0 ? 'done' : 'active';
}

/** Registry and metadata of a tree as they are once its plan is at `state`. */
export async function trackEdits(repo: InRepository, tree: string, change: { readonly files: TrackFiles; readonly state: TrackState; readonly at: string }): Promise<Result<readonly Edit[], AppError>> {
  const { files, state, at } = change;
  const edits: Edit[] = [];
  for (const [path, changed] of [
    [files.registry, (content: Buffer) => markTrack(content, files.id, state)], [files.metadata, (content: Buffer) => withTrackState(content, state, at)],
  ] as const) {
    const content = await readFileAt(repo, tree, path);
    if (!content.ok) return content;
    const next = content.value === null ? null : changed(content.value);
    if (content.value !== null && next !== null && !next.equals(content.value)) edits.push({ path, content: next });
  }
  return ok(edits);
}

/** A lane's version of one of these files with the states that its base has: agents do not set them. */
export function withBaseState(files: TrackFiles, path: string, sides: { readonly base: Buffer; readonly lane: Buffer }): Buffer {
  if (path === files.registry) return restoreStates(sides.base, sides.lane);
  const fields = trackFields(sides.base);
  return fields ? withTrackFields(sides.lane, fields) : sides.lane;
}

/** The plan with `[~]` on the tasks at work, and without it on those that it was set for and that are not at work any more. */
export function withMarks(run: Run, file: string, plan: Buffer, integrating: string | null): Buffer {
  let content = plan;
  for (const id of run.order) {
    const task = run.tasks[id];
    if (!task || id === integrating || task.file !== file || !mayBeMarked(task)) continue;
    const marked = tick(content, { id, textHash: task.textHash, line: task.line }, { state: integrating !== null && isActiveState(task.state) ? 'active' : 'reset' });
    if (marked.ok) content = marked.value;
  }
  return content;
}

/** A task that was in progress before the run began keeps a person's mark. */
const mayBeMarked = (task: TaskRun): boolean => task.state !== 'done' && task.attempts > 0 && task.inProgress !== true;
