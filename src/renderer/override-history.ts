/** What a person said about edges in this window, to be taken back and said again. Pure. */
import type { EdgeOverride } from '../shared/domain';

export type Word = EdgeOverride['kind'] | null;

/** One word of a person on a pair: what held before and what holds since; null for nothing. */
export interface Said {
  /** Folder of the spec: a step belongs to the spec that it was made in. */
  readonly spec: string;
  readonly task: string;
  readonly dependsOn: string;
  readonly before: Word;
  readonly after: Word;
}

export interface History {
  readonly past: readonly Said[];
  readonly future: readonly Said[];
}

export const noHistory: History = { past: [], future: [] };

/** Steps that are kept. */
const most = 200;

/** After something was said: what was taken back before cannot be said again. */
export const say = ({ past }: History, said: Said): History => ({ past: [...past, said].slice(-most), future: [] });

/** The last step of a spec, and the history once it is taken back; null when there is none. */
export function undone({ past, future }: History, spec: string): { readonly said: Said; readonly history: History } | null {
  const at = past.findLastIndex((one) => one.spec === spec);
  const said = past[at];
  return said === undefined ? null : { said, history: { past: past.toSpliced(at, 1), future: [...future, said] } };
}

/** The step of a spec that was taken back last, and the history once it is said again; null when there is none. */
export function redone({ past, future }: History, spec: string): { readonly said: Said; readonly history: History } | null {
  const at = future.findLastIndex((one) => one.spec === spec);
  const said = future[at];
  return said === undefined ? null : { said, history: { past: [...past, said], future: future.toSpliced(at, 1) } };
}

/** What holds now, in words: `T010 waits for T006 now`. */
export function wordsOf({ task, dependsOn }: Pick<Said, 'task' | 'dependsOn'>, from: Word, to: Word): string {
  if (to === 'add') return `${task} waits for ${dependsOn} now`;
  if (to === 'remove') return `${task} no longer waits for ${dependsOn}`;
  return from === 'add' ? `Your dependency of ${task} on ${dependsOn} is gone` : `${task} waits for ${dependsOn} again, as the spec says`;
}
