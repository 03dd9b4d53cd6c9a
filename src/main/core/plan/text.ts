/** The plan for a terminal. Plain text: control characters of the spec are removed, so a task cannot drive the terminal. */
import type { Diagnostic, Edge, Plan, Spec, Task } from '../../../shared/domain';

const titleLimit = 90;

/** Text of the spec made safe for a terminal: one line, no control, direction or invisible characters. */
export const plain = (text: string): string => text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, ' ').trim();

function short(text: string): string {
  const line = plain(text);
  return [...line].length > titleLimit ? `${[...line].slice(0, titleLimit - 1).join('')}…` : line;
}

const plural = (count: number, word: string): string => `${count} ${word}${count === 1 ? '' : 's'}`;

function waitsFor(edges: readonly Edge[], open: ReadonlySet<string>): string {
  const told = edges.filter((edge) => open.has(edge.dependsOn));
  if (told.length === 0) return '';
  const shown = told.slice(0, 4).map((edge) => `${plain(edge.dependsOn)} (${edge.reason}${edge.line === null ? '' : `, line ${edge.line}`})`);
  return `after ${shown.join(', ')}${told.length > 4 ? ` and ${told.length - 4} more` : ''}`;
}

function waveLines(wave: readonly string[], number: number, context: { tasks: ReadonlyMap<string, Task>; edges: ReadonlyMap<string, readonly Edge[]>; open: ReadonlySet<string>; limit: number }): string[] {
  const lines = [`Wave ${number}: ${plural(wave.length, 'task')}`];
  const batches = Math.ceil(wave.length / context.limit);
  wave.forEach((id, index) => {
    if (batches > 1 && index % context.limit === 0) lines.push(`  Batch ${index / context.limit + 1} of ${batches}`);
    const task = context.tasks.get(id);
    const marks = [task?.parallel === true ? '[P]' : '', task?.story ? `[${plain(task.story)}]` : ''].filter((mark) => mark !== '').join(' ');
    lines.push(`  ${plain(id)}${marks === '' ? '' : ` ${marks}`}  ${short(task?.title ?? '')}`);
    const waits = waitsFor(context.edges.get(id) ?? [], context.open);
    if (waits !== '') lines.push(`      ${waits}`);
  });
  return lines;
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

/** Waves with batches for `maxParallel`, each task with what it waits for, then lanes, totals, shared files and diagnostics. */
export function formatPlan(spec: Spec, plan: Plan, options: { readonly maxParallel?: number } = {}): string {
  const edges = new Map<string, Edge[]>();
  for (const edge of plan.edges) {
    const list = edges.get(edge.task);
    if (list) list.push(edge);
    else edges.set(edge.task, [edge]);
  }
  const units = spec.tasks.filter((task) => task.parent === null);
  const open = new Set(plan.waves.flat());
  const context = { tasks: new Map(spec.tasks.map((task) => [task.id, task])), edges, open, limit: Math.max(1, options.maxParallel ?? 4) };
  const batches = plan.waves.reduce((sum, wave) => sum + Math.ceil(wave.length / context.limit), 0);
  const done = units.filter((task) => task.done).length;
  const gates = spec.gates.filter((gate) => !gate.done).length;
  return [
    `${short(spec.title)} (${spec.dialect}, ${spec.taskFiles.map(plain).join(', ')})`,
    `${plural(units.length, 'task')}: ${done} done, ${open.size} open; ${plural(plan.waves.length, 'wave')}, ${plural(batches, 'batch').replace('batchs', 'batches')} at ${context.limit} in parallel.`,
    ...plan.waves.flatMap((wave, index) => ['', ...waveLines(wave, index + 1, context)]),
    ...block('Lanes', plan.lanes.map((lane) => `  ${lane.name}: ${lane.tasks.map(plain).join(' ')}`), 16),
    ...(plan.criticalPath.length > 0 ? ['', `Critical path: ${plan.criticalPath.map(plain).join(' -> ')}`] : []),
    ...block('Never at the same time', plan.conflicts.filter(({ a, b }) => open.has(a) && open.has(b)).map(({ a, b, path }) => `  ${plain(a)} and ${plain(b)}: both name ${short(path)}`), 12),
    ...block('Notes', [...spec.diagnostics, ...plan.diagnostics].map(diagnosticLine), 20),
    ...(gates > 0 ? ['', `${plural(gates, 'box').replace('boxs', 'boxes')} for a person to tick (checklists, checkpoints).`] : []),
    '', `Recommended mode: ${plan.mode.recommended}. ${plain(plan.mode.reason)}`, '',
  ].join('\n');
}
