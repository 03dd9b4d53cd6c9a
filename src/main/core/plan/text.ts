/** The plan for a terminal. Plain text: control characters of the spec are removed, so a task cannot drive the terminal. */
import type { Diagnostic, Edge, Plan, Spec, Task } from '../../../shared/domain';
import { type ChecklistState, checklistsOf } from '../../../shared/checklists';
import { listAt } from '../../../shared/list-at';
import { batchesOf } from './batches';
import { isExclusive } from './exclusive';
import { isOpen } from './model';

const titleLimit = 90;

/** Text of the spec made safe for a terminal: one line, no control, direction or invisible characters. */
export const plain = (text: string): string => (/^[!-~](?:[ -~]*[!-~])?$/.test(text) ? text : text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, ' ').trim());

function short(text: string): string {
  const line = plain(text);
  // Most titles are short: counting characters takes longer than the rest.
  if (line.length <= titleLimit) return line;
  return [...line].length > titleLimit ? `${[...line].slice(0, titleLimit - 1).join('')}…` : line;
}

const plural = (count: number, word: string, words = `${word}s`): string => `${count} ${count === 1 ? word : words}`;
const named = (shown: readonly string[], all: number): string => `${shown.join(', ')}${all > shown.length ? ` and ${all - shown.length} more` : ''}`;

interface Context {
  readonly spec: Spec;
  readonly plan: Plan;
  readonly tasks: ReadonlyMap<string, Task>;
  /** Edges between open tasks, by the task that waits and by the task that is waited for. */
  readonly waits: ReadonlyMap<string, readonly Edge[]>;
  readonly blocks: ReadonlyMap<string, readonly Edge[]>;
  readonly open: ReadonlySet<string>;
  readonly limit: number;
  /** By wave: what of it may run at once. */
  readonly batches: readonly (readonly (readonly string[])[])[];
}

function contextOf(spec: Spec, plan: Plan, limit: number): Context {
  const open = new Set(plan.waves.flat());
  const waits = new Map<string, Edge[]>();
  const blocks = new Map<string, Edge[]>();
  for (const edge of plan.edges) {
    if (!open.has(edge.task) || !open.has(edge.dependsOn)) continue;
    listAt(waits, edge.task).push(edge);
    listAt(blocks, edge.dependsOn).push(edge);
  }
  const tasks = new Map(spec.tasks.map((task) => [task.id, task]));
  return { spec, plan, tasks, waits, blocks, open, limit, batches: batchesOf(plan, tasks, limit) };
}

const edgeLimit = 4;

function edgeLines(id: string, { waits, blocks }: Context): string[] {
  const before = waits.get(id) ?? [];
  const after = blocks.get(id) ?? [];
  const told = before.slice(0, edgeLimit).map((edge) => `${plain(edge.dependsOn)} (${edge.reason}${edge.line === null ? '' : `, line ${edge.line}`})`);
  return [
    ...(before.length > 0 ? [`      Depends on: ${named(told, before.length)}`] : []),
    ...(after.length > 0 ? [`      Blocks: ${named(after.slice(0, 2 * edgeLimit).map((edge) => plain(edge.task)), after.length)}`] : []),
  ];
}

function taskLines(id: string, context: Context): string[] {
  const task = context.tasks.get(id);
  const marks = [task?.parallel === true ? '[P]' : '', task?.story ? `[${plain(task.story)}]` : ''].filter((mark) => mark !== '').join(' ');
  return [`  ${plain(id)}${marks === '' ? '' : ` ${marks}`}  ${short(task?.title ?? '')}`, ...edgeLines(id, context)];
}

function waveLines(batches: readonly (readonly string[])[], number: number, context: Context): string[] {
  const count = batches.reduce((sum, batch) => sum + batch.length, 0);
  const title = (index: number): string[] => (batches.length > 1 ? [`  Batch ${index + 1} of ${batches.length}`] : []);
  return [`Wave ${number}: ${plural(count, 'task')}`, ...batches.flatMap((batch, index) => [...title(index), ...batch.flatMap((id) => taskLines(id, context))])];
}

const itemLimit = 5;

/** A table of checklists, each with its first unchecked items; the heading is one line, and so is each row. */
export function checklistLines(checklists: readonly ChecklistState[]): string[] {
  if (checklists.length === 0) return [];
  const width = Math.min(40, Math.max(9, ...checklists.map(({ file }) => plain(file).length - 'checklists/'.length)));
  const row = (name: string, ...cells: readonly string[]): string => `  ${name.padEnd(width)}${cells.map((cell) => cell.padStart(9)).join('')}`;
  return [
    row('Checklist', 'Items', 'Checked', 'Open'),
    ...checklists.flatMap(({ file, total, done, open }) => [
      row(plain(file).slice('checklists/'.length), String(total), String(done), open.length === 0 ? '-' : String(open.length)),
      ...open.slice(0, itemLimit).map((gate) => `    line ${gate.line}: ${short(gate.title)}`),
      ...(open.length > itemLimit ? [`    and ${open.length - itemLimit} more`] : []),
    ]),
  ];
}

function diagnosticLine(one: Diagnostic): string {
  const place = one.file === null ? '' : `${plain(one.file)}${one.line === null ? '' : `:${one.line}`}: `;
  return `  ${one.severity}: ${place}${short(one.message)}${one.hint === null ? '' : ` ${plain(one.hint)}`}`;
}

function block(title: string, lines: readonly string[], limit: number): string[] {
  if (lines.length === 0) return [];
  const more = lines.length > limit ? [`  and ${lines.length - limit} more`] : [];
  return ['', title, ...lines.slice(0, limit), ...more];
}

function totals({ spec, plan, open, limit, batches: byWave }: Context): string {
  const units = spec.tasks.filter((task) => task.parent === null);
  const done = units.filter((task) => task.done).length;
  const batches = byWave.reduce((sum, wave) => sum + wave.length, 0);
  const all = units.filter(isOpen).length;
  const others = (['blocked', 'skipped'] as const).map((state) => ({ state, count: units.filter((task) => !task.done && task.state === state).length }));
  const rest = others.filter(({ count }) => count > 0).map(({ state, count }) => `, ${count} ${state}`).join('');
  return `${plural(units.length, 'task')}: ${done} done, ${open.size < all ? `${open.size} of ${all} open asked for` : `${open.size} open`}${rest}; ${plural(plan.waves.length, 'wave')}, ${plural(batches, 'batch', 'batches')} at ${limit} in parallel.`;
}

/** Tasks that share a wave with others and still run by themselves. */
function aloneLine({ plan, tasks }: Context): string[] {
  const alone = plan.waves.filter((wave) => wave.length > 1).flat().filter((id) => { const task = tasks.get(id); return task !== undefined && isExclusive(task); });
  if (alone.length === 0) return [];
  const why = alone.length === 1 ? 'by itself: it names no path and carries no [P]' : 'each by itself: they name no path and carry no [P]';
  return [`  ${named(alone.slice(0, 2 * edgeLimit).map(plain), alone.length)}, ${why}`];
}

function detailed(context: Context): string[] {
  const { spec, plan, open } = context;
  const gates = spec.gates.filter((gate) => !gate.done).length;
  const alone = aloneLine(context);
  const clashes = plan.conflicts.filter(({ a, b }) => open.has(a) && open.has(b)).map(({ a, b, path }) => `  ${plain(a)} and ${plain(b)}: both name ${short(path)}`);
  return [
    `${short(spec.title)} (${spec.dialect}, ${spec.taskFiles.map(plain).join(', ')})`,
    totals(context),
    ...context.batches.flatMap((batches, index) => ['', ...waveLines(batches, index + 1, context)]),
    ...block('Lanes', plan.lanes.map((lane) => `  ${lane.name}: ${lane.tasks.map(plain).join(' ')}`), 16),
    ...(plan.criticalPath.length > 0 ? ['', `Critical path: ${plan.criticalPath.map(plain).join(' -> ')}`] : []),
    ...block('Never at the same time', [...alone, ...clashes], 12),
    ...block('Notes', [...spec.diagnostics, ...plan.diagnostics].map(diagnosticLine), 20),
    ...block('Checklists', checklistLines(checklistsOf(spec.gates)), 40),
    ...(gates > 0 ? ['', `${plural(gates, 'box', 'boxes')} for a person to tick (checklists, checkpoints).`] : []),
    '', `Recommended mode: ${plan.mode.recommended}. ${plain(plan.mode.reason)}`, '',
  ];
}

/** `[T001, T002]` */
const bracket = (ids: readonly string[]): string => `[${ids.map(plain).join(', ')}]`;

function compact(context: Context): string[] {
  const { plan, limit } = context;
  const split = context.batches.flatMap((batches, index) => (batches.length > 1 ? [`  Wave ${index + 1}: ${batches.map(bracket).join(' ')}`] : []));
  return [
    plan.waves.length === 0 ? 'Nothing is left to do.' : plan.waves.map((wave, index) => `Wave ${index + 1}: ${bracket(wave)}`).join(' -> '),
    ...(split.length > 0 ? [`Batches of at most ${limit}:`, ...split] : []),
    totals(context), '',
  ];
}

export interface TextOptions {
  /** Size of a batch; 4 unless told. */
  readonly maxParallel?: number;
  /** `compact`: `Wave 1: [T001] -> Wave 2: [T002, T003]` on one line, batches where not all of a wave may run at once, totals. */
  readonly style?: 'detailed' | 'compact';
}

/** Waves with batches for `maxParallel` and totals; `detailed` (the default) adds what each task depends on and blocks, lanes, shared files and diagnostics. */
export function formatPlan(spec: Spec, plan: Plan, options: TextOptions = {}): string {
  const context = contextOf(spec, plan, Math.max(1, options.maxParallel ?? 4));
  return (options.style === 'compact' ? compact(context) : detailed(context)).join('\n');
}
