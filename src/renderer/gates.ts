/** Boxes that a person ticks, beside the tasks: counted apart, never run, and with a place of their own in every grouping. */
import { isChecklist } from '../shared/checklists';
import { countStates } from '../shared/counts';
import type { Gate, Spec } from '../shared/domain';
import { listAt } from '../shared/list-at';
import type { TaskGroup } from './tasks';

/** A heading of the checklist with its tasks, and the gates that belong to it: each stands behind `after` of its tasks, in order. */
export interface GatedGroup extends TaskGroup {
  readonly gates: readonly PlacedGate[];
}

export interface PlacedGate {
  readonly gate: Gate;
  /** How many rows of the group stand above it in its file. */
  readonly after: number;
}

const none: readonly PlacedGate[] = [];

/** `Checklist: requirements`. */
const titleOf = (file: string): string => `Checklist: ${file.slice('checklists/'.length).replace(/\.\w+$/, '')}`;

/** Where a task stands: the group, and its place there. */
interface Spot {
  readonly line: number;
  readonly group: number;
  readonly row: number;
}

/** The tasks of each file by line. */
function spotsOf(groups: readonly TaskGroup[]): ReadonlyMap<string, readonly Spot[]> {
  const files = new Map<string, Spot[]>();
  groups.forEach(({ rows }, group) => rows.forEach(({ file, line }, row) => listAt(files, file).push({ line, group, row })));
  for (const spots of files.values()) spots.sort((a, b) => a.line - b.line);
  return files;
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

/** A group of gates alone. */
const groupOf = (key: string, title: string, gates: readonly Gate[]): GatedGroup => ({ key, title, rows: [], counts: countStates([]), gates: gates.map((gate) => ({ gate, after: 0 })) });

/**
 * The groups with their gates. A gate stands behind the nearest task above it; gates below a heading of their own are a group of their own,
 * behind the group of the nearest task above that. Each file under `checklists/` is a group behind all others.
 */
export function withGates(spec: Spec | null, groups: readonly TaskGroup[]): readonly GatedGroup[] {
  if (spec === null || spec.gates.length === 0) return groups.map((group) => ({ ...group, gates: none }));
  const files = spotsOf(groups);
  const inGroups = new Map<number, PlacedGate[]>();
  /** By the group that they stand behind, -1 for the beginning, then by file and title. */
  const own = new Map<number, Map<string, { readonly title: string; readonly gates: Gate[] }>>();
  for (const gate of spec.gates) {
    if (isChecklist(gate.file)) continue;
    const spots = files.get(gate.file) ?? [];
    const spot = spots[above(spots, gate.line)];
    const last = groups.length - 1;
    if (gate.heading === undefined) {
      const first = spots[0];
      listAt(inGroups, spot?.group ?? first?.group ?? last).push({ gate, after: spot === undefined ? (first === undefined ? groups[last]?.rows.length ?? 0 : 0) : spot.row + 1 });
      continue;
    }
    const behind = spot?.group ?? (spots[0] === undefined ? last : spots[0].group - 1);
    const there = own.get(behind) ?? new Map<string, { readonly title: string; readonly gates: Gate[] }>();
    own.set(behind, there);
    const key = `${spec.name}:gates ${gate.file}:${gate.heading}`;
    const list = there.get(key) ?? { title: gate.heading, gates: [] };
    there.set(key, list);
    list.gates.push(gate);
  }
  const ownBehind = (index: number): readonly GatedGroup[] => [...own.get(index) ?? []].map(([key, { title, gates }]) => groupOf(key, title, gates));
  const lists = [...new Set(spec.gates.map((gate) => gate.file).filter(isChecklist))];
  return [
    ...ownBehind(-1),
    ...groups.flatMap((group, index): readonly GatedGroup[] => [{ ...group, gates: inGroups.get(index) ?? none }, ...ownBehind(index)]),
    ...lists.map((file) => groupOf(`${spec.name}:${file}`, titleOf(file), spec.gates.filter((gate) => gate.file === file))),
  ];
}

/** `3 of 5 gates open`; null where the spec has none. */
export function gateWords(gates: readonly Gate[]): string | null {
  if (gates.length === 0) return null;
  const open = gates.filter((gate) => !gate.done).length;
  return `${open} of ${gates.length} ${gates.length === 1 ? 'gate' : 'gates'} open`;
}
