/** How the command line speaks: results on stdout, everything else on stderr, JSON alone when it was asked for. */
import { createInterface } from 'node:readline';
import { describeError, type AppError } from '../../shared/errors';
import { errorExitCode } from './exit-code';

/** Text for a terminal: control characters of foreign text (task titles, file names) cannot move the cursor. */
export function plain(text: string): string {
  // eslint-disable-next-line no-control-regex
  return text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, '�');
}

/** Prints one line to stdout. */
export function print(text: string): void {
  process.stdout.write(`${plain(text)}\n`);
}

/** Prints one line to stderr. */
export function say(text: string): void {
  process.stderr.write(`${plain(text)}\n`);
}

/** Prints one JSON value on one line of stdout. */
export function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}

/** Says what went wrong and returns the exit code for it. */
export function fail(error: AppError): number {
  const { title, detail, hint } = describeError(error);
  say(`braid: ${title}`);
  if (detail) say(`  ${detail}`);
  if (hint) say(`  ${hint}`);
  return errorExitCode(error);
}

/** True when a person can be asked. */
export const canAsk = (): boolean => process.stdin.isTTY === true && process.stderr.isTTY === true;

/** Asks a yes-or-no question at the terminal; anything but y or yes is no. */
export function ask(question: string): Promise<boolean> {
  const reader = createInterface({ input: process.stdin, output: process.stderr });
  return new Promise((resolve) => {
    reader.once('close', () => resolve(false));
    reader.question(`${plain(question)} [y/N] `, (answer) => {
      resolve(/^y(es)?$/i.test(answer.trim()));
      reader.close();
    });
  });
}
