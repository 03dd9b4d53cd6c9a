/** The command line at a terminal, with a person who answers. */
import { join, resolve } from 'node:path';
import { startPty } from '../../src/main/core/terminals/pty';
import type { Bench } from './braid';

/** Runs `braid` in a pseudo-terminal. Each answer is typed once its question shows, in order; resolves with exit code and all that was shown. */
export async function atTerminal(bench: Bench, args: readonly string[], answers: readonly (readonly [question: string, answer: string])[]): Promise<{ readonly code: number | null; readonly shown: string }> {
  const bin = process.env['BRAID_BIN'] ?? join(resolve(__dirname, '..', '..'), 'bin', 'braid.js');
  const env = Object.fromEntries(Object.entries(process.env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const])));
  const started = startPty({
    argv: [process.execPath, bin, ...args], cwd: bench.dir, cols: 200, rows: 40,
    env: { ...env, PUPPET_PLAN: join(bench.outside, 'plan.json'), PUPPET_LOG: join(bench.outside, 'log.jsonl'), BRAID_CONFIG_DIR: join(bench.outside, 'config') },
  });
  if (!started.ok) throw new Error(`Internal error: no terminal: ${started.error.kind}`);
  let shown = '';
  let from = 0;
  const waiting = [...answers];
  started.value.onData((bytes) => {
    shown += Buffer.from(bytes).toString('utf8');
    for (let [next] = waiting; next; [next] = waiting) {
      const at = shown.indexOf(next[0], from);
      if (at < 0) return;
      from = at + next[0].length;
      waiting.shift();
      started.value.write(`${next[1]}\r`);
    }
  });
  const { exitCode } = await started.value.ended;
  return { code: exitCode, shown };
}
