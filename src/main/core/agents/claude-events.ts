/** Claude Code's `--output-format stream-json` as terminal text and as a verdict (agents.md section 3). */
import type { AgentFacts, Interpreter } from './adapter';
import { cleanLines, excerpt, oneLine, paint } from './ansi';
import { listAt, numberAt, objectAt, textAt } from './fields';
import { JsonLines, type JsonEvent } from './json-lines';
import { stripControl } from '../../../shared/plain-text';
import { judge, noFacts } from './verdict';

/** The argument of a tool call that says the most. */
const telling = ['file_path', 'path', 'notebook_path', 'command', 'pattern', 'url', 'query', 'description', 'prompt'] as const;

function toolCall(part: unknown): string[] {
  const input = objectAt(part, 'input');
  const argument = telling.map((key) => textAt(input, key)).find((text) => text !== '') ?? '';
  const head = `${paint('cyan', '●')} ${paint('bold', oneLine(textAt(part, 'name'), 60))} ${oneLine(argument)}`;
  const before = textAt(input, 'old_string');
  const after = textAt(input, 'new_string') || textAt(input, 'content');
  return [head, ...diffLines('red', '-', before), ...diffLines('green', '+', after)];
}

/** The first lines of one side of an edit. */
function diffLines(colour: 'red' | 'green', sign: string, text: string): string[] {
  if (text === '') return [];
  const lines = cleanLines(text);
  const shown = lines.slice(0, 6).map((line) => paint(colour, `  ${sign} ${line.slice(0, 200)}`));
  return lines.length > 6 ? [...shown, paint('dim', `  … ${lines.length - 6} more lines`)] : shown;
}

function assistantLines(event: JsonEvent): string[] {
  return listAt(objectAt(event, 'message'), 'content').flatMap((part) => {
    switch (textAt(part, 'type')) {
      case 'text': return cleanLines(textAt(part, 'text'));
      case 'thinking': return excerpt(textAt(part, 'thinking'), 3);
      case 'tool_use': return toolCall(part);
      default: return [];
    }
  });
}

/** The content of a tool result is a text or a list of parts with texts. */
function resultText(part: unknown): string {
  return textAt(part, 'content') || listAt(part, 'content').map((piece) => textAt(piece, 'text')).join('\n');
}

function toolResultLines(event: JsonEvent): string[] {
  return listAt(objectAt(event, 'message'), 'content').flatMap((part) => {
    if (textAt(part, 'type') !== 'tool_result') return [];
    const isError = objectAt({ part }, 'part')['is_error'] === true;
    return isError ? [paint('red', `  ✗ ${oneLine(resultText(part))}`)] : excerpt(resultText(part), 5);
  });
}

function systemLines(event: JsonEvent): string[] {
  if (event['subtype'] === 'init') return [paint('dim', `Claude Code ${oneLine(textAt(event, 'claude_code_version'), 30)} · ${oneLine(textAt(event, 'model'), 60)}`)];
  if (event['subtype'] === 'api_retry') {
    const seconds = Math.round((numberAt(event, 'retry_delay_ms') ?? 0) / 1000);
    return [paint('yellow', `↻ ${oneLine(textAt(event, 'error'), 80)}: try ${numberAt(event, 'attempt') ?? '?'} of ${numberAt(event, 'max_retries') ?? '?'} in ${seconds} s`)];
  }
  return [];
}

function resultLines(event: JsonEvent): string[] {
  const seconds = Math.round((numberAt(event, 'duration_ms') ?? 0) / 1000);
  const cost = numberAt(event, 'total_cost_usd');
  const facts = [`${numberAt(event, 'num_turns') ?? 0} turns`, `${seconds} s`, ...(cost === null ? [] : [`$${cost.toFixed(2)}`])].join(' · ');
  return event['is_error'] === true
    ? [paint('red', `✗ ${oneLine(textAt(event, 'result'), 300) || 'failed'}`), paint('dim', facts)]
    : [`${paint('green', '✓')} ${paint('dim', facts)}`];
}

function linesOf(event: JsonEvent): readonly string[] | null {
  switch (event.type) {
    case 'system': return systemLines(event);
    case 'assistant': return assistantLines(event);
    case 'user': return toolResultLines(event);
    case 'result': return resultLines(event);
    case 'stream_event': case 'rate_limit_event': case 'control_response': return [];
    default: return null;
  }
}

/** `subtype` may say success beside `is_error: true`, so only the latter counts. */
function failureOf(event: JsonEvent): string | null {
  if (event['is_error'] !== true) return null;
  const status = numberAt(event, 'api_error_status');
  const reason = textAt(event, 'terminal_reason');
  const text = textAt(event, 'result') || listAt(event, 'errors').map(String).join('; ') || textAt(event, 'subtype');
  if (reason === 'prompt_too_long') return `the prompt is too long (${text})`;
  return status === null || text.includes(String(status)) ? text : `${text} (${status})`;
}

function factsOf(event: JsonEvent, facts: AgentFacts): AgentFacts {
  const usage = objectAt(event, 'usage');
  const cached = (numberAt(usage, 'cache_creation_input_tokens') ?? 0) + (numberAt(usage, 'cache_read_input_tokens') ?? 0);
  const input = numberAt(usage, 'input_tokens');
  return {
    ...facts,
    inputTokens: input === null ? facts.inputTokens : input + cached,
    outputTokens: numberAt(usage, 'output_tokens') ?? facts.outputTokens,
    costUsd: numberAt(event, 'total_cost_usd') ?? facts.costUsd,
    finalText: stripControl(textAt(event, 'result')) || facts.finalText,
  };
}

/** When the limit ends that refused a request (`rate_limit_event`, seconds since 1970); one that only warns does not count. */
function rejectedUntil(event: JsonEvent): Date | null {
  const info = objectAt(event, 'rate_limit_info');
  const seconds = numberAt(info, 'resetsAt');
  return textAt(info, 'status') === 'rejected' && seconds !== null ? new Date(seconds * 1000) : null;
}

/** Reads one attempt of `claude -p --output-format stream-json`. */
export function claudeInterpreter(): Interpreter {
  let facts = noFacts;
  let failure: string | null = null;
  let concluded = false;
  let resetsAt: Date | null = null;
  const lines = new JsonLines((event) => {
    if (event.type === 'rate_limit_event') resetsAt = rejectedUntil(event);
    facts = { ...facts, sessionId: textAt(event, 'session_id') || facts.sessionId, model: textAt(event, 'model') || facts.model };
    if (event.type === 'result') {
      concluded = true;
      failure = failureOf(event);
      facts = factsOf(event, facts);
    }
    return linesOf(event);
  });
  return {
    render: (bytes) => lines.render(bytes),
    verdict: (end) => judge({ agent: 'Claude Code', end, failure, concluded, finalText: facts.finalText, resetsAt }),
    facts: () => facts,
  };
}
