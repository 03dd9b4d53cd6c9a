/** Median of a list of numbers; the mean of the middle two for an even count. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2;
}

/** Milliseconds of one call. `fastest` tells what the machine can do when nothing else runs on it, `processor` (median, all threads) what others on it change least. */
export interface Timing {
  readonly median: number;
  readonly fastest: number;
  readonly processor: number;
}

/** Times `times` calls after `warmUp` that are not counted. */
export async function timed(times: number, work: () => unknown, warmUp = 1): Promise<Timing> {
  const taken: number[] = [];
  const used: number[] = [];
  for (let n = -warmUp; n < times; n += 1) {
    const before = process.cpuUsage();
    const began = performance.now();
    await work();
    if (n < 0) continue;
    taken.push(performance.now() - began);
    const { user, system } = process.cpuUsage(before);
    used.push((user + system) / 1000);
  }
  return { median: median(taken), fastest: Math.min(...taken), processor: median(used) };
}

/** The median of `timed`. */
export const measure = async (times: number, work: () => unknown): Promise<number> => (await timed(times, work)).median;

/** Prints a Markdown table. */
export function printTable(head: readonly string[], rows: readonly (readonly (string | number)[])[]): void {
  const line = (cells: readonly (string | number)[]): string => `| ${cells.map((cell) => (typeof cell === 'number' ? cell.toFixed(cell < 10 ? 2 : 0) : cell)).join(' | ')} |`;
  process.stdout.write([line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n') + '\n');
}
