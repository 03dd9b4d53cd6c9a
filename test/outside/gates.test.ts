import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { atTerminal } from './at-terminal';
import { createBench, runArgs, type Bench, type BraidEvent, type Ended } from './braid';

const tasks = '## Phase 1: Setup\n\n- [ ] T001 Write src/T001.txt\n- [ ] T002 Write src/T002.txt\n- [ ] Checkpoint: the page looks right\n\n## Phase 2: Work\n\n- [ ] T003 Write src/T003.txt\n- [ ] T004 [P] Write src/T004.txt\n';
const writes = { write: { 'src/{{task}}.txt': '{{task}}\n' }, commit: true };
const of = (type: string) => (event: BraidEvent): boolean => event.type === type;
const isRed = (event: BraidEvent): boolean => event.type === 'run.paused' && event['cause'] === 'gate';

let bench: Bench;
afterEach(() => bench.cleanup());

interface Gate { readonly gate: number; readonly phases: readonly string[]; readonly state: string; readonly commit: string | null; readonly from: string; readonly snapshot: string | null; readonly fixes: number; readonly manual: readonly { title: string }[] }
interface Status { readonly state: string; readonly gates: readonly Gate[]; readonly tasks: readonly { id: string; state: string }[] }
const status = async (): Promise<Status | undefined> => (JSON.parse((await bench.braid(['status', '--json'])).stdout) as { runs: Status[] }).runs[0];
const runOf = (ended: Ended): string => String(ended.events()[0]?.['run']);
const integration = (run: string): string => `braid/001-demo/${run}/integration`;

/** A check that passes for the first `green` calls (lane and merged tree of each task) and then fails wherever `fixed.txt` is missing. */
async function check(green: number): Promise<string> {
  const script = join(bench.outside, 'check.cjs');
  await writeFile(script, `const { appendFileSync, existsSync, readFileSync } = require('node:fs');
    const calls = ${JSON.stringify(join(bench.outside, 'calls'))};
    appendFileSync(calls, '.');
    if (readFileSync(calls, 'utf8').length > ${green} && !existsSync('fixed.txt')) { console.log('three of nine tests fail'); process.exit(1); }`);
  return `'${process.execPath}' '${script}'`;
}
const guided = (command: string): string[] => ['--style', 'guided', '--max-parallel', '1', '--check', command];
const fixes = { write: { 'fixed.txt': 'mended\n' }, commit: true };

describe('the gate of a phase', () => {
  test('passes on green checks, shows what a person verifies, and stores the checkpoint', async () => {
    bench = await createBench(tasks);
    await bench.plan({ '*': writes });
    const ended = await bench.run(['--style', 'guided', '--check', 'true']);
    expect(ended.code, ended.stderr).toBe(6);
    const events = ended.events();
    const run = runOf(ended);
    const tip = (await bench.git('rev-parse', integration(run))).trim();
    expect(events.find(of('gate.opened'))).toMatchObject({ gate: 1, phases: ['Setup'], tasks: ['T001', 'T002'], manual: [{ title: expect.stringContaining('the page looks right') }] });
    expect(events.find(of('gate.checked'))).toMatchObject({ commit: tip, checks: [{ command: 'true', exitCode: 0, where: 'merged' }] });
    expect(events.find(of('run.paused'))).toMatchObject({ checkpoint: true, reason: expect.stringMatching(/^Setup has ended: .*checks passed \(true\); 1 to verify by hand/) });
    expect((await status())?.gates).toMatchObject([{ gate: 1, state: 'open', commit: tip }]);
    const second = await bench.braid(['resume', '--json']);
    expect(second.code, second.stderr).toBe(0);
    expect(second.events().filter(of('gate.closed'))).toMatchObject([{ gate: 1, result: 'passed', commit: tip }, { gate: 2, result: 'passed' }]);
    expect((await status())?.gates).toMatchObject([{ gate: 1, state: 'passed', commit: tip }, { gate: 2, state: 'passed', from: tip }]);
  });

  test('says that no checks are configured, and does not claim that it passed', async () => {
    bench = await createBench(tasks);
    await bench.plan({ '*': writes });
    const ended = await bench.run(['--style', 'guided', '--yes']);
    expect(ended.code, ended.stderr).toBe(0);
    expect(ended.events().find(of('run.paused'))?.reason).toContain('no checks are configured');
    expect((await status())?.gates.map(({ state }) => state)).toEqual(['unchecked', 'unchecked']);
  });

  test('that checks refuse is mended by the second fix attempt, which is told the output', async () => {
    bench = await createBench(tasks);
    await bench.plan({ '*': writes, 'gate-1-fix-1': { write: { 'tried.txt': 'x\n' }, commit: true }, 'gate-1-fix-2': fixes });
    const ended = await bench.run(guided(await check(4)));
    expect(ended.code, ended.stderr).toBe(6);
    const events = ended.events();
    const run = runOf(ended);
    expect(events.filter(of('gate.checked')).map(({ checks }) => (checks as { exitCode: number }[])[0]?.exitCode)).toEqual([1, 0]);
    expect(events.filter(of('gate.fixing'))).toHaveLength(2);
    expect(events.filter((event) => event.type === 'task.finished' && event.task?.startsWith('gate-')).map(({ outcome }) => outcome)).toEqual(['failed', 'done']);
    expect(events.find((event) => event.type === 'run.paused')?.reason).toContain('checks passed');
    const prompt = await readFile(join(bench.dir, '.git/braid/runs', run, 'prompts', 'gate-1-fix-1-1.md'), 'utf8');
    expect(prompt).toContain('three of nine tests fail');
    // The fix is merged like a task, and the plan counts only its own.
    expect(await bench.git('log', '-1', '--format=%s%n%(trailers)', integration(run))).toMatch(/^gate-1-fix-2: Mend what the checks refuse after Setup\n[^]*Braid-Task: gate-1-fix-2/);
    expect(events.at(-1)).toMatchObject({ type: 'run.finished', done: 2 });
    const second = await bench.braid(['resume', '--json']);
    expect(second.code, second.stderr).toBe(0);
  });

  test('that stays red after three looks halts the run; a person skips it, and it is never said to have passed', async () => {
    bench = await createBench(tasks);
    await bench.plan({ '*': writes, 'gate-1-fix-1': { write: { 'a.txt': 'x\n' }, commit: true }, 'gate-1-fix-2': { write: {} } });
    const ended = await bench.run(guided(await check(4)));
    expect(ended.code, ended.stderr).toBe(6);
    const events = ended.events();
    const run = runOf(ended);
    expect(events.filter(of('gate.fixing'))).toHaveLength(2);
    expect(events.find(isRed)).toMatchObject({ checkpoint: true, reason: expect.stringMatching(/^Setup has ended, but a check fails on what is merged \(exit code 1\), after 2 fix attempts: /) });
    expect(events.some((event) => event.task === 'T003')).toBe(false);
    expect((await bench.braid(['gate', run, 'pass', '--json'])).code).toBe(6);
    await writeFile(join(bench.outside, 'calls'), '');
    const second = await bench.braid(['gate', run, 'skip', '--json']);
    expect(second.events().find(of('gate.closed'))).toMatchObject({ gate: 1, result: 'failed' });
    expect((await status())?.gates[0]).toMatchObject({ state: 'failed' });
    expect((await status())?.tasks.map(({ state }) => state)).toEqual(['done', 'done', 'done', 'done']);
  });

  test('--yes goes on past a red gate, records it as failed, takes nothing back and lands nothing', async () => {
    bench = await createBench(tasks);
    await bench.plan({ '*': writes, 'gate-1-fix-1': { write: {} }, 'gate-1-fix-2': { write: {} } });
    const command = await check(4);
    const ended = await bench.run([...guided(command), '--yes', '--land', 'auto']);
    expect(ended.code, ended.stderr).not.toBe(0);
    expect(ended.events().some(({ type }) => type === 'gate.reverting' || type === 'run.landed')).toBe(false);
    expect(ended.events().find(of('gate.closed'))).toMatchObject({ result: 'failed' });
    // What refuses is not told as passed to whoever lands.
    expect(ended.events().find(of('landing.ready'))).toMatchObject({ report: { checks: [{ exitCode: 1 }] } });
  });

  test('takes a phase back: the branch returns, what it held is kept, its tasks are open again and are done again', async () => {
    bench = await createBench(tasks);
    await bench.plan({ '*': writes, 'gate-1-fix-1': { write: {} }, 'gate-1-fix-2': { write: {} } });
    const ended = await bench.run(guided(await check(4)));
    const run = runOf(ended);
    const before = (await bench.git('rev-parse', integration(run))).trim();
    expect((await bench.braid(['gate', run, 'revert', '--json'])).code).toBe(6);
    expect((await bench.git('rev-parse', integration(run))).trim()).toBe(before);
    const back = await bench.braid(['gate', run, 'revert', '--yes', '--json']);
    expect(back.code, back.stderr).toBe(6);
    const base = (await bench.git('rev-parse', 'main')).trim();
    expect((await bench.git('rev-parse', integration(run))).trim()).toBe(base);
    expect((await bench.git('rev-parse', `refs/braid/snapshots/${run}/gate-1`)).trim()).toBe(before);
    expect(back.events().filter(of('task.reopened')).map(({ task }) => task)).toEqual(['T001', 'T002']);
    expect(back.events().find((event) => event.type === 'run.paused')?.reason).toContain(`refs/braid/snapshots/${run}/gate-1`);
    expect(await status()).toMatchObject({ gates: [{ state: 'reverted', snapshot: `refs/braid/snapshots/${run}/gate-1` }], tasks: [{ state: 'pending' }, { state: 'pending' }, { state: 'pending' }, { state: 'pending' }] });
    await writeFile(join(bench.outside, 'calls'), '');
    const again = await bench.braid(['resume', '--json']);
    expect(again.code, again.stderr).toBe(6);
    expect(again.events().filter(of('task.integrated')).map(({ task }) => task)).toEqual(['T001', 'T002']);
    expect(await bench.git('show', `${integration(run)}:specs/001-demo/tasks.md`)).toContain('[X] T002');
  });

  test('survives being killed while its checks run, while an agent mends, and while a person is waited for', async () => {
    bench = await createBench(tasks);
    const gate = bench.gate('fix-may-end');
    await bench.plan({ '*': writes, 'gate-1-fix-1': { ...fixes, until: gate.path } });
    const command = await check(4);
    const first = bench.start(runArgs(...guided(command)));
    await first.event(of('gate.opened'));
    first.process.kill('SIGKILL');
    await first.ended;
    const second = bench.start(['resume', '--json']);
    await second.event((event) => event.type === 'task.started' && event.task === 'gate-1-fix-1');
    second.process.kill('SIGKILL');
    await second.ended;
    // The agent goes on in its host, and the next Braid takes it over: no other attempt is begun.
    await gate.open();
    const third = await bench.braid(['resume', '--json']);
    expect(third.code, third.stderr).toBe(6);
    expect(third.events().some(of('gate.fixing'))).toBe(false);
    expect(third.events().find((event) => event.type === 'task.integrated')).toMatchObject({ task: 'gate-1-fix-1' });
    expect(third.events().find(of('gate.checked'))).toMatchObject({ checks: [{ exitCode: 0 }] });
    expect(third.events().find(of('run.paused'))?.reason).toContain('checks passed');
    expect((await bench.braid(['gate', runOf(third), 'pass', '--json'])).code).toBe(0);
    expect((await status())?.gates.map(({ state }) => state)).toEqual(['passed', 'passed']);
  });

  test('finishes taking a phase back that a crash cut off', async () => {
    bench = await createBench(tasks);
    await bench.plan({ '*': writes, 'gate-1-fix-1': { write: {} }, 'gate-1-fix-2': { write: {} } });
    const ended = await bench.run(guided(await check(4)));
    const run = runOf(ended);
    const base = (await bench.git('rev-parse', 'main')).trim();
    const before = (await bench.git('rev-parse', integration(run))).trim();
    const snapshot = `refs/braid/snapshots/${run}/gate-1`;
    // What the journal holds when Braid dies right behind the decision.
    const journal = join(bench.dir, '.git/braid/runs', run, 'journal.jsonl');
    const stamp = { at: new Date(0).toISOString(), run };
    const cut = [{ type: 'run.resumed', ...stamp }, { type: 'gate.reverting', ...stamp, gate: 1, to: base, snapshot }].map((event) => `${JSON.stringify(event)}\n`).join('');
    const whole = await readFile(journal, 'utf8');
    for (const branch of [before, base]) {
      await writeFile(journal, `${whole}${cut}`);
      await bench.git('update-ref', `refs/heads/${integration(run)}`, branch);
      const resumed = await bench.braid(['resume', '--json']);
      expect(resumed.code, resumed.stderr).toBe(6);
      expect(resumed.events().find(of('gate.reverted'))).toMatchObject({ gate: 1, commit: base });
      expect((await bench.git('rev-parse', integration(run))).trim()).toBe(base);
      expect((await bench.git('rev-parse', snapshot)).trim()).toBe(before);
      expect((await status())?.tasks.map(({ state }) => state)).toEqual(['pending', 'pending', 'pending', 'pending']);
    }
  });

  test('asks at a terminal: errors first, then the phase is taken back after the typed word', async () => {
    bench = await createBench(tasks);
    await bench.plan({ '*': writes, 'gate-1-fix-1': { write: {} }, 'gate-1-fix-2': { write: {} } });
    const args = runArgs(...guided(await check(4))).filter((arg) => arg !== '--json');
    const { code, shown } = await atTerminal(bench, args, [
      ['Stop here', 'e'], ['Stop here', 'r'], ['Type revert to do that:', 'no'], ['Stop here', 'r'], ['Type revert to do that:', 'revert'], ['are open again. Go on?', 'n'],
    ]);
    expect(code, shown).toBe(6);
    expect(shown).toContain('three of nine tests fail');
    expect(shown).toContain('Gate of Setup: fix attempt 2 of 2');
    expect((await status())?.gates).toMatchObject([{ state: 'reverted' }]);
  });

  test('shows at a terminal what is left to verify, and the checkpoint', async () => {
    bench = await createBench(tasks);
    await bench.plan({ '*': writes, 'gate-1-fix-1': { write: {} }, 'gate-1-fix-2': { write: {} } });
    const args = runArgs('--style', 'guided', '--check', 'true', '--land', 'never').filter((arg) => arg !== '--json');
    const { code, shown } = await atTerminal(bench, args, [['Go on?', 'y']]);
    expect(code, shown).toBe(0);
    expect(shown).toMatch(/To verify by hand:\s+\[ \] Checkpoint: the page looks right \(tasks\.md, line 5\)/);
    expect(shown).toMatch(/Checkpoint [0-9a-f]{9} after Setup: its checks passed/);
  });

  const fixMerged = (event: BraidEvent): boolean => event.type === 'task.integrated' && event.task === 'gate-1-fix-1';
  test.each([['gate.opened', of('gate.opened')], ['gate.checked', of('gate.checked')], ['gate.fixing', of('gate.fixing')], ['a merged fix', fixMerged]] as const)('killed at %s, it comes to the same end on resume', async (_, at) => {
    bench = await createBench(tasks);
    await bench.plan({ '*': writes, 'gate-1-fix-1': fixes, 'gate-1-fix-2': fixes });
    const first = bench.start(runArgs(...guided(await check(4))));
    await first.event(at);
    first.process.kill('SIGKILL');
    await first.ended;
    let last = await bench.braid(['resume', '--json']);
    // With nobody there a resume is the word to go on: how many it takes depends on how far the first came.
    for (let times = 0; last.code === 6 && times < 2; times += 1) last = await bench.braid(['resume', '--json']);
    expect(last.code, last.stderr).toBe(0);
    const run = String(last.events()[0]?.['run']);
    expect((await status())?.gates.map(({ state }) => state)).toEqual(['passed', 'passed']);
    const merges = (await bench.git('log', '--first-parent', '--format=%s', `main..${integration(run)}`)).split('\n').map((subject) => subject.split(':')[0]);
    expect(merges.filter((subject) => subject?.startsWith('T')).sort()).toEqual(['T001', 'T002', 'T003', 'T004']);
    expect(merges).toContain('gate-1-fix-1');
  });

  test.each(['gate.reverting', 'task.reopened', 'gate.reverted'])('killed at %s while a phase is taken back, resume finishes that', async (type) => {
    bench = await createBench(tasks);
    await bench.plan({ '*': writes, 'gate-1-fix-1': { write: {} }, 'gate-1-fix-2': { write: {} } });
    const run = runOf(await bench.run(guided(await check(4))));
    const before = (await bench.git('rev-parse', integration(run))).trim();
    const reverting = bench.start(['gate', run, 'revert', '--yes', '--json']);
    await reverting.event(of(type));
    reverting.process.kill('SIGKILL');
    await reverting.ended;
    await writeFile(join(bench.outside, 'calls'), '');
    // Once to finish it and to ask, once to do the phase anew.
    const resumed = [await bench.braid(['resume', '--json']), await bench.braid(['resume', '--json'])].flatMap((ended) => ended.events());
    expect(await status()).toMatchObject({ gates: [{ state: 'reverted' }, { phases: ['Setup'] }] });
    expect((await bench.git('rev-parse', `refs/braid/snapshots/${run}/gate-1`)).trim()).toBe(before);
    expect(resumed.filter(({ type: is, task }) => is === 'task.integrated' && task === 'T001')).toHaveLength(1);
  });
});
