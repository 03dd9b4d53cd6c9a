/** Remembers where the window was. */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { BrowserWindow, Rectangle } from 'electron';
import { z } from 'zod';

const schema = z.object({ x: z.number(), y: z.number(), width: z.number().min(300), height: z.number().min(200), maximized: z.boolean() });
export type WindowState = z.infer<typeof schema>;

const fileIn = (folder: string): string => join(folder, 'window.json');

const overlaps = (a: Rectangle, b: Rectangle): boolean =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

/** The remembered state; null when there is none, it cannot be read, or no screen shows that place any more. */
export function readWindowState(folder: string, screens: readonly Rectangle[]): WindowState | null {
  try {
    const parsed = schema.safeParse(JSON.parse(readFileSync(fileIn(folder), 'utf8')));
    return parsed.success && screens.some((screen) => overlaps(parsed.data, screen)) ? parsed.data : null;
  } catch {
    // A missing or broken file only costs the default size.
    return null;
  }
}

/** Writes the state whole; called while the window closes, so it does not wait. A failure is told on stderr: it must not keep the window open. */
export function writeWindowState(folder: string, window: BrowserWindow): void {
  const state: WindowState = { ...window.getNormalBounds(), maximized: window.isMaximized() };
  const path = fileIn(folder);
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    writeFileSync(`${path}.new`, JSON.stringify(state), { mode: 0o600 });
    renameSync(`${path}.new`, path);
  } catch (error) {
    process.stderr.write(`Braid: the window's place was not saved: ${error instanceof Error ? error.message : String(error)}\n`);
  }
}
