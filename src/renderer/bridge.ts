/** The window's side of the contract: typed calls to the main process, and one place where failures become visible. */
import type { AppError } from '../shared/errors';
import type { Bridge, CommandInput, CommandName, CommandOutput } from '../shared/ipc';
import { type Result, err } from '../shared/result';

declare global {
  interface Window {
    /** Set by the preload script before any of our code runs. */
    readonly braid: Bridge;
  }
}

let showFailure: (error: AppError) => void = () => undefined;

/** Says who shows the failures of `perform`; the store registers itself at start. */
export function onFailure(show: (error: AppError) => void): void {
  showFailure = show;
}

/** Calls a command and leaves its failure to the caller. A call that breaks in transport is an `internal` error. */
export async function ask<K extends CommandName>(command: K, input: CommandInput<K>): Promise<Result<CommandOutput<K>, AppError>> {
  try {
    return await window.braid.invoke(command, input);
  } catch (thrown) {
    return err({ kind: 'internal', detail: `${command}: ${thrown instanceof Error ? thrown.message : String(thrown)}` });
  }
}

/** Calls a command and shows its failure as a notice that stays until dismissed. The result is returned as well. */
export async function perform<K extends CommandName>(command: K, input: CommandInput<K>): Promise<Result<CommandOutput<K>, AppError>> {
  const result = await ask(command, input);
  if (!result.ok) showFailure(result.error);
  return result;
}

/** Listens to everything main tells the window; returns the function that ends the subscription. */
export const subscribe: Bridge['subscribe'] = (listener) => window.braid.subscribe(listener);

/** Absolute path of a dropped file or folder; empty when it is not from the disk. */
export const pathOf: Bridge['pathOf'] = (file) => window.braid.pathOf(file);
