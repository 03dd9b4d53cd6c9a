/** How the application starts once, and ends without losing a run. */
import { resolve } from 'node:path';
import { app, type BrowserWindow } from 'electron';
import type { LaunchRequest } from '../app-types';
import { readArguments } from './argv';
import { askQuit } from './dialogs';

/** What ending must do; all resolve when it is done. */
export interface Ending {
  liveRun(): string | null;
  outlives(): Promise<{ readonly can: boolean; readonly minutes: number }>;
  stopAll(): Promise<void>;
  leaveAll(): Promise<void>;
  dispose(): Promise<void>;
}

/** Applies what must be known before Electron is ready, and returns the request with absolute paths. */
export function readLaunch(argv: readonly string[]): LaunchRequest {
  const { userDataDir, ...request } = readArguments(argv.slice(1));
  if (userDataDir !== null) app.setPath('userData', resolve(userDataDir));
  return { ...request, spec: request.spec === null ? null : resolve(request.spec), repo: request.repo === null ? null : resolve(request.repo) };
}

/** Whether this is the first start; a later one hands its request over to the first and must quit. */
export function isFirstStart(request: LaunchRequest): boolean {
  return app.requestSingleInstanceLock({ path: request.spec ?? request.repo });
}

/** Calls `take` with the path that a later start asks for, or null when it names none. */
export function onLaterStart(take: (path: string | null) => void): void {
  app.on('second-instance', (_event, _argv, _cwd, handed: unknown) => {
    const path = typeof handed === 'object' && handed !== null && 'path' in handed ? handed.path : null;
    take(typeof path === 'string' ? path : null);
  });
}

/*
 *  close ──► run going? ── no ──► dispose ──► destroy ──► quit
 *               │ yes
 *               ▼
 *            ask ── Cancel ──► stay open
 *               ├── Stop and quit ──► stop every lane ──► dispose ──► destroy ──► quit
 *               └── Keep running ──► let go of the run ──► dispose ──► destroy ──► quit
 */
/** Makes closing ask while a run goes on; nothing goes on without Braid unless the person says so. */
export function guardClose(window: BrowserWindow, ending: Ending): void {
  let state: 'open' | 'asking' | 'ending' = 'open';
  const ask = async (): Promise<Awaited<ReturnType<typeof askQuit>>> => {
    if (ending.liveRun() === null) return 'stop';
    state = 'asking';
    const { can, minutes } = await ending.outlives();
    return askQuit(window, can ? minutes : null);
  };
  const end = async (): Promise<void> => {
    const answer = await ask();
    if (answer === 'cancel') {
      state = 'open';
      return;
    }
    state = 'ending';
    await (answer === 'keep' ? ending.leaveAll() : ending.stopAll());
    await ending.dispose();
    window.destroy();
    app.quit();
  };
  window.on('close', (event) => {
    event.preventDefault();
    if (state === 'open') void end();
  });
}

/** A signal ends the application without asking: there may be nobody to ask. Work is kept and nothing is orphaned. */
export function guardSignals(ending: Ending): void {
  let ended = false;
  const end = async (): Promise<void> => {
    if (ended) return;
    ended = true;
    await ending.stopAll();
    await ending.dispose();
    app.exit(130);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void end());
}
