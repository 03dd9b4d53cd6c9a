/** The plan for a terminal. Plain text: control characters of the spec are removed, so a task cannot drive the terminal. */
import type { Diagnostic, Edge, Plan, Spec, Task } from '../../../shared/domain';
import { type ChecklistState, checklistsOf } from '../../../shared/checklists';
import { listAt } from '../../../shared/list-at';
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
  return { spec, plan, tasks: new Map(spec.tasks.map((task) => [task.id, task])), waits, blocks, open, limit };
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

function waveLines(wave: readonly string[], number: number, context: Context): string[] {
  const lines = [`Wave ${number}: ${plural(wave.length, 'task')}`];
  const batches = Math.ceil(wave.length / context.limit);
  wave.forEach((id, index) => {
    if (batches > 1 && index % context.limit === 0) lines.push(`  Batch ${index / context.limit + 1} of ${batches}`);
    const task = context.tasks.get(id);
    const marks = [task?.parallel === true ? '[P]' : '', task?.story ? `[${plain(task.story)}]` : ''].filter((mark) => mark !== '').join(' ');
    lines.push(`  ${plain(id)}${marks === '' ? '' : ` ${marks}`}  ${short(task?.title ?? '')}`, ...edgeLines(id, context));
  });
  return lines;
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

function totals({ spec, plan, open, limit }: Context): string {
  const units = spec.tasks.filter((task) => task.parent === null);
  const done = units.filter((task) => task.done).length;
  const batches = plan.waves.reduce((sum, wave) => sum + Math.ceil(wave.length / limit), 0);
  const all = units.filter(isOpen).length;
  const others = (['blocked', 'skipped'] as const).map((state) => ({ state, count: units.filter((task) => !task.done && task.state === state).length }));
  const rest = others.filter(({ count }) => count > 0).map(({ state, count }) => `, ${count} ${state}`).join('');
  return `${plural(units.length, 'task')}: ${done} done, ${open.size < all ? `${open.size} of ${all} open asked for` : `${open.size} open`}${rest}; ${plural(plan.waves.length, 'wave')}, ${plural(batches, 'batch', 'batches')} at ${limit} in parallel.`;
}

function detailed(context: Context): string[] {
  const { spec, plan, open } = context;
  const gates = spec.gates.filter((gate) => !gate.done).length;
  const clashes = plan.conflicts.filter(({ a, b }) => open.has(a) && open.has(b)).map(({ a, b, path }) => `  ${plain(a)} and ${plain(b)}: both name ${short(path)}`);
  return [
    `${short(spec.title)} (${spec.dialect}, ${spec.taskFiles.map(plain).join(', ')})`,
    totals(context),
    ...plan.waves.flatMap((wave, index) => ['', ...waveLines(wave, index + 1, context)]),
    ...block('Lanes', plan.lanes.map((lane) => `  ${lane.name}: ${lane.tasks.map(plain).join(' ')}`), 16),
    ...(plan.criticalPath.length > 0 ? ['', `Critical path: ${plan.criticalPath.map(plain).join(' -> ')}`] : []),
    ...block('Never at the same time', clashes, 12),
    ...block('Notes', [...spec.diagnostics, ...plan.diagnostics].map(diagnosticLine), 20),
    ...block('Checklists', checklistLines(checklistsOf(spec.gates)), 40),
    ...(gates > 0 ? ['', `${plural(gates, 'box', 'boxes')} for a person to tick (checklists, checkpoints).`] : []),
    '', `Recommended mode: ${plan.mode.recommended}. ${plain(plan.mode.reason)}`, '',
  ];
}

/** `[T001, T002] [T003]`: one bracket for each batch. */
function brackets(wave: readonly string[], limit: number): string {
  const batches = Array.from({ length: Math.ceil(wave.length / limit) }, (_, batch) => wave.slice(batch * limit, (batch + 1) * limit));
  return batches.map((ids) => `[${ids.map(plain).join(', ')}]`).join(' ');
}

function compact(context: Context): string[] {
  const { plan, limit } = context;
  const split = plan.waves.flatMap((wave, index) => (wave.length > limit ? [`  Wave ${index + 1}: ${brackets(wave, limit)}`] : []));
  return [
    plan.waves.length === 0 ? 'Nothing is left to do.' : plan.waves.map((wave, index) => `Wave ${index + 1}: ${brackets(wave, wave.length)}`).join(' -> '),
    ...(split.length > 0 ? [`Batches of ${limit}:`, ...split] : []),
    totals(context), '',
  ];
}

export interface TextOptions {
  /** Size of a batch; 4 unless told. */
  readonly maxParallel?: number;
  /** `compact`: `Wave 1: [T001] -> Wave 2: [T002, T003]` on one line, batches where a wave exceeds the limit, totals. */
  readonly style?: 'detailed' | 'compact';
}

/** Waves with batches for `maxParallel` and totals; `detailed` (the default) adds what each task depends on and blocks, lanes, shared files and diagnostics. */
export function formatPlan(spec: Spec, plan: Plan, options: TextOptions = {}): string {
  const context = contextOf(spec, plan, Math.max(1, options.maxParallel ?? 4));
  return (options.style === 'compact' ? compact(context) : detailed(context)).join('\n');
}
