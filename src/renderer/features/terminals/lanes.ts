/** What the terminals view shows of each lane, derived from the run. Pure. */
import type { LaneRun, Run, TaskRun, TaskRunState } from '../../../shared/run';
import { stateWords } from '../../tasks';
import type { Mark } from '../../ui/status-mark';

/** A line below a terminal that says why its lane stands still. */
export interface Strip {
  readonly mark: Mark;
  readonly text: string;
}

export interface LaneCard {
  readonly name: string;
  readonly mark: Mark;
  /** The state in a word or two. */
  readonly label: string;
  readonly task: string | null;
  readonly taskTitle: string;
  /** ISO times of the shown attempt; `endedAt` null while it goes on. */
  readonly startedAt: string | null;
  readonly endedAt: string | null;
  readonly strip: Strip | null;
}

/** States in which a lane stands still until somebody looks. */
const stands: ReadonlySet<TaskRunState> = new Set<TaskRunState>(['failed', 'blocked', 'no-change', 'timed-out', 'interrupted', 'conflict']);

/** The task a lane works on, else the one it worked on last. */
function taskOf(run: Run, lane: LaneRun): TaskRun | null {
  if (lane.task !== null) return run.tasks[lane.task] ?? null;
  let last: TaskRun | null = null;
  for (const id of run.order) {
    const task = run.tasks[id];
    if (task?.ranIn !== lane.name || task.startedAt === null) continue;
    if (last?.startedAt == null || task.startedAt > last.startedAt) last = task;
  }
  return last;
}

function stripOf(lane: LaneRun, task: TaskRun | null): Strip | null {
  if (task !== null && stands.has(task.state)) {
    const { mark, word } = stateWords[task.state];
    // The reason of a conflict begins with the verb: `conflicts in a.ts`.
    if (task.state === 'conflict') return { mark, text: `${task.id} ${task.reason || 'conflicts'}` };
    return { mark, text: `${task.id} ${word.toLowerCase()}${task.reason ? `: ${task.reason}` : ''}` };
  }
  return lane.state === 'parked' && lane.reason ? { mark: 'paused', text: lane.reason } : null;
}

/** `lane-2` before `lane-10`: names that differ in a number at their end stand together in its order, the others as they were opened. */
function inOrder(lanes: readonly LaneRun[]): readonly LaneRun[] {
  const families = new Map<string, LaneRun[]>();
  for (const lane of lanes) {
    const stem = lane.name.replace(/[-_]?\d+$/, '');
    families.set(stem, [...(families.get(stem) ?? []), lane]);
  }
  return [...families.values()].flatMap((family) => family.sort((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true })));
}

/** One card a lane, in the order the lanes were opened; numbered ones by their number. */
export function laneCards(run: Run): readonly LaneCard[] {
  return inOrder(Object.values(run.lanes)).map((lane) => {
    const task = taskOf(run, lane);
    const { mark, word } = stateWords[task?.state ?? 'pending'];
    return {
      name: lane.name, mark, label: task ? word : 'Ready',
      task: task?.id ?? null, taskTitle: task?.title ?? '',
      startedAt: task?.startedAt ?? null, endedAt: task?.finishedAt ?? null,
      strip: stripOf(lane, task),
    };
  });
}

/** Rows and columns of a grid; `shown` is how many lanes fit, the rest are reached by their tabs. */
export interface GridShape {
  readonly columns: number;
  readonly rows: number;
  readonly shown: number;
}

/** Pixels below which a terminal is of no use. */
const MIN_WIDTH = 288;
const MIN_HEIGHT = 150;

/** The grid for `count` lanes in a pane of `width` by `height` pixels: 1, 2, 4, 6 or 9 cells, fewer where they do not fit. */
export function gridShape(count: number, width: number, height: number): GridShape {
  const fitting = (space: number, least: number): number => Math.max(1, Math.floor(space / least));
  const wanted = count <= 1 ? 1 : count <= 4 ? 2 : 3;
  const columns = Math.min(wanted, fitting(width, MIN_WIDTH));
  const rows = Math.min(Math.max(1, Math.ceil(Math.min(count, 9) / columns)), fitting(height, MIN_HEIGHT));
  return { columns, rows, shown: Math.min(count, columns * rows) };
}

/** A page of a grid: what it shows, and where one gets from here. */
export interface Page<T> {
  readonly items: readonly T[];
  /** Places from 1, as people count. */
  readonly first: number;
  readonly last: number;
  readonly total: number;
  /** First item of the page before and after; null where there is none. */
  readonly before: T | null;
  readonly after: T | null;
}

/** The page of `items` that holds the item at `index`, `size` items a page. */
export function pageOf<T>(items: readonly T[], index: number, size: number): Page<T> {
  const start = Math.floor(Math.max(index, 0) / size) * size;
  const shown = items.slice(start, start + size);
  return { items: shown, first: start + 1, last: start + shown.length, total: items.length, before: items[start - size] ?? null, after: items[start + size] ?? null };
}
