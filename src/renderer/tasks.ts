/** The tasks as every view shows them: what the file says, with what the current run knows on top. */
import { type TaskCounts, countStates, stateInFile } from '../shared/counts';
import type { Edge, Evidence, Phase, Plan, Spec, Step, Task } from '../shared/domain';
import { listAt } from '../shared/list-at';
import type { Run, TaskRun, TaskRunState } from '../shared/run';
import { asksAbout } from '../shared/waiting';
import type { Mark } from './ui/status-mark';

export interface TaskRow {
  readonly id: string;
  readonly title: string;
  readonly state: TaskRunState;
  /** Ticked in the file, or integrated by the run. */
  readonly done: boolean;
  /** One sentence; empty when the state says it all. */
  readonly reason: string;
  readonly stories: readonly string[];
  readonly steps: readonly Step[];
  readonly nested: boolean;
  readonly file: string;
  readonly line: number;
  /** Whether the current run was asked for this task. */
  readonly inRun: boolean;
  /** A person holds it back. */
  readonly held: boolean;
  /** What the run asks a person before this task may start; '' when it asks nothing. */
  readonly asks: string;
  readonly lane: string | null;
  readonly attempts: number;
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
  readonly commit: string | null;
  readonly evidence: Evidence | null;
}

export interface TaskGroup {
  /** Unique within the spec; remembered when collapsed. */
  readonly key: string;
  readonly title: string;
  readonly rows: readonly TaskRow[];
  readonly counts: TaskCounts;
}

/** How far some rows are; a box inside another task counts with that one. */
export const countRows = (rows: readonly TaskRow[]): TaskCounts => countStates(rows.filter((row) => !row.nested).map((row) => row.state));

/** How each state looks and reads. */
export const stateWords: Readonly<Record<TaskRunState, { readonly mark: Mark; readonly word: string }>> = {
  pending: { mark: 'pending', word: 'Open' },
  running: { mark: 'running', word: 'Running' },
  checking: { mark: 'checking', word: 'Checking' },
  integrating: { mark: 'integrating', word: 'Merging' },
  done: { mark: 'done', word: 'Done' },
  failed: { mark: 'failed', word: 'Failed' },
  blocked: { mark: 'waiting', word: 'Blocked' },
  'no-change': { mark: 'waiting', word: 'No changes' },
  'timed-out': { mark: 'limited', word: 'Timed out' },
  interrupted: { mark: 'paused', word: 'Interrupted' },
  conflict: { mark: 'conflict', word: 'Conflict' },
  skipped: { mark: 'skipped', word: 'Skipped' },
};

/** How a row looks and reads: one that the run asks about waits for a person, whatever its state. */
export const looksOf = (row: Pick<TaskRow, 'state' | 'asks'>): { readonly mark: Mark; readonly word: string } => (row.asks === '' ? stateWords[row.state] : { mark: 'waiting', word: 'Needs you' });

/** Whether an agent, a check or a merge is at work on it. */
export const isActive = (state: TaskRunState): boolean => state === 'running' || state === 'checking' || state === 'integrating';

/** After these a run says nothing about what comes next: the file and its plan do. */
export const isPast = (run: Run): boolean => run.state === 'landed' || run.state === 'rolled-back' || run.state === 'abandoned';

/** Whether a run works on the spec that is open. */
export const runIsOf = (run: Run | null, spec: Spec | null): run is Run => run !== null && (spec === null || run.specFolder === spec.folder);

/** Names what is looked at, a spec or else a run: views remember their places by it, and what is drawn for another name is not what is open. */
export const lookedAt = (spec: Spec | null, run: Run | null): string => (spec === null ? run?.specFolder ?? '' : `${spec.folder}:${spec.name}`);

/** The run whose times are shown: the one that is looked at, else the newest of the spec that is open, also after it has landed. `runs`: newest first. */
export const timedRun = (current: Run | null, spec: Spec | null, runs: readonly Run[]): Run | null =>
  (runIsOf(current, spec) ? current : runs.find((run) => spec !== null && run.specFolder === spec.folder) ?? null);

/** What a run asks about a task that waits behind a marker; ''. */
const asksOf = (run: Run, task: TaskRun): string => (asksAbout(run, task) ? task.person ?? '' : '');

function ofRun(run: Run, task: TaskRun): Omit<TaskRow, 'stories' | 'steps' | 'nested'> {
  return {
    id: task.id, title: task.title, state: task.state, done: task.state === 'done', reason: task.reason, file: task.file, line: task.line,
    inRun: true, held: task.held && task.state === 'pending', asks: asksOf(run, task), lane: task.ranIn, attempts: task.attempts, startedAt: task.startedAt, finishedAt: task.finishedAt, commit: task.commit, evidence: task.evidence,
  };
}

/** A result that was taken back or set aside no longer says what is done: the file does. */
function stateOf(task: Task, ran: TaskRun | undefined, run: Run | null): TaskRunState {
  if (ran === undefined || run === null) return stateInFile(task);
  if (run.state === 'rolled-back' || run.state === 'abandoned') return ran.state === 'done' ? stateInFile(task) : ran.state;
  return task.done && run.finishedAt !== null ? 'done' : ran.state;
}

interface Known {
  readonly ran: TaskRun | undefined;
  readonly row: TaskRow;
}

/** The row of each task as last computed: a row that says the same stays the same object, so that only others are drawn anew. */
const known = new WeakMap<Task, Known>();

function rowOf(task: Task, run: Run | null): TaskRow {
  const ran = run?.tasks[task.id];
  const state = stateOf(task, ran, run);
  const last = known.get(task);
  const asks = run === null || ran === undefined ? '' : asksOf(run, ran);
  if (last !== undefined && last.ran === ran && last.row.state === state && last.row.asks === asks) return last.row;
  const row = freshRow(task, run, state);
  known.set(task, { ran, row });
  return row;
}

function freshRow(task: Task, run: Run | null, state: TaskRunState): TaskRow {
  const ran = run?.tasks[task.id];
  const common = { title: task.title, stories: task.stories, steps: task.steps, nested: task.parent !== null, state, done: state === 'done', file: task.file, line: task.line };
  if (run !== null && ran !== undefined) return { ...ofRun(run, ran), ...common, reason: state === 'done' ? '' : ran.reason };
  return { ...common, id: task.id, reason: '', inRun: false, held: false, asks: '', lane: null, attempts: 0, startedAt: null, finishedAt: null, commit: null, evidence: null };
}

function grouped(entries: readonly { readonly key: string; readonly title: string; readonly row: TaskRow }[]): readonly TaskGroup[] {
  const groups = new Map<string, { key: string; title: string; rows: TaskRow[] }>();
  for (const { key, title, row } of entries) {
    const group = groups.get(key) ?? { key, title, rows: [] };
    group.rows.push(row);
    groups.set(key, group);
  }
  return [...groups.values()].map(asBefore);
}

/** The group of each first row as last computed, so that groups that say the same stay the same objects. */
const knownGroups = new WeakMap<TaskRow, TaskGroup>();

function asBefore({ key, title, rows }: Omit<TaskGroup, 'counts'>): TaskGroup {
  const [first] = rows;
  const last = first === undefined ? undefined : knownGroups.get(first);
  if (last !== undefined && last.key === key && last.title === title && last.rows.length === rows.length && rows.every((row, index) => row === last.rows[index])) return last;
  const group = { key, title, rows, counts: countRows(rows) };
  if (first !== undefined) knownGroups.set(first, group);
  return group;
}

/** What is nested in a skipped task is skipped with it: nobody will work on it. `skipped` gathers the skipped tasks above. */
function underSkipped(task: Task, row: TaskRow, skipped: Set<string>): TaskRow {
  if (row.state === 'skipped') skipped.add(task.id);
  if (row.state !== 'pending' || row.inRun || task.parent === null || !skipped.has(task.parent)) return row;
  skipped.add(task.id);
  const last = knownSkipped.get(row);
  if (last !== undefined) return last;
  const own: TaskRow = { ...row, state: 'skipped', reason: `with ${task.parent}` };
  knownSkipped.set(row, own);
  return own;
}

/** The skipped form of each row as last computed, so that it stays the same object. */
const knownSkipped = new WeakMap<TaskRow, TaskRow>();

interface Placed {
  readonly row: TaskRow;
  /** Key and title of the phase. */
  readonly phase: string;
  readonly title: string;
}

/** The row of each task without a line as last computed, as in `known`. */
const knownAlone = new WeakMap<TaskRun, TaskRow>();

/** A task as the run alone knows it. */
function placedOfRun(run: Run, task: TaskRun, phases: readonly Phase[] = []): Placed {
  const asks = asksOf(run, task);
  const last = knownAlone.get(task);
  const row: TaskRow = last?.asks === asks ? last : { ...ofRun(run, task), stories: task.story === null ? [] : [task.story], steps: [], nested: false };
  knownAlone.set(task, row);
  const phase = phases.find(({ title }) => title === task.phase);
  return { row, phase: phase === undefined ? task.phase ?? 'none' : String(phase.index), title: task.phase ?? 'Tasks' };
}

/** With the tasks of a run that goes on or waits to be merged whose lines are gone from the file, each behind its former neighbour or where it stood: they count in the run. */
function withGone(placed: readonly Placed[], spec: Spec, run: Run | null): readonly Placed[] {
  if (run === null || isPast(run)) return placed;
  const inFile = new Set(placed.map(({ row }) => row.id));
  if (run.order.every((id) => inFile.has(id))) return placed;
  const behind = new Map<string, Placed[]>();
  let before = '';
  for (const id of run.order) {
    const task = run.tasks[id];
    if (inFile.has(id)) before = id;
    else if (task !== undefined) {
      const above = before === '' ? placed.filter(({ row }) => row.file === task.file && row.line <= task.line).pop()?.row.id ?? '' : before;
      listAt(behind, above).push(placedOfRun(run, task, spec.phases));
    }
  }
  return [...behind.get('') ?? [], ...placed.flatMap((one) => [one, ...behind.get(one.row.id) ?? []])];
}

function placedRows(spec: Spec | null, run: Run | null): readonly Placed[] {
  if (spec !== null) {
    const ofSpec = runIsOf(run, spec) ? run : null;
    const skipped = new Set<string>();
    return withGone(spec.tasks.map((task) => ({ row: underSkipped(task, rowOf(task, ofSpec), skipped), phase: String(task.phase?.index ?? 'none'), title: task.phase?.title ?? 'Tasks' })), spec, ofSpec);
  }
  if (run === null) return [];
  return run.order.flatMap((id) => {
    const task = run.tasks[id];
    return task === undefined ? [] : [placedOfRun(run, task)];
  });
}

/** Every task in file order. Without a spec (it was deleted, or another is open) the run's own tasks are shown. */
export const taskRows = (spec: Spec | null, run: Run | null): readonly TaskRow[] => placedRows(spec, run).map(({ row }) => row);

/** What a row counts as where states are counted: one that the run asks about needs a person. */
export const countedAs = ({ state, asks }: Pick<TaskRow, 'state' | 'asks'>): TaskRunState => (asks === '' ? state : 'blocked');

/** The units of the spec that is open as last computed: several views count the same ones at each event. */
let lastUnits: { readonly spec: Spec | null; readonly run: Run | null; readonly states: readonly TaskRunState[] } | null = null;

/** What every unit of the open spec counts as, with what the run knows on top and those whose lines are gone: the one count of all views. */
export function unitStates(spec: Spec | null, run: Run | null): readonly TaskRunState[] {
  if (lastUnits === null || lastUnits.spec !== spec || lastUnits.run !== run) lastUnits = { spec, run, states: taskRows(spec, run).filter((row) => !row.nested).map(countedAs) };
  return lastUnits.states;
}

/** Whether some task belongs to a story, so that stories can be headings. */
export const hasStories = (spec: Spec | null, run: Run | null): boolean =>
  spec === null ? Object.values(run?.tasks ?? {}).some((task) => task.story !== null) : spec.tasks.some((task) => task.stories.length > 0);

/** `taskRows` under the headings of their phases, or of their first stories; a story is named by the first phase that serves it. */
export function groupTasks(spec: Spec | null, run: Run | null, by: 'phase' | 'story' = 'phase'): readonly TaskGroup[] {
  const name = spec?.name ?? run?.spec ?? '';
  return grouped(placedRows(spec, run).map(({ row, phase, title }) => {
    const story = row.stories[0];
    if (by === 'phase') return { key: `${name}:${phase}`, title, row };
    return story === undefined ? { key: `${name}:no story`, title: 'No story', row } : { key: `${name}:story ${story}`, title: `${story}: ${title}`, row };
  }));
}

/** Why a task waits, and whom it keeps waiting. */
export interface Neighbours {
  readonly waitsFor: readonly Edge[];
  readonly blocks: readonly Edge[];
  readonly shares: readonly { readonly id: string; readonly path: string }[];
}

/** The edges and shared files of one task; empty without a plan. */
export function neighboursOf(plan: Plan | null, id: string): Neighbours {
  if (plan === null) return { waitsFor: [], blocks: [], shares: [] };
  return {
    waitsFor: plan.edges.filter((edge) => edge.task === id),
    blocks: plan.edges.filter((edge) => edge.dependsOn === id),
    shares: plan.conflicts.flatMap((conflict) =>
      conflict.a === id ? [{ id: conflict.b, path: conflict.path }] : conflict.b === id ? [{ id: conflict.a, path: conflict.path }] : []),
  };
}

const reasonWords: Readonly<Record<Edge['reason'], string>> = {
  user: 'you said so', explicit: 'the task says so', section: 'the dependency section says so',
  phase: 'its phase comes later', order: 'it comes later in its phase', mention: 'it mentions it',
};

/** Tasks that the reason of an edge names at most where it leads over others. */
const overTold = 3;

/** Why an edge exists, with its line: `the task says so, tasks.md line 48`. */
export function edgeReason(edge: Edge): string {
  const place = edge.line === null ? '' : `, ${edge.file === null ? '' : `${edge.file} `}line ${edge.line}`;
  const over = edge.through === undefined ? '' : `, through ${edge.through.slice(0, overTold).join(', ')}${edge.through.length > overTold ? ` and ${edge.through.length - overTold} more` : ''}`;
  return `${reasonWords[edge.reason]}${place}${over}`;
}

/** How sure an edge is, in a word: 1 is certain, by formats.md section 5. */
export function confidenceWord(confidence: number): string {
  if (confidence >= 0.95) return 'certain';
  if (confidence >= 0.75) return 'very likely';
  return confidence >= 0.6 ? 'likely' : 'a guess';
}
