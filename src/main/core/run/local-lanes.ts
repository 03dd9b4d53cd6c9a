/** Lanes on this machine: git worktrees beside the repository and processes in pseudo-terminals. */
import type { AppError } from '../../../shared/errors';
import { ok, type Result } from '../../../shared/result';
import { readFileAt } from '../git/commits';
import { collectEvidence, commitLeftovers, commitNothing, contentOf, returnToBranch, uncommitted, type Uncommitted } from '../git/evidence';
import { restoreWorktree } from '../git/recover';
import { inOwnWorktree } from '../git/own-worktree';
import { headCommit, mergeBase, type Identity, type Repository } from '../git/repository';
import { dirtyFiles } from '../git/status';
import { addWorktree, fastForward, removeWorktree } from '../git/worktrees';
import { restoreStates } from '../spec/write-back';
import type { Terminals } from '../terminals/terminals';
import { readDisowned, writeDisowned } from './disowned';
import type { LanePort, LaneWork } from './ports';

type WorkRequest = Parameters<LanePort['work']>[0];

/** True when the lane changed nothing of a task file but the states of its tasks, which only the app sets. */
async function isOnlyTicked(path: string, range: { since: string; head: string }, file: string): Promise<Result<boolean, AppError>> {
  const before = await readFileAt({ root: path }, range.since, file);
  if (!before.ok) return before;
  const after = await readFileAt({ root: path }, range.head, file);
  if (!after.ok) return after;
  return ok(before.value !== null && after.value !== null && restoreStates(before.value, after.value).equals(before.value));
}

async function withoutTicks(path: string, range: { since: string; head: string }, files: readonly string[], taskFiles: readonly string[]): Promise<Result<readonly string[], AppError>> {
  const kept: string[] = [];
  for (const file of files) {
    const ticked = taskFiles.includes(file) ? await isOnlyTicked(path, range, file) : ok(false);
    if (!ticked.ok) return ticked;
    if (!ticked.value) kept.push(file);
  }
  return ok(kept);
}

/** How often leftovers are committed again after git failed. */
const tries = 3;

async function commitWork(identity: Identity, lane: WorkRequest, since: string, known: Uncommitted): Promise<Result<LaneWork['excluded'], AppError>> {
  if (lane.message === null) return ok([]);
  const back = await returnToBranch(lane.path, lane.branch);
  if (!back.ok) return back;
  for (let count = 1; ; count += 1) {
    const left = await commitLeftovers(lane.path, { message: lane.message, identity, since, known });
    if (left.ok) return ok(left.value.excluded);
    // Objects that nothing refers to yet may fall to a `git gc --prune=now` of an agent: made again, they are there.
    if (left.error.kind !== 'git/failed' || count === tries) return left;
  }
}

/** The lane's work since it last met the integration branch. */
export async function laneWork(identity: Identity, lane: WorkRequest, known: Uncommitted = new Map()): Promise<Result<LaneWork, AppError>> {
  const start = await headCommit(lane.path);
  if (!start.ok) return start;
  const since = await mergeBase({ root: lane.path }, start.value ?? lane.integration, lane.integration);
  if (!since.ok) return since;
  const from = since.value ?? lane.integration;
  const excluded = await commitWork(identity, lane, from, known);
  if (!excluded.ok) return excluded;
  const evidence = await collectEvidence(lane.path, { since: from, branch: lane.branch });
  if (!evidence.ok) return evidence;
  const dirty = await dirtyFiles(lane.path);
  if (!dirty.ok) return dirty;
  const { head, commits } = evidence.value;
  const files = await withoutTicks(lane.path, { since: from, head }, evidence.value.files, lane.taskFiles);
  if (!files.ok) return files;
  return ok({ since: from, head, commits, files: files.value, excluded: excluded.value, dirty: dirty.value.map((file) => file.path).filter((path) => !known.has(path)) });
}

/** Lanes as worktrees of `repo`. `disowned`: file for what in a worktree is not an agent's; null where no agent works (a landing). */
export function localLanes(repo: Repository, identity: Identity, terminals: Terminals, disowned: (path: string) => string | null): LanePort {
  const inLane = <T>(path: string, work: () => Promise<Result<T, AppError>>): Promise<Result<T, AppError>> => inOwnWorktree(repo, path, work);
  return {
    open: (lane) => addWorktree(repo, lane),
    start: (command) => terminals.startProcess(command),
    say: (line) => terminals.say(line),
    forward: (lane) => inLane(lane.path, () => fastForward(lane.path, lane.commit)),
    work: (lane) => inLane(lane.path, async () => {
      const file = disowned(lane.path);
      return laneWork(identity, lane, file === null ? undefined : await readDisowned(file));
    }),
    uncommitted: async ({ path }) => {
      const now = await inLane(path, () => uncommitted(path));
      if (!now.ok) return now;
      const file = disowned(path);
      const known = file === null ? new Map<string, string>() : await readDisowned(file);
      return ok([...now.value].flatMap(([name, print]) => (known.get(name) === print ? [] : [name])));
    },
    disown: async ({ path, but }) => {
      const now = await inLane(path, () => uncommitted(path));
      const file = disowned(path);
      if (!now.ok || file === null) return now.ok ? ok(null) : now;
      const kept = new Set(but);
      return writeDisowned(file, new Map([...now.value].filter(([name]) => !kept.has(name))));
    },
    restore: async (lane) => (lane.path === repo.root ? ok({ made: false, aside: null }) : restoreWorktree(repo, lane)),
    content: ({ path }) => inLane(path, async () => {
      const file = disowned(path);
      return contentOf(path, file === null ? undefined : await readDisowned(file));
    }),
    commitNothing: ({ path, message }) => inLane(path, () => commitNothing(path, { message, identity })),
    remove: (lane) => removeWorktree(repo, lane.path),
  };
}
