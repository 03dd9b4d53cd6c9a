/** The files under `checklists/` of a spec: a person ticks them, and they are read-only for everything that Braid does. */
import type { Gate } from './domain';

/** How far one file under `checklists/` is. */
export interface ChecklistState {
  /** Relative to the spec folder. */
  readonly file: string;
  readonly done: number;
  readonly total: number;
  /** The unchecked items in file order. */
  readonly open: readonly Gate[];
}

/** Whether a path relative to the spec folder is a checklist. */
export const isChecklist = (file: string): boolean => file.startsWith('checklists/');

/** Every checklist with items among the gates of a spec, in order of their files. */
export function checklistsOf(gates: readonly Gate[]): readonly ChecklistState[] {
  const files = [...new Set(gates.map((gate) => gate.file).filter(isChecklist))];
  return files.map((file) => {
    const own = gates.filter((gate) => gate.file === file);
    const open = own.filter((gate) => !gate.done);
    return { file, done: own.length - open.length, total: own.length, open };
  });
}
