/** How an OpenSpec change stands to its neighbours: what it needs, what needs it, what it must not meet. Reads, never writes. */
import { readdir } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import type { Diagnostic, Spec } from '../../../shared/domain';
import { parseChange, unclearLines, type ChangeRef, type ChangeRelations } from './change';
import { readBounded, resolveInside, toSlashes } from './files';
import { parseFoundFile } from './parse';

const proposalLimit = 500_000;
const maxNeighbours = 300;

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

async function isComplete({ root }: Neighbours, id: string): Promise<boolean> {
  const text = await textOf(root, join(id, 'tasks.md'));
  if (text === null) return false;
  const { tasks } = parseFoundFile(text, { file: 'tasks.md', place: toSlashes(join(root, id, 'tasks.md')) });
  return tasks.length > 0 && tasks.every((task) => task.done || task.state === 'skipped');
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
  if (await isComplete(neighbours, id)) return null;
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

async function doubts(own: ChangeRelations, others: Reverse, neighbours: Neighbours): Promise<{ readonly diagnostics: readonly Diagnostic[]; readonly unmet: readonly string[] }> {
  const found: Diagnostic[] = unclearLines(own, file);
  const open: string[] = [];
  const add = (id: string, doubt: Doubt | null): void => {
    if (doubt) found.push(doubt.diagnostic);
    if (doubt?.isOpen) open.push(id);
  };
  for (const ref of own.dependsOn) {
    add(ref.id, await unmet(ref.id, ref, neighbours));
  }
  for (const id of others.needed.filter((name) => !own.dependsOn.some((ref) => ref.id === name))) {
    add(id, await unmet(id, null, neighbours));
  }
  const conflicts = [...own.conflictsWith, ...others.conflicts.map((id) => ({ id, line: null }))];
  for (const { id, line } of conflicts) {
    if (!neighbours.active.includes(id) || await isComplete(neighbours, id)) continue;
    found.push({ severity: 'warning', file, line, code: 'change-conflict', message: `It may conflict with the change ${id}, which is open too.`, hint: 'Do not run both at the same time.' });
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
  const told = archived ? { diagnostics: note, unmet: [] } : await doubts(own, others, neighbours);
  return {
    change: {
      dependsOn: merged(own.dependsOn, others.needed), blocks: merged(own.blocks, []), conflictsWith: merged(own.conflictsWith, others.conflicts),
      unmet: told.unmet, waiting: merged(own.blocks, others.waiting).filter((name) => neighbours.active.includes(name)), archived: archived?.date ?? null,
    },
    diagnostics: told.diagnostics,
  };
}
