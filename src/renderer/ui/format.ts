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

/** An ISO time in full: `5 Nov, 14:04`, with the year where it is another one than that of `now` (milliseconds). */
export function exactly(iso: string, now: number): string {
  const time = Date.parse(iso);
  if (!Number.isFinite(time)) return '';
  const year = new Date(time).getFullYear() === new Date(now).getFullYear() ? {} : { year: 'numeric' as const };
  return new Date(time).toLocaleString('en-GB', { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit', ...year });
}

/** How long ago an ISO time was: `just now`, `27 minutes ago`, `3 hours ago`, `2 days ago`. */
export function ago(iso: string, now: number): string {
  const minutes = Math.floor((now - Date.parse(iso)) / 60_000);
  if (!Number.isFinite(minutes)) return '';
  if (minutes < 1) return 'just now';
  if (minutes < 60) return `${counted(minutes, 'minute')} ago`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${counted(hours, 'hour')} ago` : `${counted(Math.floor(hours / 24), 'day')} ago`;
}

/** Bytes as `312 KB`, `12.3 MB` or `1.2 GB`; decimal, as file managers say it. */
export function bytes(count: number): string {
  if (count < 1_000_000) return `${Math.ceil(count / 1000)} KB`;
  return count < 1_000_000_000 ? `${(count / 1_000_000).toFixed(1)} MB` : `${(count / 1_000_000_000).toFixed(1)} GB`;
}

/** Some ids by name and the rest by number: `T001, T002 and 6 more`. */
export const someOf = (ids: readonly string[], most = 3): string => (ids.length > most + 1 ? `${ids.slice(0, most).join(', ')} and ${ids.length - most} more` : sentenceList(ids));

/** `1 task`, `3 tasks`. */
export const counted = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`;

/** Names as a list in a sentence: `T001, T002 and T003`. */
export const sentenceList = (names: readonly string[]): string =>
  names.length < 2 ? (names[0] ?? '') : `${names.slice(0, -1).join(', ')} and ${names[names.length - 1] ?? ''}`;

/** The first nine digits of a commit id. */
export const shortCommit = (commit: string): string => commit.slice(0, 9);

/** Last part of a path, for either kind of slash. */
export const baseName = (path: string): string => path.split(/[\\/]/).filter(Boolean).pop() ?? path;
