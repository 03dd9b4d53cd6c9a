/**
 * The two channels between window and main process. `command`: the sender is checked, then the name, then the input is
 * parsed, then the handler runs. `event`: what happens in one turn of the loop travels as one message.
 */
import { ipcMain, type IpcMainInvokeEvent, type WebContents } from 'electron';
import { commands, type AppEvent, type CommandName, type Handlers } from '../../shared/ipc';
import type { AppError } from '../../shared/errors';
import { err, type Result } from '../../shared/result';

const isCommand = (name: unknown): name is CommandName => typeof name === 'string' && Object.hasOwn(commands, name);

const invalid = (command: string, detail: string): Result<never, AppError> => err({ kind: 'ipc/invalid', command, detail });

/** Parses an input and calls its handler. Anything but a known name with fitting input is an `ipc/invalid`; an exception is a bug and becomes `internal`. */
export async function dispatch(handlers: Handlers, name: unknown, input: unknown): Promise<Result<unknown, AppError>> {
  if (!isCommand(name)) return invalid(String(name).slice(0, 80), 'unknown command');
  const parsed = commands[name].input.safeParse(input);
  if (!parsed.success) return invalid(name, parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ').slice(0, 500));
  // The map pairs each name with the schema that has just parsed the input; TypeScript cannot follow that through a union of names.
  const handler = handlers[name] as (input: unknown) => Promise<Result<unknown, AppError>>;
  try {
    return await handler(parsed.data);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    return err({ kind: 'internal', detail: error instanceof Error ? error.message : String(error) });
  }
}

/** Whether a message comes from the page that this app loaded, in the top frame of its own window. */
export function isOwnSender(event: Pick<IpcMainInvokeEvent, 'sender' | 'senderFrame'>, own: WebContents | null, url: string): boolean {
  const frame = event.senderFrame;
  if (own === null || event.sender !== own || frame === null || frame !== own.mainFrame) return false;
  return frame.url.split(/[?#]/)[0] === url;
}

/** Answers commands for the window that `own` names at that time. Returns the function that ends it. */
export function serveCommands(handlers: Handlers, own: () => WebContents | null, url: string): () => void {
  ipcMain.handle('command', async (event, name: unknown, input: unknown) => {
    if (!isOwnSender(event, own(), url)) return invalid(String(name).slice(0, 80), 'unknown sender');
    return dispatch(handlers, name, input);
  });
  return () => ipcMain.removeHandler('command');
}

/** Makes the function that publishes events to the window: those of one turn of the loop go together, in order. */
export function createPublisher(own: () => WebContents | null): (event: AppEvent) => void {
  let waiting: AppEvent[] = [];
  const flush = (): void => {
    const batch = waiting;
    waiting = [];
    const target = own();
    if (target !== null && !target.isDestroyed()) target.send('event', batch);
  };
  return (event) => {
    waiting.push(event);
    if (waiting.length === 1) setImmediate(flush);
  };
}
