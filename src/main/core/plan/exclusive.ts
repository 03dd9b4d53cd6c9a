/** Rule 6 of formats.md section 5, last sentence. */
import type { Task } from '../../../shared/domain';

/** A task that names no path and carries no [P] may touch anything, so it shares no time with any other task. */
export const isExclusive = (task: Task): boolean => task.files.length === 0 && !task.parallel;
