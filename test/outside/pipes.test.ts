/** Named pipes where Braid, or a git of its own, reads a file: whoever opens one waits for its other end, and nobody is there. */
import { afterEach, expect, test } from 'vitest';
import { appears, createBench, runArgs, type Bench, type Ended } from './braid';
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

test('a pipe that git would wait for is its task\'s failure, named; the others are done, and the run ends', { timeout: 180_000 }, async () => {
  bench = await createBench('- [ ] T001 [P] Write src/T001.txt\n- [ ] T002 [P] Write src/T002.txt\n');
  await bench.plan({ T001: { ...own, run: pipe('src/.gitignore') }, T002: own });
  const ended = await bench.run(['--max-parallel', '2']);
  expect(ended.code, ended.stderr).toBe(1);
  const ends = new Map(ended.events().filter(({ type }) => type === 'task.finished').map((event) => [event.task, event]));
  expect(ends.get('T001')).toMatchObject({ outcome: 'failed', reason: expect.stringMatching(/\/src\/\.gitignore is a named pipe.*Remove the pipe/) });
  expect(ends.get('T002')).toMatchObject({ outcome: 'done' });
  const lane = String(ends.get('T001')?.lane);
  expect(ended.events()).toContainEqual(expect.objectContaining({ type: 'lane.parked', lane, reason: 'keeps the work of T001' }));
});

const hangs = 'git config filter.wait.clean "cat >/dev/null; exec sleep 100000"; echo "*.txt filter=wait" > .gitattributes';

test('a git that waits for anything else is ended with all that it started, after its limit', { timeout: 180_000 }, async () => {
  bench = await createBench('- [ ] T001 Write src/T001.txt\n');
  await bench.plan({ T001: { ...own, run: hangs } });
  const ended = await bench.run([], { BRAID_GIT_TIMEOUT: '2' });
  expect(ended.code, ended.stderr).toBe(1);
  expect(ended.events().filter(({ type }) => type === 'task.finished').at(-1)).toMatchObject({ outcome: 'failed', reason: expect.stringMatching(/^git update-index did not end within \d+ seconds and was ended\./) });
});

test.each(['SIGTERM', 'SIGKILL'] as const)('a run whose git hangs ends on %s, and goes on afterwards', { timeout: 180_000 }, async (signal) => {
  bench = await createBench('- [ ] T001 Write src/T001.txt\n- [ ] T002 Write src/T002.txt\n');
  const began = bench.gate('began');
  const filter = `cat >/dev/null; touch '${began.path}'; exec sleep 100000`;
  await bench.plan({ '*': own, T001: { ...own, attempts: [{ run: `git config filter.wait.clean "${filter}"; echo "*.txt filter=wait" > .gitattributes` }, { run: 'git config --unset filter.wait.clean; rm .gitattributes' }] } });
  const going = bench.start(runArgs('--max-parallel', '1'), { BRAID_GIT_TIMEOUT: '3' });
  await appears(began.path);
  going.process.kill(signal);
  const ended = await going.ended;
  if (signal === 'SIGTERM') expect(ended.code, ended.stderr).toBe(130);
  const resume = (): Promise<Ended> => bench.braid(['resume', '--choice', 'retry', '--json'], { BRAID_GIT_TIMEOUT: '3' });
  // The agent of the run that was killed had ended: its attempt is judged first, and meets the same.
  if (signal === 'SIGKILL') expect((await resume()).code).toBe(1);
  const resumed = await resume();
  expect(resumed.code, resumed.stderr).toBe(0);
  expect(resumed.events().filter(({ type }) => type === 'run.finished').at(-1)).toMatchObject({ status: 'done' });
});
