/** Tasks without boxes that are done all the same, as the repository's data says. */
import type { Diagnostic, Gate, Task } from '../../../shared/domain';

/** A task on record; `textHash` as it was when it landed. */
export interface Recorded {
  readonly file: string;
  readonly id: string;
  readonly textHash: string;
}

interface Read {
  readonly tasks: readonly Task[];
  readonly gates: readonly Gate[];
  readonly diagnostics: readonly Diagnostic[];
}

const keyOf = ({ file, person }: { readonly file: string; readonly person?: string }): string => `${file}\n${person ?? ''}`;

/** A marker that wants a person is passed once the first task below it is done, also where only the record knows that. */
function passMarkers<T extends Read>(before: readonly Task[], spec: T): T {
  const met = new Set<string>();
  const passed = new Set<string>();
  before.forEach((task, index) => {
    const key = keyOf(task);
    if (task.person === undefined || met.has(key)) return;
    met.add(key);
    if (spec.tasks[index]?.done === true) passed.add(key);
  });
  if (passed.size === 0) return spec;
  const lines = new Set([...passed].map((key) => key.replace(/\n.*, line (\d+)$/s, ':$1')));
  const isPassed = ({ file, line }: { readonly file: string | null; readonly line: number | null }): boolean => lines.has(`${file ?? ''}:${line ?? 0}`);
  return {
    ...spec,
    tasks: spec.tasks.map(({ person, ...task }): Task => (person === undefined || passed.has(keyOf({ file: task.file, person })) ? task : { ...task, person })),
    gates: spec.gates.map((gate) => (isPassed(gate) ? { ...gate, done: true } : gate)),
    diagnostics: spec.diagnostics.filter((one) => one.code !== 'human-needed' || !isPassed(one)),
  };
}

/**
 * Marks tasks without boxes as done where they are on record with the same text. One whose text has changed since is another task and stays
 * open, which is said. What the file itself can show is never overruled. Pure.
 */
export function withRecorded<T extends Read>(spec: T, recorded: readonly Recorded[]): T {
  if (recorded.length === 0) return spec;
  const hashes = new Map<string, Set<string>>();
  for (const { file, id, textHash } of recorded) hashes.set(`${file} ${id}`, (hashes.get(`${file} ${id}`) ?? new Set()).add(textHash));
  const diagnostics: Diagnostic[] = [];
  const tasks = spec.tasks.map((task): Task => {
    const known = task.boxless && !task.done && task.state !== 'skipped' ? hashes.get(`${task.file} ${task.id}`) : undefined;
    if (known?.has(task.textHash)) return { ...task, state: 'done', done: true };
    if (known) diagnostics.push({ severity: 'info', file: task.file, line: task.line, code: 'changed-since-done', message: `${task.id} was done and landed, but its text has changed since, so it counts as open.`, hint: null });
    return task;
  });
  return passMarkers(spec.tasks, { ...spec, tasks, diagnostics: [...spec.diagnostics, ...diagnostics] });
}
