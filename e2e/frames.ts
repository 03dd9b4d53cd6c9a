/** What a person feels: the time from each frame to the next, tasks that block the page, and how much of the page changes. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ElectronApplication, Page } from '@playwright/test';

interface Seen {
  /** Milliseconds from each frame to the next. */
  readonly frames: readonly number[];
  /** Milliseconds of each task that blocked the page for more than 50. */
  readonly long: readonly number[];
  /** Nodes that were added or removed. */
  readonly nodes: number;
}

export interface Frames extends Seen {
  readonly what: string;
  /** Milliseconds of processor time that the page's main thread took: what other programs on the machine do hardly changes it. */
  readonly busy: number;
}

export interface FrameRecorder {
  /** Records an action until what it caused is on the screen; the element that `until` names says its text then. */
  record(what: string, action: () => Promise<unknown>, until?: { readonly selector: string; readonly text: string }): Promise<Frames>;
  /** Waits until so many frames were drawn. */
  settle(frames: number): Promise<void>;
}

const settleFrames = 12;

/** Puts `recorder.js` into the page. */
export async function frameRecorder(page: Page): Promise<FrameRecorder> {
  await page.evaluate(await readFile(join(__dirname, 'recorder.js'), 'utf8'));
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Performance.setTimeDomain', { timeDomain: 'threadTicks' });
  await devtools.send('Performance.enable');
  const busy = async (): Promise<number> => {
    const { metrics } = await devtools.send('Performance.getMetrics');
    return (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? 0) * 1000;
  };
  const settle = async (frames: number): Promise<void> => { await page.evaluate(`recorder.settle(${frames})`); };
  return {
    settle,
    record: async (what, action, until) => {
      await settle(settleFrames);
      const before = await busy();
      await page.evaluate('void (recorder.stop = recorder.start())');
      const said = until === undefined ? null : page.evaluate(`recorder.says(${JSON.stringify(until.selector)}, ${JSON.stringify(until.text)})`);
      await action();
      await said;
      await settle(settleFrames);
      const seen = await page.evaluate<Seen>('recorder.stop()');
      return { what, busy: await busy() - before, ...seen };
    },
  };
}

const at = (sorted: readonly number[], share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
const list = (values: readonly number[]): string => (values.length === 0 ? 'none' : values.map(Math.round).join(' '));

/** One line of the table: frames, their median, p95 and longest, those over 50 ms, blocking tasks, processor time, nodes. */
export function frameLine({ what, frames, long, nodes, busy }: Frames): string {
  const sorted = [...frames].sort((a, b) => a - b);
  const cells = [what, frames.length, at(sorted, 0.5).toFixed(1), at(sorted, 0.95).toFixed(1), (sorted.at(-1) ?? 0).toFixed(1), list(sorted.filter((frame) => frame > 50.5)), list(long), Math.round(busy), nodes];
  return `| ${cells.join(' | ')} |`;
}

/** Head of the table that `frameLine` fills. */
export const frameHead = '| action | frames | median, ms | p95, ms | longest, ms | over 50 ms | blocking tasks, ms | processor, ms | nodes changed |\n| --- | --- | --- | --- | --- | --- | --- | --- | --- |';

/** Counts the messages that the main process sends to the page from now on; each call says how many since the last one, and their JSON length. */
export async function countMessages(app: ElectronApplication): Promise<() => Promise<{ readonly messages: number; readonly bytes: number }>> {
  const counter = await app.evaluateHandle(({ BrowserWindow }) => {
    const seen = { messages: 0, bytes: 0 };
    const page = BrowserWindow.getAllWindows()[0]?.webContents;
    if (page === undefined) throw new Error('Internal error: no window');
    const send = page.send.bind(page);
    page.send = (channel, ...args) => {
      seen.messages += 1;
      seen.bytes += JSON.stringify(args).length;
      send(channel, ...args);
    };
    return seen;
  });
  return () => counter.evaluate((seen) => {
    const now = { ...seen };
    seen.messages = 0;
    seen.bytes = 0;
    return now;
  });
}
