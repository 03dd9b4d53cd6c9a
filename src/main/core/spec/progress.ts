/** Tasks without boxes that are done all the same, as the repository's data says. */
import type { Diagnostic, Task } from '../../../shared/domain';

/** A task on record; `textHash` as it was when it landed. */
export interface Recorded {
  readonly file: string;
  readonly id: string;
  readonly textHash: string;
}

/**
 * Marks tasks without boxes as done where they are on record with the same text. One whose text has changed since is another task and stays
 * open, which is said. What the file itself can show is never overruled. Pure.
 */
export function withRecorded<T extends { readonly tasks: readonly Task[]; readonly diagnostics: readonly Diagnostic[] }>(spec: T, recorded: readonly Recorded[]): T {
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
  return { ...spec, tasks, diagnostics: [...spec.diagnostics, ...diagnostics] };
}
