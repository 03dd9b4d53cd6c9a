/** The names that a run leaves in a repository and on the disk, as contracts.md fixes them. */
import { basename, dirname, join } from 'node:path';

/** Letters, digits and `-`; at most 40; never empty. */
export function slug(text: string): string {
  const plain = text.normalize('NFKD').replace(/[\u0300-\u036f]/g, '').toLowerCase();
  return plain.replace(/[^a-z0-9]+/g, '-').replace(/^-+|-+$/g, '').slice(0, 40).replace(/-+$/, '') || 'spec';
}

/** `braid/<spec>/<run>/integration`. */
export const integrationBranch = (spec: string, run: string): string => `braid/${slug(spec)}/${run}/integration`;

/** `braid/<spec>/<run>/lane/<lane>`. */
export const laneBranch = (spec: string, run: string, lane: string): string => `braid/${slug(spec)}/${run}/lane/${slug(lane)}`;

/** The place in which merged trees are checked: folder, log and terminal. No lane can be called so, as no slug has an underscore. */
export const mergedPlace = '_merged';

/** `<repo>.worktrees/<spec>-<run>` beside the repository, or inside `folder` when a setting names one. */
export function worktreesFolder(repoRoot: string, place: { spec: string; run: string; folder: string | null }): string {
  const parent = place.folder ?? join(dirname(repoRoot), `${basename(repoRoot)}.worktrees`);
  return join(parent, `${slug(place.spec)}-${place.run}`);
}

/** `before-merge-<spec>-<timestamp>`, local time without punctuation. */
export function backupTag(spec: string, at: Date): string {
  const pad = (value: number): string => String(value).padStart(2, '0');
  return `before-merge-${slug(spec)}-${at.getFullYear()}${pad(at.getMonth() + 1)}${pad(at.getDate())}-${pad(at.getHours())}${pad(at.getMinutes())}${pad(at.getSeconds())}`;
}

/** First of a block of ten ports for a lane: 20000 and up, by run and lane, so that lanes rarely meet. */
export function portBase(run: string, laneIndex: number): number {
  let hash = 0;
  for (const char of run) hash = (hash * 31 + char.charCodeAt(0)) % 300;
  return 20_000 + hash * 100 + (laneIndex % 10) * 10;
}

/** Path of a spec's file inside the repository, with forward slashes. */
export const inRepository = (specPath: string, file: string): string => (specPath === '' ? file : `${specPath}/${file}`);

/** Absolute path of a file inside a spec that a worktree holds. */
export const inWorktree = (worktree: string, specPath: string): string => join(worktree, ...specPath.split('/'));

/** What is said of a lane whose folder was made again; `aside`: where what stood there was moved to, null where nothing did. */
export function restoredWords(lane: { readonly name: string; readonly branch: string }, aside: string | null): string {
  if (aside === null) return `The folder of lane ${lane.name} was gone and was made again from ${lane.branch}: what was not committed in it is lost.`;
  return `The folder of lane ${lane.name} was no worktree of the repository any more: it was moved to ${aside} as it stood, and made again from ${lane.branch}.`;
}
