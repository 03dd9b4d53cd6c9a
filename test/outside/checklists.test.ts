/** Checklists of a spec are a gate before a run: shown, asked about, never changed (requirement A13). */
import { join, resolve } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { startPty } from '../../src/main/core/terminals/pty';
import { createBench, runArgs, spec, type Bench } from './braid';

const checklist = '# Checklist: Requirements\n\n- [x] CHK001 Goals are stated\n- [ ] CHK002 Edge cases are stated\n- [ ] CHK003 No open questions remain\n';
const finished = '# Checklist: UX\n\n- [X] CHK001 Colours are named\n';

let bench: Bench;
afterEach(() => bench.cleanup());

async function arrange(): Promise<void> {
  bench = await createBench('## Phase 1: Setup\n\n- [ ] T001 Write src/a.txt\n');
  await bench.write(`${spec}/checklists/requirements.md`, checklist);
  await bench.write(`${spec}/checklists/ux.md`, finished);
  await bench.git('add', '-A');
  await bench.git('commit', '-qm', 'checklists');
  await bench.plan({ T001: { write: { 'src/a.txt': 'a\n' }, commit: true } });
}

async function unchanged(): Promise<void> {
  expect(await bench.git('show', `main:${spec}/checklists/requirements.md`)).toBe(checklist.trimEnd());
  expect(await bench.read(`${spec}/checklists/requirements.md`)).toBe(checklist);
  expect(await bench.git('log', '--format=%s', '--', `${spec}/checklists`)).toBe('checklists');
}

describe('unchecked items', () => {
  test('keep a run from starting when nobody can be asked', async () => {
    await arrange();
    const refs = await bench.git('for-each-ref');
    const ended = await bench.run(['--land', 'auto']);
    expect([ended.code, ended.stdout]).toEqual([6, '']);
    expect(ended.stderr).toMatch(/requirements\.md +3 +1 +2/);
    expect(ended.stderr).toContain('line 4: CHK002 Edge cases are stated');
    expect(ended.stderr).toMatch(/ux\.md +1 +1 +-/);
    expect(await bench.git('for-each-ref')).toBe(refs);
    expect(await bench.log()).toEqual([]);
    await unchanged();
  });

  test('are shown and passed with --yes, and stay as they are', async () => {
    await arrange();
    const ended = await bench.run(['--yes', '--land', 'auto']);
    expect(ended.code, ended.stderr).toBe(0);
    expect(ended.stderr).toMatch(/requirements\.md +3 +1 +2/);
    expect(await bench.read(`${spec}/tasks.md`)).toContain('- [X] T001');
    await unchanged();
  });

  test('are shown by a dry run and by the plan, which ask nothing', async () => {
    await arrange();
    for (const args of [['plan', spec], ['run', spec, '--dry-run', '--agent', 'demo']]) {
      const ended = await bench.braid(args);
      expect(ended.code, ended.stderr).toBe(0);
      expect(ended.stdout).toMatch(/requirements\.md +3 +1 +2/);
      expect(ended.stderr).toBe('');
    }
  });

  test('do not matter when there is nothing to do', async () => {
    await arrange();
    await bench.write(`${spec}/tasks.md`, '- [x] T001 Write src/a.txt\n');
    await bench.git('commit', '-qam', 'done');
    expect((await bench.run()).code).toBe(0);
  });
});

/** The command line at a terminal; `answer` is typed when the question comes. */
async function atTerminal(answer: string): Promise<{ readonly code: number | null; readonly shown: string }> {
  const bin = process.env['BRAID_BIN'] ?? join(resolve(__dirname, '..', '..'), 'bin', 'braid.js');
  const env = Object.fromEntries(Object.entries(process.env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const])));
  const started = startPty({
    argv: [process.execPath, bin, ...runArgs('--land', 'auto')], cwd: bench.dir, cols: 100, rows: 40,
    env: { ...env, PUPPET_PLAN: join(bench.outside, 'plan.json'), PUPPET_LOG: join(bench.outside, 'log.jsonl'), BRAID_CONFIG_DIR: join(bench.outside, 'config') },
  });
  if (!started.ok) throw new Error(`Internal error: no terminal: ${started.error.kind}`);
  let shown = '';
  let asked = false;
  started.value.onData((bytes) => {
    shown += Buffer.from(bytes).toString('utf8');
    if (asked || !shown.includes('[y/N]')) return;
    asked = true;
    started.value.write(`${answer}\r`);
  });
  const { exitCode } = await started.value.ended;
  return { code: exitCode, shown };
}

describe('at a terminal', () => {
  test.each([['no', 6, false], ['', 6, false], ['y', 0, true]] as const)('the answer "%s" ends with %i', async (answer, code, ran) => {
    await arrange();
    const ended = await atTerminal(answer);
    expect(ended.shown).toMatch(/requirements\.md +3 +1 +2/);
    expect(ended.shown).toContain('2 items of the checklists are not checked. Run all the same? [y/N]');
    expect(ended.code, ended.shown).toBe(code);
    expect((await bench.log()).length > 0).toBe(ran);
    await unchanged();
  });
});
