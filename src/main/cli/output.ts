/** How the command line speaks: results on stdout, everything else on stderr, JSON alone when it was asked for. */
import { createInterface } from 'node:readline';
import { describeError, type AppError } from '../../shared/errors';
import { stripControl } from '../../shared/plain-text';
import { errorExitCode } from './exit-code';

/** Prints one line to stdout; control sequences of foreign text (task titles, file names) do not reach the terminal. */
export function print(text: string): void {
  process.stdout.write(`${stripControl(text)}\n`);
}

/** Prints one line to stderr. */
export function say(text: string): void {
  process.stderr.write(`${stripControl(text)}\n`);
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
    reader.question(`${stripControl(question)} [y/N] `, (answer) => {
      resolve(/^y(es)?$/i.test(answer.trim()));
      reader.close();
    });
  });
}

/** Asks for a word that has to be typed out; '' when the input ends. */
export function askWord(question: string): Promise<string> {
  const reader = createInterface({ input: process.stdin, output: process.stderr });
  return new Promise((resolve) => {
    reader.once('close', () => resolve(''));
    reader.question(`${stripControl(question)} `, (answer) => {
      resolve(answer.trim());
      reader.close();
    });
  });
}

/** Asks for one of several letters; Enter takes `usual`. Null when the input ends or the answer is none of them. */
export function choose(question: string, choices: readonly (readonly [letter: string, label: string])[], usual: string): Promise<string | null> {
  const reader = createInterface({ input: process.stdin, output: process.stderr });
  const lines = choices.map(([letter, label]) => `  [${letter === usual ? letter.toUpperCase() : letter}] ${label}`);
  return new Promise((resolve) => {
    reader.once('close', () => resolve(null));
    reader.question(`${[stripControl(question), ...lines].join('\n')}\n> `, (answer) => {
      const letter = answer.trim().toLowerCase() || usual;
      resolve(choices.some(([known]) => known === letter) ? letter : null);
      reader.close();
    });
  });
}
