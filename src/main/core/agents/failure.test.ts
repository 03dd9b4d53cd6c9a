import { describe, expect, test } from 'vitest';
import type { FailureClass } from '../../../shared/failure';
import { claudeInterpreter } from './claude-events';
import { codexInterpreter } from './codex-events';
import type { AgentEnd, Interpreter, Verdict } from './adapter';
import { checkFailureOf, failureOf, limitIn, type Ending } from './failure';
import { signatureOf } from './signature';

const now = new Date('2026-11-21T12:00:00Z');
const one: AgentEnd = { exitCode: 1, signal: null };
const well: AgentEnd = { exitCode: 0, signal: null };
const plain = (tail: string, more: Partial<Ending> = {}): Ending => ({ end: one, cut: null, verdict: null, asks: false, tail, ...more });
const classOf = (ending: Ending): FailureClass | null => failureOf(ending, now)?.class ?? null;

function verdictOf(interpreter: Interpreter, events: readonly object[], end: AgentEnd = one): Verdict {
  for (const event of events) interpreter.render(Buffer.from(`${JSON.stringify(event)}\r\n`));
  return interpreter.verdict(end);
}
const claude = (more: object, ...before: object[]): Verdict => verdictOf(claudeInterpreter(), [...before, { type: 'result', subtype: 'success', is_error: true, ...more }]);
const codex = (message: string): Verdict => verdictOf(codexInterpreter(), [{ type: 'error', message }, { type: 'turn.failed', error: { message } }]);

describe('agents with events (captured streams)', () => {
  test.each<[string, Verdict, FailureClass]>([
    ['claude 429', claude({ api_error_status: 429, result: 'API Error: Request rejected (429) · Rate limit reached (fake). Please try again later.' }), 'rate-limit'],
    ['claude at its limit', claude({ result: "You've hit your limit · resets 2pm (Asia/Shanghai)" }), 'rate-limit'],
    ['claude 401', claude({ api_error_status: 401, result: 'Failed to authenticate. API Error: 401 invalid api key (fake)' }), 'auth'],
    ['claude without a login', claude({ api_error_status: null, result: 'Not logged in · Please run /login' }), 'auth'],
    ['claude 500', claude({ api_error_status: 500, result: 'API Error: 500 internal error (fake). This is a server-side issue, usually temporary — try again in a moment.' }), 'infrastructure'],
    ['claude, a dropped connection', claude({ api_error_status: null, result: 'API Error: Connection closed mid-response. The response above may be incomplete.' }), 'infrastructure'],
    ['claude, a full context', claude({ api_error_status: 400, terminal_reason: 'prompt_too_long', result: 'Prompt is too long · the request is ~250000 tokens (limit 200000)' }), 'context-full'],
    ['codex 429', codex('exceeded retry limit, last status: 429 Too Many Requests'), 'rate-limit'],
    ['codex at its limit', codex('You’ve hit your usage limit. Upgrade to Pro (https://chatgpt.com/explore/pro) or try again at 4:03 AM.'), 'rate-limit'],
    ['codex 401', codex('unexpected status 401 Unauthorized: invalid api key (fake), url: http://127.0.0.1:39165/v1/responses'), 'auth'],
    ['codex 403', codex('unexpected status 403 Forbidden: forbidden (fake)'), 'auth'],
    ['codex 500', codex('We’re currently experiencing high demand, which may cause temporary errors.'), 'infrastructure'],
    ['codex, a dropped connection', codex('stream disconnected before completion: Transport error: network error: error decoding response body'), 'infrastructure'],
    ['codex, a full context', codex("Codex ran out of room in the model's context window. Start a new thread or clear earlier history before retrying."), 'context-full'],
    ['codex 400', codex('{"error":{"message":"bad request (fake)","type":"error","code":null}}'), 'unknown'],
  ])('%s', (_name, verdict, want) => {
    // What stands in the terminal does not count: tools and tasks may speak of anything.
    expect(classOf(plain('429 Too Many Requests\nfetch failed\n401 Unauthorized', { verdict }))).toBe(want);
  });

  test('a limit that an event dates ends then, and one that only warns is none', () => {
    const rejected = { type: 'rate_limit_event', rate_limit_info: { status: 'rejected', resetsAt: Date.parse('2026-11-21T14:05:00Z') / 1000, rateLimitType: 'five_hour' } };
    expect(failureOf(plain('', { verdict: claude({ result: 'stopped' }, rejected) }), now)).toMatchObject({ class: 'rate-limit', until: new Date('2026-11-21T14:05:00Z') });
    const warning = { type: 'rate_limit_event', rate_limit_info: { status: 'allowed_warning', resetsAt: 1_795_000_000 } };
    expect(classOf(plain('', { verdict: claude({ result: 'stopped' }, rejected, warning) }))).toBe('unknown');
    const mad = { type: 'rate_limit_event', rate_limit_info: { status: 'rejected', resetsAt: 1e300 } };
    expect(failureOf(plain('', { verdict: claude({ result: 'x' }, mad) }), now)).toMatchObject({ class: 'rate-limit', until: null });
  });

  test('success in prose is nothing to go by, nor is trouble in it', () => {
    const verdict = verdictOf(claudeInterpreter(), [{ type: 'assistant', message: { content: [{ type: 'text', text: 'Rate limit reached. 429 Too Many Requests' }] } }, { type: 'result', is_error: false, result: 'API rate limit exceeded is now handled' }], well);
    expect(failureOf(plain('429 Too Many Requests', { verdict, end: well }), now)).toBeNull();
  });
});

describe('agents without events', () => {
  test.each<[string, string, FailureClass]>([
    ['gemini 429, captured', 'Attempt 8 failed: Rate limit reached (fake). Please try again later.\nSuggested retry after 1s.. Retrying after 30710ms...', 'rate-limit'],
    ['gemini at its quota, captured', '[API Error: You have exhausted your daily quota on this model.]\nPlease wait and try again later.', 'rate-limit'],
    ['qwen 429, captured', 'Retrying in 60s (attempt 1/10): [API Error: 429 Rate limit reached (fake). Please try again later.]', 'rate-limit'],
    ['copilot 429, captured', 'Failed to get response from the AI model; retried 5 times Last error: 429 Rate limit reached (fake). Please try again later.', 'rate-limit'],
    ['HTTP', 'Error: HTTP 429', 'rate-limit'],
    ['a custom agent', 'rate limit: try again in 20s', 'rate-limit'],
    ['a custom agent with its code', 'Please try again in 1h 5m (429)', 'rate-limit'],
    ['claude in plain text', "You've hit your session limit · resets 3pm (UTC)", 'rate-limit'],
    ['gemini 401, captured', '[API Error: {"error":{"code":401,"message":"invalid api key (fake)","status":"UNAUTHENTICATED"}}]', 'auth'],
    ['qwen 401, captured', '[API Error: 401 invalid api key (fake)]', 'auth'],
    ['amp without a login', 'Starting login flow', 'auth'],
    ['copilot without a login', 'Error: No authentication information found.', 'auth'],
    ['gemini, a dropped connection, captured', '[API Error: terminated]', 'infrastructure'],
    ['no network', 'TypeError: fetch failed\n  cause: Error: getaddrinfo ENOTFOUND api.example.com', 'infrastructure'],
    ['a full disk', 'OSError: [Errno 28] No space left on device', 'infrastructure'],
    ['a service that is down', 'Error 503: Service Unavailable', 'infrastructure'],
    ['a package that is missing', "Error: Cannot find module 'left-pad'", 'missing-dependency'],
    ['a Python package', "ModuleNotFoundError: No module named 'numpy'", 'missing-dependency'],
    ['a program', 'sh: 1: cargo: not found', 'missing-dependency'],
    ['a file of the project', "Error: Cannot find module './parser'", 'build-or-test'],
    ['a failing test', 'FAIL src/limit.test.ts > answers 429 Too Many Requests\nAssertionError: expected 200 to be 429', 'build-or-test'],
    ['types', "src/a.ts(3,1): error TS2304: Cannot find name 'x'.", 'build-or-test'],
    ['nothing known', 'boom', 'unknown'],
    ['nothing at all', '', 'unknown'],
  ])('%s', (_name, tail, want) => {
    expect(classOf(plain(`Working on T001\n${tail}\n`))).toBe(want);
  });

  test('only its last words count, and only where it did not end well', () => {
    expect(classOf(plain(`429 Too Many Requests\n${'line of work\n'.repeat(30)}boom`))).toBe('unknown');
    expect(classOf(plain('429 Too Many Requests', { end: well }))).toBeNull();
    expect(limitIn('429 Too Many Requests: retry in 20s', now)).toMatchObject({ class: 'rate-limit', until: new Date('2026-11-21T12:00:20Z') });
    expect(limitIn('✓ answers 429 Too Many Requests', now)).toBeNull();
  });

  test.each<[string, Partial<Ending>, FailureClass | null]>([
    ['a signal comes before words', { end: { exitCode: 0, signal: 9 }, tail: '429 Too Many Requests' }, 'crashed'],
    ['a shell tells of a signal', { end: { exitCode: 139, signal: null } }, 'crashed'],
    ['a program that is not there', { end: { exitCode: 127, signal: null } }, 'missing-dependency'],
    ['too long', { cut: 'timed-out', tail: '429 Too Many Requests' }, 'timed-out'],
    ['silent', { cut: 'silent' }, 'timed-out'],
    ['silent since a rate limit', { cut: 'silent', tail: 'Retrying in 120s (attempt 2/10): [API Error: 429 limit]' }, 'rate-limit'],
    ['a question', { asks: true, end: well }, 'unclear-spec'],
    ['a question after a crash is a crash', { asks: true, end: { exitCode: null, signal: 'SIGSEGV' } }, 'crashed'],
  ])('%s', (_name, more, want) => {
    expect(classOf(plain('', more))).toBe(want);
  });
});

describe('checks', () => {
  test.each<[string, string, FailureClass]>([
    ['a failing test about rate limits', 'Error: 429 Too Many Requests\n1 test failed', 'build-or-test'],
    ['a refused connection in a test', 'connect ECONNREFUSED 127.0.0.1:5432', 'build-or-test'],
    ['a missing package', "Error: Cannot find package 'vitest' imported from /w/a.ts", 'missing-dependency'],
    ['no output', '', 'build-or-test'],
  ])('%s', (_name, tail, want) => {
    expect(checkFailureOf({ command: 'npm test', tail, timedOut: false }).class).toBe(want);
  });
});

describe('signatures', () => {
  const of = (tail: string): string => failureOf(plain(tail), now)?.signature ?? '';
  test('survive other paths, numbers and times, not another error', () => {
    const first = of("12:00:01 Error: boom 17 in /w/lane-1/src/a.ts:3:1 (a1b2c3d4e5)\n    at f (/w/lane-1/src/a.ts:3:1)");
    expect(first).toMatch(/^[0-9a-f]{12}$/);
    expect(of("12:07:59 Error: boom 3 in /w/other/src/b/c.ts:99:12 (0f1e2d3c4b)\n    at f (/w/other/src/b/c.ts:99:12)")).toBe(first);
    expect(of('12:00:01 Error: bang 17 in /w/lane-1/src/a.ts:3:1 (a1b2c3d4e5)')).not.toBe(first);
    expect(of('T001: Error: boom')).toBe(of('T002: Error: boom'));
  });

  test('how many failed tells two failures apart, how many passed and how long it took does not', () => {
    const check = (tail: string): string => checkFailureOf({ command: 'npm test', tail, timedOut: false }).signature;
    const many = check('FAIL a\nTests  13 failed | 20 passed (33)\nDuration  1.61s');
    expect(check('FAIL a\nTests  12 failed | 20 passed (33)\nDuration  1.61s')).not.toBe(many);
    expect(check('FAIL a\nTests  13 failed | 21 passed (34)\nDuration  2.05s')).toBe(many);
    expect(check('FAIL b\nTests  13 failed | 20 passed (33)\nDuration  1.61s')).not.toBe(many);
  });

  test('silence has none, and kinds are kept apart', () => {
    expect(of('')).toBe('');
    expect(of(' \n--- \n')).toBe('');
    expect(signatureOf('a', ['x'])).not.toBe(signatureOf('b', ['x']));
  });
});
