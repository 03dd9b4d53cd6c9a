import { describe, expect, test } from 'vitest';
import { stripControl } from '../../../shared/plain-text';
import type { AgentEnd, Interpreter, Verdict } from './adapter';
import { claudeInterpreter } from './claude-events';
import { codexInterpreter } from './codex-events';

const well: AgentEnd = { exitCode: 0, signal: null };

function play(interpreter: Interpreter, events: readonly unknown[]): string {
  const stream = events.map((event) => `${typeof event === 'string' ? event : JSON.stringify(event)}\r\n`).join('');
  return Buffer.concat([interpreter.render(Buffer.from(stream)), interpreter.render(new Uint8Array())]).toString();
}

const assistant = (...content: readonly unknown[]): unknown => ({ type: 'assistant', message: { role: 'assistant', content } });
const result = (more: Readonly<Record<string, unknown>>): unknown => ({
  duration_ms: 4200, num_turns: 3, session_id: 's-1', total_cost_usd: 0.125, usage: { input_tokens: 100, cache_read_input_tokens: 900, output_tokens: 40 },
  subtype: 'success', is_error: false, result: 'All fine.\n\nTASK T001 DONE', type: 'result', ...more,
});

describe('Claude Code', () => {
  test('its events become readable', () => {
    const interpreter = claudeInterpreter();
    const shown = play(interpreter, [
      'warning: something on stderr',
      { type: 'system', subtype: 'init', model: 'some-model', claude_code_version: '2.1.0', session_id: 's-1' },
      { type: 'system', subtype: 'api_retry', attempt: 1, max_retries: 10, retry_delay_ms: 1800, error: 'rate_limit' },
      assistant({ type: 'thinking', thinking: 'Hm.' }, { type: 'text', text: 'I will write\na file.' }),
      assistant({ type: 'tool_use', name: 'Write', input: { file_path: '/w/a.txt', content: '1\n2\n3\n4\n5\n6\n7\n8' } }),
      assistant({ type: 'tool_use', name: 'Edit', input: { file_path: '/w/b.txt', old_string: 'old', new_string: 'new' } }),
      { type: 'user', message: { content: [{ type: 'tool_result', content: 'written' }, { type: 'tool_result', is_error: true, content: [{ type: 'text', text: 'no\npermission' }] }] } },
      { type: 'system', subtype: 'something_new' },
      result({}),
    ]);
    expect(stripControl(shown)).toMatchInlineSnapshot(`
      "warning: something on stderr
      Claude Code 2.1.0 · some-model
      ↻ rate_limit: try 1 of 10 in 2 s
        Hm.
      I will write
      a file.
      ● Write /w/a.txt
        + 1
        + 2
        + 3
        + 4
        + 5
        + 6
        … 2 more lines
      ● Edit /w/b.txt
        - old
        + new
        written
        ✗ no permission
      ✓ 3 turns · 4 s · $0.13
      "
    `);
    expect(interpreter.verdict(well)).toEqual({ kind: 'ok' });
    expect(interpreter.facts()).toEqual({ sessionId: 's-1', model: 'some-model', inputTokens: 1000, outputTokens: 40, costUsd: 0.125, finalText: 'All fine.\n\nTASK T001 DONE' });
  });

  test('control sequences in its texts do not reach the terminal', () => {
    const shown = play(claudeInterpreter(), [assistant({ type: 'text', text: 'a\x1b]0;evil\x07b\x1b[2Jc\x9b1md' })]);
    expect(shown).toBe('abc1md\r\n');
  });

  test.each<{ name: string; events: readonly unknown[]; end?: AgentEnd; verdict: Verdict }>([
    { name: 'an API error beside success', events: [result({ is_error: true, api_error_status: 401, result: 'Failed to authenticate. API Error: 401' })], end: { exitCode: 1, signal: null },
      verdict: { kind: 'failed', reason: 'Claude Code: Failed to authenticate. API Error: 401', trouble: 'auth' } },
    { name: 'an error with exit code 0', events: [result({ is_error: true, result: 'Request was aborted' })], verdict: { kind: 'failed', reason: 'Claude Code: Request was aborted', trouble: 'other' } },
    { name: 'a full context', events: [result({ is_error: true, terminal_reason: 'prompt_too_long', result: '' })], verdict: { kind: 'failed', reason: 'Claude Code: the prompt is too long (success)', trouble: 'context-full' } },
    { name: 'a status that the text leaves out', events: [result({ is_error: true, api_error_status: 529, result: 'Try later' })], verdict: { kind: 'failed', reason: 'Claude Code: Try later (529)', trouble: 'overloaded' } },
    { name: 'a block', events: [result({ result: 'I tried.\n\n**BLOCKED:** the schema is missing\n' })], verdict: { kind: 'blocked', reason: 'the schema is missing' } },
    { name: 'words about limits in a good answer', events: [result({ result: 'Implemented the 429 rate limit.' })], verdict: { kind: 'ok' } },
    { name: 'no final event', events: [assistant({ type: 'text', text: 'so' })], verdict: { kind: 'failed', reason: 'Claude Code ended without its final event', trouble: 'other' } },
    { name: 'a bad exit code after success', events: [result({})], end: { exitCode: 1, signal: null }, verdict: { kind: 'failed', reason: 'Claude Code ended with exit code 1', trouble: 'other' } },
    { name: 'a signal before everything', events: [result({})], end: { exitCode: null, signal: 'SIGKILL' }, verdict: { kind: 'failed', reason: 'Claude Code was ended by signal SIGKILL', trouble: 'other' } },
    { name: 'strange shapes', events: [{ type: 'assistant', message: { content: 'text' } }, { type: 'user' }, { type: 'result', is_error: false, usage: null, result: 7 }], verdict: { kind: 'ok' } },
  ])('verdict: $name', ({ events, end = well, verdict }) => {
    const interpreter = claudeInterpreter();
    play(interpreter, events);
    expect(interpreter.verdict(end)).toEqual(verdict);
  });
});

const item = (phase: string, more: Readonly<Record<string, unknown>>): unknown => ({ type: `item.${phase}`, item: { id: 'item_1', ...more } });

describe('Codex', () => {
  test('its events become readable', () => {
    const interpreter = codexInterpreter();
    const command = { type: 'command_execution', command: `/bin/bash -lc "npm test"` };
    const shown = play(interpreter, [
      { type: 'thread.started', thread_id: 't-1' },
      { type: 'turn.started' },
      item('completed', { type: 'error', message: 'Model metadata not found' }),
      item('completed', { type: 'reasoning', text: 'Let me see.' }),
      item('updated', { type: 'todo_list', items: [{ text: 'write', completed: true }, { text: 'commit', completed: false }] }),
      item('started', { ...command, exit_code: null, status: 'in_progress' }),
      item('completed', { ...command, aggregated_output: '1 failed\n', exit_code: 1, status: 'failed' }),
      item('completed', { type: 'file_change', changes: [{ path: 'a.ts', kind: 'add' }, { path: 'b.ts', kind: 'update' }] }),
      { type: 'error', message: 'Reconnecting... 1/5' },
      item('completed', { type: 'agent_message', text: 'TASK T001 DONE' }),
      { type: 'turn.completed', usage: { input_tokens: 3600, output_tokens: 120 } },
    ]);
    expect(stripControl(shown)).toMatchInlineSnapshot(`
      "Codex · t-1
      ! Model metadata not found
        Let me see.
        ✓ write
        ○ commit
      ● $ npm test
        1 failed
        ✗ exit code 1
        A a.ts
        M b.ts
      ↻ Reconnecting... 1/5
      TASK T001 DONE
      ✓ 3600 tokens in · 120 out
      "
    `);
    expect(interpreter.verdict(well)).toEqual({ kind: 'ok' });
    expect(interpreter.facts()).toEqual({ sessionId: 't-1', model: null, inputTokens: 3600, outputTokens: 120, costUsd: null, finalText: 'TASK T001 DONE' });
  });

  test.each<{ name: string; events: readonly unknown[]; end?: AgentEnd; verdict: Verdict }>([
    { name: 'a failed turn', events: [{ type: 'turn.failed', error: { message: 'unexpected status 403 Forbidden' } }], end: { exitCode: 1, signal: null }, verdict: { kind: 'failed', reason: 'Codex: unexpected status 403 Forbidden', trouble: 'auth' } },
    { name: 'a usage limit', events: [{ type: 'turn.failed', error: { message: "You've hit your usage limit, try again at 5:00" } }], verdict: { kind: 'failed', reason: "Codex: You've hit your usage limit, try again at 5:00", trouble: 'rate-limited' } },
    { name: 'errors on the way that were overcome', events: [{ type: 'error', message: 'Reconnecting... 2/5' }, { type: 'turn.completed', usage: {} }], verdict: { kind: 'ok' } },
    { name: 'a block', events: [item('completed', { type: 'agent_message', text: 'BLOCKED: no network' }), { type: 'turn.completed' }], verdict: { kind: 'blocked', reason: 'no network' } },
    { name: 'no end of the turn', events: [{ type: 'turn.started' }], verdict: { kind: 'failed', reason: 'Codex ended without its final event', trouble: 'other' } },
  ])('verdict: $name', ({ events, end = well, verdict }) => {
    const interpreter = codexInterpreter();
    play(interpreter, events);
    expect(interpreter.verdict(end)).toEqual(verdict);
  });
});
