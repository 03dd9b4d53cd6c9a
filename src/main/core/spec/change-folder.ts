/** How an OpenSpec change stands to its neighbours: what it needs, what needs it, what it must not meet. Reads, never writes. */
import { readdir } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import type { Diagnostic, Spec } from '../../../shared/domain';
import { listAt } from '../../../shared/list-at';
import { cycleFrom } from './change-cycles';
import { parseChange, unclearLines, type ChangeRef, type ChangeRelations } from './change';
import { trackedBySchema } from './change-schema';
import { listFiles, readBounded, resolveInside, toSlashes } from './files';
import { parseFoundFile } from './parse';

const proposalLimit = 500_000;
const maxNeighbours = 300;
/** Changes of a circle that a message names. */
const circleLimit = 20;

/** Date and id of an archived change's folder: `2025-01-02-add-auth`. */
export function archivedName(folder: string): { readonly date: string; readonly id: string } | null {
  const found = /(?:^|\/)archive\/(\d{4}-\d{2}-\d{2})-([^/]+)$/.exec(toSlashes(folder));
  return found?.[1] && found[2] ? { date: found[1], id: found[2] } : null;
}

/** The folder of all changes that a change's folder stands in; null when it is no change of OpenSpec. */
function changesRoot(folder: string): string | null {
  const parent = dirname(folder);
  const root = basename(parent) === 'archive' ? dirname(parent) : parent;
  return basename(root) === 'changes' ? root : null;
}

/** Null when the file is not there, too large, or leads out of `root` by a link. */
async function textOf(root: string, name: string): Promise<string | null> {
  const path = await resolveInside(root, name);
  const read = path.ok ? await readBounded(path.value, proposalLimit) : path;
  return read.ok ? read.value.toString('utf8') : null;
}

async function foldersIn(path: string): Promise<string[]> {
  // No folder, no neighbours.
  const entries = await readdir(path, { withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name).sort();
}

interface Neighbours {
  readonly root: string;
  readonly active: readonly string[];
  readonly archived: ReadonlySet<string>;
}

async function neighboursOf(root: string): Promise<Neighbours> {
  const archived = await foldersIn(join(root, 'archive'));
  return {
    root, active: (await foldersIn(root)).filter((name) => name !== 'archive').slice(0, maxNeighbours),
    archived: new Set(archived.flatMap((name) => [name, name.replace(/^\d{4}-\d{2}-\d{2}-/, '')])),
  };
}

/** All tasks of all task files of a change are done; one without tasks is not complete. */
async function isComplete(root: string, id: string): Promise<boolean> {
  const folder = join(root, id);
  const isTracked = await trackedBySchema(folder) ?? ((path: string) => basename(path) === 'tasks.md');
  const files = await listFiles(folder, { depth: 4, limit: maxNeighbours, wanted: (name) => name.endsWith('.md') });
  let count = 0;
  for (const name of files.filter(isTracked)) {
    const text = await textOf(folder, name);
    if (text === null) return false;
    const { tasks } = parseFoundFile(text, { file: name, place: toSlashes(join(folder, name)) });
    if (!tasks.every((task) => task.done || task.state === 'skipped')) return false;
    count += tasks.length;
  }
  return count > 0;
}

const file = 'proposal.md';

interface Doubt {
  readonly diagnostic: Diagnostic;
  /** The change is there and not complete. */
  readonly isOpen: boolean;
}

async function unmet(id: string, ref: ChangeRef | null, neighbours: Neighbours): Promise<Doubt | null> {
  if (neighbours.archived.has(id)) return null;
  const place = { severity: 'warning', file, line: ref?.line ?? null } as const;
  if (!neighbours.active.includes(id)) return { isOpen: false, diagnostic: { ...place, code: 'unknown-change', message: `It depends on the change ${id}, which is not in this repository.`, hint: 'Correct the id in proposal.md.' } };
  if (await isComplete(neighbours.root, id)) return null;
  const why = ref ? `It depends on the change ${id}` : `The change ${id} says that it blocks this one, and it`;
  return { isOpen: true, diagnostic: { ...place, code: 'change-not-done', message: ref ? `${why}, which is not complete.` : `${why} is not complete.`, hint: `Run ${id} first.` } };
}

interface Related {
  readonly change: NonNullable<Spec['change']>;
  readonly diagnostics: readonly Diagnostic[];
}

interface Reverse {
  readonly needed: readonly string[];
  readonly conflicts: readonly string[];
  readonly waiting: readonly string[];
}

/** What the proposals of the other active changes say about this one. */
async function saidByOthers(id: string, { root, active }: Neighbours): Promise<Reverse> {
  const needed: string[] = [];
  const conflicts: string[] = [];
  const waiting: string[] = [];
  for (const name of active) {
    const text = name === id ? null : await textOf(root, join(name, file));
    if (text === null || !text.includes(id)) continue;
    const said = parseChange(text);
    if (said.blocks.some((ref) => ref.id === id)) needed.push(name);
    if (said.conflictsWith.some((ref) => ref.id === id)) conflicts.push(name);
    if (said.dependsOn.some((ref) => ref.id === id)) waiting.push(name);
  }
  return { needed, conflicts, waiting };
}

/** By change, the open changes that it waits for, by its own word or by theirs. */
async function openWaits({ root, active }: Neighbours): Promise<ReadonlyMap<string, readonly string[]>> {
  const waits = new Map<string, string[]>();
  const add = (id: string, on: string): void => { if (active.includes(id) && active.includes(on)) listAt(waits, id).push(on); };
  for (const name of active) {
    const text = await textOf(root, join(name, file));
    if (text === null) continue;
    const { dependsOn, blocks } = parseChange(text);
    for (const ref of dependsOn) add(name, ref.id);
    for (const ref of blocks) add(ref.id, name);
  }
  const complete = new Set<string>();
  for (const name of new Set([...waits.keys(), ...[...waits.values()].flat()])) if (await isComplete(root, name)) complete.add(name);
  return new Map([...waits].filter(([id]) => !complete.has(id)).map(([id, on]) => [id, on.filter((name) => !complete.has(name))]));
}

/** A circle that this change is part of stops its run; one further away is told, since what it waits for can never be complete. */
async function circle(id: string, own: ChangeRelations, neighbours: Neighbours): Promise<Diagnostic | null> {
  const cycle = cycleFrom(id, await openWaits(neighbours));
  if (cycle === null) return null;
  const isOwn = cycle[0] === id;
  const shown = cycle.length > circleLimit ? [...cycle.slice(0, circleLimit), `${cycle.length - circleLimit} more`] : cycle;
  return {
    severity: isOwn ? 'error' : 'warning', file, line: own.dependsOn.find((ref) => isOwn && ref.id === cycle[1])?.line ?? null, code: 'change-cycle',
    message: `${isOwn ? 'These changes wait' : 'Changes that it depends on wait'} for each other: ${shown.join(' -> ')}.`, hint: 'Remove one of the dependencies from their proposals.',
  };
}

/** Ids that name no change of this repository, open or archived. */
function unknownRefs(own: ChangeRelations, { active, archived }: Neighbours): Diagnostic[] {
  const told = [...own.blocks.map((ref) => ({ ...ref, says: 'It says that it blocks' })), ...own.conflictsWith.map((ref) => ({ ...ref, says: 'It says that it conflicts with' }))];
  return told.filter(({ id }) => !active.includes(id) && !archived.has(id)).map(({ id, line, says }) => ({
    severity: 'warning', file, line, code: 'unknown-change', message: `${says} the change ${id}, which is not in this repository.`, hint: 'Correct the id in proposal.md.',
  }));
}

async function doubts(id: string, own: ChangeRelations, others: Reverse, neighbours: Neighbours): Promise<{ readonly diagnostics: readonly Diagnostic[]; readonly unmet: readonly string[] }> {
  const found: Diagnostic[] = [...unclearLines(own, file), ...unknownRefs(own, neighbours)];
  const open: string[] = [];
  const add = (name: string, doubt: Doubt | null): void => {
    if (doubt) found.push(doubt.diagnostic);
    if (doubt?.isOpen) open.push(name);
  };
  for (const ref of own.dependsOn.filter((one) => one.id !== id)) {
    add(ref.id, await unmet(ref.id, ref, neighbours));
  }
  for (const other of others.needed.filter((name) => !own.dependsOn.some((ref) => ref.id === name))) {
    add(other, await unmet(other, null, neighbours));
  }
  const waits = own.dependsOn.length + others.needed.length > 0 ? await circle(id, own, neighbours) : null;
  if (waits) found.push(waits);
  const conflicts = [...own.conflictsWith, ...others.conflicts.map((id) => ({ id, line: null }))];
  for (const { id: other, line } of conflicts) {
    if (!neighbours.active.includes(other) || await isComplete(neighbours.root, other)) continue;
    found.push({ severity: 'warning', file, line, code: 'change-conflict', message: `It may conflict with the change ${other}, which is open too.`, hint: 'Do not run both at the same time.' });
  }
  return { diagnostics: found, unmet: open };
}

/**
 * Relations of the change in `folder` to its neighbours, in both directions, with a warning for each dependency that is neither archived nor
 * complete. Null when the folder is no OpenSpec change.
 */
export async function relatedChanges(folder: string): Promise<Related | null> {
  const path = resolve(folder);
  const root = changesRoot(path);
  if (root === null) return null;
  const archived = archivedName(path);
  const id = archived?.id ?? basename(path);
  const own = parseChange(await textOf(path, file) ?? '');
  const neighbours = await neighboursOf(root);
  const others = archived ? { needed: [], conflicts: [], waiting: [] } : await saidByOthers(id, neighbours);
  const merged = (refs: readonly ChangeRef[], more: readonly string[]): string[] => [...new Set([...refs.map((ref) => ref.id), ...more])].filter((name) => name !== id);
  const note: Diagnostic[] = archived ? [{ severity: 'warning', file: null, line: null, code: 'archived', message: `This change was archived on ${archived.date}.`, hint: 'Run it only if it was archived by mistake.' }] : [];
  const told = archived ? { diagnostics: note, unmet: [] } : await doubts(id, own, others, neighbours);
  return {
    change: {
      dependsOn: merged(own.dependsOn, others.needed), blocks: merged(own.blocks, []), conflictsWith: merged(own.conflictsWith, others.conflicts),
      unmet: told.unmet, waiting: merged(own.blocks, others.waiting).filter((name) => neighbours.active.includes(name)), archived: archived?.date ?? null,
    },
    diagnostics: told.diagnostics,
  };
}
