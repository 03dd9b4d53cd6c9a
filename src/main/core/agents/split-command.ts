/** Command lines as people write them, cut into arguments the way a POSIX shell does, with nothing of a shell behind it. */
import type { AppError } from '../../../shared/errors';
import { err, ok, type Result } from '../../../shared/result';

/** Bytes of one argument: Linux allows 128 kB (MAX_ARG_STRLEN). */
export const argumentLimit = 100_000;

/** A one-line prompt for prompts that do not fit into an argument. */
export const pointTo = (promptFile: string): string => `Read the file ${promptFile} and do exactly what it says.`;

/** The prompt itself, or where to read it when it is too long for an argument or would read as an option. */
export const asArgument = (prompt: string, promptFile: string): string =>
  Buffer.byteLength(prompt) < argumentLimit && !prompt.startsWith('-') ? prompt : pointTo(promptFile);

/** Inside double quotes a backslash is one, unless it stands before these (POSIX 2.2.3). */
const escapable = new Set(['$', '`', '"', '\\', '\n']);

interface Scan {
  readonly text: string;
  at: number;
  word: string | null;
}

function readQuoted(scan: Scan, quote: string): boolean {
  scan.word ??= '';
  for (scan.at += 1; scan.at < scan.text.length; scan.at += 1) {
    const char = scan.text.charAt(scan.at);
    const next = scan.text.charAt(scan.at + 1);
    if (char === quote) return true;
    if (quote === '"' && char === '\\' && escapable.has(next)) {
      scan.at += 1;
      if (next !== '\n') scan.word += next;
    } else {
      scan.word += char;
    }
  }
  return false;
}

function readEscape(scan: Scan): boolean {
  scan.at += 1;
  if (scan.at >= scan.text.length) return false;
  const char = scan.text.charAt(scan.at);
  if (char !== '\n') scan.word = (scan.word ?? '') + char;
  return true;
}

/** The words of a line, or what is wrong with it. Variables, globs, pipes and redirections are plain characters. */
function words(text: string): string[] | string {
  const scan: Scan = { text, at: 0, word: null };
  const found: string[] = [];
  for (; scan.at < text.length; scan.at += 1) {
    const char = text.charAt(scan.at);
    if (char === '"' || char === "'") {
      if (!readQuoted(scan, char)) return `A ${char} is not closed.`;
    } else if (char === '\\') {
      if (!readEscape(scan)) return 'It ends with a single backslash.';
    } else if (/[ \t\r\n]/.test(char)) {
      if (scan.word !== null) found.push(scan.word);
      scan.word = null;
    } else {
      scan.word = (scan.word ?? '') + char;
    }
  }
  return scan.word === null ? found : [...found, scan.word];
}

/**
 * Splits a command line like a POSIX shell: quotes and backslashes, no expansion of any kind. `{{PROMPT}}` and
 * `{{PROMPT_FILE}}` are replaced inside the arguments afterwards, so that no prompt is ever split. Error: `agent/bad-command`.
 */
export function splitCommand(command: string, fill?: { readonly prompt: string; readonly promptFile: string }): Result<string[], AppError> {
  const bad = (detail: string): Result<never, AppError> => err({ kind: 'agent/bad-command', command, detail });
  if (command.includes('\0')) return bad('It contains a zero byte.');
  const found = words(command);
  if (typeof found === 'string') return bad(found);
  if (!found[0]) return bad('It is empty.');
  if (!fill) return ok(found);
  // A zero byte cannot be passed in an argument; and one pass over both names, so that a prompt which contains a placeholder stays as it is.
  const values = { '{{PROMPT}}': fitting(fill.prompt, fill.promptFile), '{{PROMPT_FILE}}': fill.promptFile };
  return ok(found.map((word) => word.replace(/\{\{PROMPT(?:_FILE)?\}\}/g, (name) => (name === '{{PROMPT}}' ? values['{{PROMPT}}'] : values['{{PROMPT_FILE}}']))));
}

const fitting = (prompt: string, promptFile: string): string =>
  Buffer.byteLength(prompt) < argumentLimit ? prompt.replaceAll('\0', '') : pointTo(promptFile);
