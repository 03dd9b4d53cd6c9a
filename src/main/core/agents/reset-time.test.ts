import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { resetTime } from './reset-time';

const now = new Date('2026-11-21T12:00:00Z');
const seconds = (count: number): string => new Date(now.getTime() + count * 1000).toISOString();
/** A time of day of the machine's own zone, at or after `now`. */
function local(hour: number, minute = 0): string {
  const time = new Date(now);
  time.setHours(hour, minute, 0, 0);
  if (time.getTime() < now.getTime() - 600_000) time.setDate(time.getDate() + 1);
  return time.toISOString();
}

describe('the end of a rate limit', () => {
  test.each([
    ['codex, captured', 'You’ve hit your usage limit. Upgrade to Pro (https://chatgpt.com/explore/pro), visit https://chatgpt.com/settings/usage to purchase more credits or try again at 4:03 AM.', local(4, 3)],
    ['claude, reported', "You've hit your limit · resets 2pm (Asia/Shanghai)", '2026-11-22T06:00:00.000Z'],
    ['claude with a dot', '5-hour limit reached ∙ resets 1am (Europe/Berlin)', '2026-11-22T00:00:00.000Z'],
    ['claude, older', 'Claude usage limit reached. Your limit will reset at 1pm (Etc/GMT+5).', '2026-11-21T18:00:00.000Z'],
    ['claude, seconds since 1970', `Claude AI usage limit reached|${Date.parse('2026-11-21T14:05:00Z') / 1000}`, '2026-11-21T14:05:00.000Z'],
    ['a field, milliseconds', `"resets_at":${Date.parse('2026-11-21T14:05:00Z')}`, '2026-11-21T14:05:00.000Z'],
    ['a day and a time', 'resets Nov 23, 3:30pm (UTC)', '2026-11-23T15:30:00.000Z'],
    ['a date with its year', 'try again at Nov 24th, 2026 4:03 AM (UTC)', '2026-11-24T04:03:00.000Z'],
    ['24 hours', 'rate limited until 14:05 (UTC)', '2026-11-21T14:05:00.000Z'],
    ['24 hours with seconds', 'rate limited until 14:05:37 (UTC)', '2026-11-21T14:05:37.000Z'],
    ['half a day with seconds', 'try again at 2:05:37 PM (UTC)', '2026-11-21T14:05:37.000Z'],
    ['a custom agent', 'rate limit: try again in 20s', seconds(20)],
    ['a custom agent, in hours', 'Please try again in 1h 5m (429)', seconds(3900)],
    ['a minute that has just begun', 'try again at 12:00 (UTC)', seconds(5)],
    ['seconds that have just passed', 'try again at 11:59:30 (UTC)', seconds(5)],
    ['qwen, captured', 'Retrying in 60s (attempt 1/10): [API Error: 429 Rate limit reached (fake). Please try again later.]', seconds(60)],
    ['openai', 'Rate limit reached for requests. Please try again in 2h30m0s.', seconds(9000)],
    ['fractions', 'Please retry in 34.07s.', seconds(34.07)],
    ['codex, in words', "You've hit your usage limit. Try again in 5 days 3 hours 20 minutes.", seconds(5 * 86_400 + 3 * 3600 + 20 * 60)],
    ['gemini', '"retryDelay": "1500ms"', seconds(1.5)],
    ['a header', 'retry-after: 30', seconds(30)],
    ['a header as JSON, captured from opencode', '"keep-alive":"timeout=5","retry-after":"1","transfer-encoding":"chunked"', seconds(1)],
    ['a header with a date', 'retry-after: Sat, 21 Nov 2026 13:08:38 GMT', '2026-11-21T13:08:38.000Z'],
    ['ISO 8601', 'Limit resets at 2026-11-21T14:05:00Z', '2026-11-21T14:05:00.000Z'],
    ['ISO 8601 with an offset', 'available again 2026-11-21T15:05:00+01:00', '2026-11-21T14:05:00.000Z'],
  ])('%s', (_name, text, want) => {
    expect(resetTime(text, now)?.toISOString()).toBe(want);
  });

  test.each([
    ['no time', 'Rate limit reached (fake). Please try again later.'],
    ['a time that is past', 'Claude AI usage limit reached|1762952400'],
    ['a time that no limit lasts to', 'try again in 400 days'],
    ['a number that is no time', 'stopped at 3 of 10'],
    ['a zone that is not there', 'resets 2pm (Mars/Olympus)'],
    ['an hour that is not there', 'try again at 25:99'],
  ])('%s gives none', (_name, text) => {
    expect(resetTime(text, now)).toBeNull();
  });

  test('a time of day that has just passed is not taken for tomorrow', () => {
    expect(resetTime('try again at 11:55 (UTC)', now)).toBeNull();
    expect(resetTime('try again at 11:40 (UTC)', now)?.toISOString()).toBe('2026-11-22T11:40:00.000Z');
  });

  test('whatever a text holds, the answer is none or a time within eight days', () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.tuple(fc.constantFrom('resets at ', 'in ', 'retry-after ', '|'), fc.nat(), fc.constantFrom('', 's', ' days', 'pm', ':30')).map((parts) => parts.join(''))), (text) => {
      const time = resetTime(text, now)?.getTime() ?? now.getTime() + 1;
      expect(time > now.getTime() && time <= now.getTime() + 8 * 86_400_000).toBe(true);
    }));
  });
});
