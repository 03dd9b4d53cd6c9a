/**
 * When a rate limit ends, as agents tell it. Forms seen (agents.md, captured streams, reports of users): "try again at 4:03 AM", "resets 2pm (Asia/Shanghai)",
 * "limit reached|1762952400", "resetsAt":1778565600, "retry-after: 30", "Retrying in 60s", "try again in 2h 30m", ISO 8601 and HTTP dates. Pure.
 */

const minute = 60_000;
const day = 24 * 60 * minute;
/** Weekly limits are the longest ones; anything later is a misreading. */
const furthest = 8 * day;

const units: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: minute, h: 60 * minute, d: day };

/** "2h 30m", "34.07s", "5 days 3 hours", "1500ms" in milliseconds; null when it is no duration. */
function duration(text: string): number | null {
  let total = 0;
  let any = false;
  for (const [, number = '', word = ''] of text.matchAll(/(\d+(?:\.\d+)?)\s*([a-z]+)/gi)) {
    const unit = /^(?:ms|millis)/i.test(word) ? 'ms' : word.slice(0, 1).toLowerCase();
    if (units[unit] === undefined) break;
    total += Number(number) * units[unit];
    any = true;
  }
  return any ? total : null;
}

const amount = String.raw`\d+(?:\.\d+)?\s*(?:ms|milliseconds?|s|secs?|seconds?|m|mins?|minutes?|h|hrs?|hours?|d|days?)(?![a-z])`;
const relative = new RegExp(String.raw`(?:\b(?:in|after|within|for)|retry[ _-]?delay"?\s*[:=]\s*"?)\s*(${amount}(?:[\s,]*(?:and\s+)?${amount})*)`, 'i');
const retryAfter = /retry[-_ ]?after"?\s*[:=]?\s*"?(\d+)\b(?!\s*(?:ms|m|h|d))/i;

function relativeTime(text: string, now: number): number | null {
  const told = relative.exec(text)?.[1];
  const time = told === undefined ? null : duration(told);
  if (time !== null) return now + time;
  const seconds = retryAfter.exec(text)?.[1];
  return seconds === undefined ? null : now + Number(seconds) * 1000;
}

const iso = /\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?\s?(?:Z|UTC|[+-]\d\d:?\d\d)/;
const httpDate = /\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT/;
const epoch = /(?:\||resets?[_ ]?at"?\s*[:=]?\s*"?)(\d{10})(\d{3})?\b/i;

function absoluteTime(text: string): number | null {
  const written = (iso.exec(text) ?? httpDate.exec(text))?.[0].replace(' UTC', 'Z').replace(/ (?=[+-]\d\d:?\d\d$)/, '');
  if (written !== undefined && !Number.isNaN(Date.parse(written))) return Date.parse(written);
  const seconds = epoch.exec(text)?.[1];
  return seconds === undefined ? null : Number(seconds) * 1000;
}

const months = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ');
const clock = new RegExp(String.raw`(?:\bat|\buntil|\bresets?(?:\s+(?:at|on))?|\breset\s+at)\s+(?:(${months.join('|')})[a-z]*\.?\s+(\d{1,2})(?:st|nd|rd|th)?(?:,?\s+(\d{4}))?,?\s+(?:at\s+)?)?(\d{1,2})(?::(\d\d)(?::(\d\d))?)?\s*([ap])?\.?(?:m\b\.?)?(?:\s*\(?((?:[A-Z][A-Za-z_]+(?:\/[A-Za-z_+-]+\d*)+)|UTC|GMT)\)?)?`, 'i');

/** Milliseconds that a zone is ahead of UTC at a moment; null for a zone that is not known. */
function offsetOf(zone: string, at: number): number | null {
  try {
    const parts = new Intl.DateTimeFormat('en-US', { timeZone: zone, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric' }).formatToParts(at);
    const part = (type: string): number => Number(parts.find((one) => one.type === type)?.value ?? 0);
    return Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second')) - Math.floor(at / 1000) * 1000;
  } catch {
    return null;
  }
}

/** A time of day, with or without a date, as its next occurrence; where no zone is named it is the machine's. */
function clockTime(text: string, now: number): number | null {
  const [found, month, dayOfMonth, year, hours = '', minutes, seconds = '0', half, zone] = clock.exec(text) ?? [];
  // A bare number is no time of day: "at 3" may be anything.
  if (found === undefined || (minutes === undefined && half === undefined)) return null;
  const hour = half === undefined ? Number(hours) : (Number(hours) % 12) + (half.toLowerCase() === 'p' ? 12 : 0);
  if (hour > 23 || Number(minutes ?? 0) > 59 || Number(seconds) > 59) return null;
  const offset = zone === undefined ? -new Date(now).getTimezoneOffset() * minute : offsetOf(zone, now);
  if (offset === null) return null;
  const there = new Date(now + offset);
  const isDated = month !== undefined;
  const date = isDated ? [Number(year ?? there.getUTCFullYear()), months.indexOf(month.toLowerCase()), Number(dayOfMonth)] as const : [there.getUTCFullYear(), there.getUTCMonth(), there.getUTCDate()] as const;
  const time = Date.UTC(...date, hour, Number(minutes ?? 0), Number(seconds)) - offset;
  // A time that has just passed is not tomorrow's: the limit ended while the agent was ending.
  return isDated || time > now - 10 * minute ? time : time + day;
}

/** What a time is late by when it was told without its seconds, or while the agent was ending. */
const rounding = minute;
/** Milliseconds from now, where the time told has just passed. */
const backOff = 5000;

/** A time that a limit may really end at, one that has just passed a moment from now; null for one that is past, or further away than any limit lasts. */
export function upcoming(time: number, now: Date): Date | null {
  const at = now.getTime();
  if (time > at) return time <= at + furthest ? new Date(time) : null;
  return time > at - rounding ? new Date(at + backOff) : null;
}

/** When the limit that a text speaks of ends; null when it does not say, or says what cannot be. */
export function resetTime(text: string, now: Date): Date | null {
  const at = now.getTime();
  const time = absoluteTime(text) ?? relativeTime(text, at) ?? clockTime(text, at);
  return time === null ? null : upcoming(time, now);
}
