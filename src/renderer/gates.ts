/** Boxes that a person ticks, beside the tasks: counted apart, never run, and with a place of their own in every grouping. */
import { isChecklist } from '../shared/checklists';
import type { Gate, Spec } from '../shared/domain';
import { listAt } from '../shared/list-at';
import type { TaskGroup } from './tasks';

/** A heading of the checklist with its tasks, and the gates that stand below it in the file. */
export interface GatedGroup extends TaskGroup {
  readonly gates: readonly Gate[];
}

const none: readonly Gate[] = [];

/** `Checklist: requirements`. */
const titleOf = (file: string): string => `Checklist: ${file.slice('checklists/'.length).replace(/\.\w+$/, '')}`;

/** For each group, the gates whose nearest task above them (or else the first below) belongs to it. */
function gatesOfGroups(gates: readonly Gate[], groups: readonly TaskGroup[]): ReadonlyMap<string, readonly Gate[]> {
  const found = new Map<string, Gate[]>();
  if (gates.length === 0) return found;
  const files = new Map<string, { readonly line: number; readonly key: string }[]>();
  for (const { key, rows } of groups) for (const { file, line } of rows) listAt(files, file).push({ line, key });
  for (const rows of files.values()) rows.sort((a, b) => a.line - b.line);
  const last = groups.at(-1)?.key ?? '';
  for (const gate of gates) {
    const rows = files.get(gate.file) ?? [];
    listAt(found, (rows[above(rows, gate.line)] ?? rows[0])?.key ?? last).push(gate);
  }
  return found;
}

/** Position of the last row at or above a line; -1 when all are below it. */
function above(rows: readonly { readonly line: number }[], line: number): number {
  let low = 0;
  for (let high = rows.length; low < high;) {
    const middle = (low + high) >> 1;
    if ((rows[middle]?.line ?? 0) <= line) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** The groups with their gates; each file under `checklists/` is a group of its own behind them. */
export function withGates(spec: Spec | null, groups: readonly TaskGroup[]): readonly GatedGroup[] {
  if (spec === null || spec.gates.length === 0) return groups.map((group) => ({ ...group, gates: none }));
  const byGroup = gatesOfGroups(spec.gates.filter((gate) => !isChecklist(gate.file)), groups);
  const lists = [...new Set(spec.gates.map((gate) => gate.file).filter(isChecklist))];
  return [
    ...groups.map((group) => ({ ...group, gates: byGroup.get(group.key) ?? none })),
    ...lists.map((file): GatedGroup => ({ key: `${spec.name}:${file}`, title: titleOf(file), rows: [], done: 0, gates: spec.gates.filter((gate) => gate.file === file) })),
  ];
}

/** `3 of 5 gates open`; null where the spec has none. */
export function gateWords(gates: readonly Gate[]): string | null {
  if (gates.length === 0) return null;
  const open = gates.filter((gate) => !gate.done).length;
  return `${open} of ${gates.length} ${gates.length === 1 ? 'gate' : 'gates'} open`;
}
