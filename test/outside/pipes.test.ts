/** Named pipes where Braid, or a git of its own, reads a file: whoever opens one waits for its other end, and nobody is there. */
import { afterEach, expect, test } from 'vitest';
import { createBench, type Bench } from './braid';
import { marked } from './processes';

let bench: Bench;
afterEach(() => bench.cleanup());

const own = { write: { 'src/{{task}}.txt': '{{task}}\n' } };
const runFolder = '"$(git rev-parse --path-format=absolute --git-common-dir)"/braid/runs/"$BRAID_RUN"';
const pipe = (path: string): string => `rm -f ${path} && mkfifo ${path}`;

test('a pipe in place of the report or of a log is said and holds nobody up', { timeout: 120_000 }, async () => {
  bench = await createBench('- [ ] T001 Write src/T001.txt\n- [ ] T002 Write src/T002.txt (depends on T001)\n');
  await bench.plan({ T001: { ...own, run: pipe('"$BRAID_REPORT"') }, T002: { ...own, run: `${pipe(`${runFolder}/logs/"$BRAID_LANE".log`)}; ${pipe(`${runFolder}/disowned/"$BRAID_LANE".json`)}` } });
  const ended = await bench.run(['--max-parallel', '1', '--setup', 'true', '--check', 'true']);
  expect(ended.code, ended.stderr).toBe(0);
  expect(ended.events().filter(({ type, code }) => type === 'notice' && code === 'report')).toMatchObject([{ task: 'T001', text: "The agent's report was ignored: it is no plain file of at most 1 MB." }]);
  expect(await marked(String(ended.events()[0]?.['run']))).toEqual([]);
});
