/** Spoken and written forms of times and numbers, the same everywhere in the window. */

/** Elapsed seconds as `4:12` or `1:02:09`. */
export function clock(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const two = (value: number): string => String(value).padStart(2, '0');
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor(whole / 60) % 60;
  return hours > 0 ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}

/** Seconds between two ISO times; `to` null means until `now` (milliseconds). 0 when a time is missing or unreadable. */
export function secondsBetween(from: string | null, to: string | null, now: number): number {
  const start = from === null ? Number.NaN : Date.parse(from);
  const end = to === null ? now : Date.parse(to);
  return Number.isFinite(start) && Number.isFinite(end) ? Math.max(0, (end - start) / 1000) : 0;
}

const day = 86_400_000;

/** An ISO time as people say it: `14:04` today, `Thu` within a week, `9 Nov` before that. */
export function when(iso: string, now: number): string {
  const time = Date.parse(iso);
  if (!Number.isFinite(time)) return '';
  const date = new Date(time);
  if (date.toDateString() === new Date(now).toDateString()) {
    return date.toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' });
  }
  return now - time < 6 * day
    ? date.toLocaleDateString('en-GB', { weekday: 'short' })
    : date.toLocaleDateString('en-GB', { day: 'numeric', month: 'short' });
}

/** `1 task`, `3 tasks`. */
export const counted = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`;

/** Names as a list in a sentence: `T001, T002 and T003`. */
export const sentenceList = (names: readonly string[]): string =>
  names.length < 2 ? (names[0] ?? '') : `${names.slice(0, -1).join(', ')} and ${names[names.length - 1] ?? ''}`;

/** The first nine digits of a commit id. */
export const shortCommit = (commit: string): string => commit.slice(0, 9);

/** Last part of a path, for either kind of slash. */
export const baseName = (path: string): string => path.split(/[\\/]/).filter(Boolean).pop() ?? path;
