/** Colours of rendered agent output: the sixteen that every terminal theme defines. Foreign text is cleaned before it is coloured. */
import { stripControl } from '../../../shared/plain-text';

type Style = 'dim' | 'bold' | 'red' | 'green' | 'yellow' | 'blue' | 'magenta' | 'cyan';

const codes: Readonly<Record<Style, string>> = { dim: '2', bold: '1', red: '31', green: '32', yellow: '33', blue: '34', magenta: '35', cyan: '36' };

/** Text in a colour. The text must be clean already. */
export const paint = (style: Style, text: string): string => `\x1b[${codes[style]}m${text}\x1b[0m`;

/** Foreign text as plain lines without control sequences. */
export const cleanLines = (text: string): string[] => stripControl(text).trim().split('\n');

/** Foreign text in one line of at most `limit` characters. */
export function oneLine(text: string, limit = 200): string {
  const line = stripControl(text).replace(/\s+/g, ' ').trim();
  return line.length <= limit ? line : `${line.slice(0, limit - 1)}…`;
}

/** The first lines of an output, indented and dim, with a count of what was left out. */
export function excerpt(text: string, limit = 8): string[] {
  const lines = cleanLines(text);
  if (lines.length === 1 && lines[0] === '') return [];
  const shown = lines.slice(0, limit).map((line) => paint('dim', `  ${line.slice(0, 400)}`));
  return lines.length <= limit ? shown : [...shown, paint('dim', `  … ${lines.length - limit} more lines`)];
}
