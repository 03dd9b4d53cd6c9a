/** Codex's `exec --json` as terminal text and as a verdict (agents.md section 3). */
import type { Interpreter } from './adapter';
import { cleanLines, excerpt, oneLine, paint } from './ansi';
import { listAt, numberAt, objectAt, textAt } from './fields';
import { JsonLines, type JsonEvent } from './json-lines';
import { stripControl } from '../../../shared/plain-text';
import { judge, noFacts } from './verdict';

/** `/bin/bash -lc 'git status'` is how codex runs everything: only the inside is news. */
const bare = (command: string): string => /^\S*sh -l?c (['"]?)([\s\S]*)\1$/.exec(command)?.[2] ?? command;

function commandLines(phase: string, item: unknown): string[] {
  if (phase === 'item.started') return [`${paint('cyan', '●')} ${paint('bold', '$')} ${oneLine(bare(textAt(item, 'command')))}`];
  if (phase !== 'item.completed') return [];
  const code = numberAt(item, 'exit_code');
  const output = excerpt(textAt(item, 'aggregated_output'), 6);
  return code === 0 ? output : [...output, paint('red', `  ✗ exit code ${code ?? 'unknown'}`)];
}

const changeSigns: Readonly<Record<string, string>> = { add: paint('green', 'A'), delete: paint('red', 'D'), update: paint('yellow', 'M') };

function todoLine(entry: unknown): string {
  const done = objectAt({ entry }, 'entry')['completed'] === true;
  return `  ${done ? paint('green', '✓') : paint('dim', '○')} ${oneLine(textAt(entry, 'text'))}`;
}

function itemLines(event: JsonEvent): string[] {
  const item = objectAt(event, 'item');
  const done = event.type === 'item.completed';
  switch (textAt(item, 'type')) {
    case 'command_execution': return commandLines(event.type, item);
    case 'agent_message': return done ? cleanLines(textAt(item, 'text')) : [];
    case 'reasoning': return done ? excerpt(textAt(item, 'text'), 4) : [];
    case 'file_change':
      return done ? listAt(item, 'changes').map((change) => `  ${changeSigns[textAt(change, 'kind')] ?? '·'} ${oneLine(textAt(change, 'path'))}`) : [];
    case 'todo_list': return listAt(item, 'items').map(todoLine);
    case 'mcp_tool_call': return done ? [] : [`${paint('cyan', '●')} ${paint('bold', oneLine(textAt(item, 'tool'), 60))} ${oneLine(textAt(item, 'server'), 60)}`];
    case 'web_search': return done ? [`${paint('cyan', '●')} ${paint('bold', 'Search')} ${oneLine(textAt(item, 'query'))}`] : [];
    // Not the end of the turn (agents.md section 3): a warning.
    case 'error': return done ? [paint('yellow', `! ${oneLine(textAt(item, 'message'))}`)] : [];
    default: return [];
  }
}

function linesOf(event: JsonEvent): readonly string[] | null {
  switch (event.type) {
    case 'thread.started': return [paint('dim', `Codex · ${oneLine(textAt(event, 'thread_id'), 60)}`)];
    case 'turn.started': return [];
    case 'item.started': case 'item.updated': case 'item.completed': return itemLines(event);
    case 'error': return [paint('yellow', `↻ ${oneLine(textAt(event, 'message'))}`)];
    case 'turn.failed': return [paint('red', `✗ ${oneLine(textAt(objectAt(event, 'error'), 'message'), 300)}`)];
    case 'turn.completed': {
      const usage = objectAt(event, 'usage');
      return [`${paint('green', '✓')} ${paint('dim', `${numberAt(usage, 'input_tokens') ?? 0} tokens in · ${numberAt(usage, 'output_tokens') ?? 0} out`)}`];
    }
    default: return null;
  }
}

/** Reads one attempt of `codex exec --json`. */
export function codexInterpreter(): Interpreter {
  let facts = noFacts;
  let failure: string | null = null;
  let concluded = false;
  const note = (event: JsonEvent): void => {
    const item = objectAt(event, 'item');
    const usage = objectAt(event, 'usage');
    if (event.type === 'thread.started') facts = { ...facts, sessionId: textAt(event, 'thread_id') || null };
    if (event.type === 'item.completed' && item['type'] === 'agent_message') facts = { ...facts, finalText: stripControl(textAt(item, 'text')) };
    if (event.type === 'turn.completed' || event.type === 'turn.failed') {
      concluded = true;
      failure = event.type === 'turn.failed' ? textAt(objectAt(event, 'error'), 'message') : null;
      facts = { ...facts, inputTokens: numberAt(usage, 'input_tokens'), outputTokens: numberAt(usage, 'output_tokens') };
    }
  };
  const lines = new JsonLines((event) => {
    note(event);
    return linesOf(event);
  });
  return {
    render: (bytes) => lines.render(bytes),
    verdict: (end) => judge({ agent: 'Codex', end, failure, concluded, finalText: facts.finalText }),
    facts: () => facts,
  };
}
