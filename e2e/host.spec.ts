/** Terminals outlive the window: Braid killed, or closed while its agents go on; opened again it has them as if nothing had been. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import type { TempRepo } from '../test/temp-repo';
import { createGate, expect, shot, test, type Braid } from './harness';

interface JournalLine {
  readonly type: string;
  readonly task?: string;
  readonly outcome?: string;
}

async function journal(repo: TempRepo): Promise<readonly JournalLine[]> {
  const runs = join(repo.dir, '.git/braid/runs');
  const [run = ''] = await readdir(runs);
  // Lines of the journal are events; the tests look at their fields.
  return (await readFile(join(runs, run, 'journal.jsonl'), 'utf8')).split('\n').filter(Boolean).map((line) => JSON.parse(line) as JournalLine);
}

const startsOf = (lines: readonly JournalLine[]): readonly string[] => lines.filter(({ type }) => type === 'task.started').map(({ task }) => task ?? '').sort();

/** How far the agent of a task has counted, by the logs of the run; 0 before there are any. */
async function counted(repo: TempRepo, task: string): Promise<number> {
  const runs = join(repo.dir, '.git/braid/runs');
  const [run = ''] = await readdir(runs).catch(() => []);
  const logs = join(runs, run, 'logs');
  const texts = await Promise.all((await readdir(logs).catch(() => [])).map((name) => readFile(join(logs, name), 'latin1')));
  const found = texts.map((text) => [...text.matchAll(new RegExp(`^${task} counts (\\d+)\r$`, 'gm'))]).find((matches) => matches.length > 0);
  return Number(found?.at(-1)?.[1] ?? 0);
}

/** The numbers in what a terminal shows, scrolled through from the top. */
async function shown(page: Page, task: string): Promise<readonly number[]> {
  const rows = await page.getByRole('group', { name: /^Terminal / }).filter({ hasText: `${task} counts` }).first().innerText();
  return [...rows.matchAll(new RegExp(`${task} counts (\\d+)`, 'g'))].map(([, number]) => Number(number));
}

/** Every number once and in order: nothing lost, nothing twice. */
const isRow = (numbers: readonly number[]): boolean => numbers.length > 3 && numbers.every((number, index) => index === 0 || number === (numbers[index - 1] ?? 0) + 1);

/** The whole stream as the main process would give it to a viewer. */
function stream(page: Page, task: string): Promise<readonly number[]> {
  return page.evaluate(async (wanted) => {
    // The page's own bridge, as the window uses it.
    const { braid } = globalThis as unknown as { braid: { invoke(command: string, input: object): Promise<{ value?: { data?: Uint8Array; text?: string } | null }> } };
    const snapshot = JSON.parse((await braid.invoke('app.snapshot', {})).value?.text ?? '{}');
    const run = snapshot.runs.find(({ id }: { id: string }) => id === snapshot.currentRun);
    const texts = await Promise.all(Object.keys(run.lanes).map(async (lane) => new TextDecoder().decode((await braid.invoke('terminal.attach', { terminal: `${run.id}/${lane}` })).value?.data)));
    const text = texts.find((candidate) => candidate.includes(`${wanted} counts`)) ?? '';
    return [...text.matchAll(new RegExp(`${wanted} counts (\\d+)\r+\n`, 'g'))].map(([, number]) => Number(number));
  }, task);
}

async function until(done: () => Promise<boolean>): Promise<void> {
  await expect.poll(done, { intervals: [50] }).toBe(true);
}

async function kill({ app }: Braid): Promise<void> {
  const main = app.process();
  const gone = new Promise<void>((done) => main.once('exit', () => done()));
  main.kill('SIGKILL');
  await gone;
}

const countingAgent = `"${process.execPath}" "${join(__dirname, 'counting-agent.mjs')}"`;

test('Braid killed while agents write: opened again, it shows their terminals without a gap or a repeat, and the run goes on', async ({ launch, repo, scratch }, info) => {
  const gate = await createGate(scratch);
  const args = ['--spec', join(repo.dir, 'specs/001-greeting'), '--agent-command', countingAgent];
  const first = await launch({ env: gate.env, args });
  await first.page.getByRole('button', { name: 'Run', exact: true }).click();
  await until(async () => await counted(repo, 'T001') > 20 && await counted(repo, 'T002') > 20);
  await kill(first);
  const then = await counted(repo, 'T001');
  await until(async () => await counted(repo, 'T001') > then + 20);

  const { page } = await launch({ env: gate.env, args });
  await expect(page.getByRole('button', { name: 'Stop', exact: true })).toBeEnabled();
  await expect(page.getByRole('group', { name: /^Terminal / }).first()).toContainText('counts');
  for (const task of ['T001', 'T002']) {
    const numbers = await stream(page, task);
    expect(numbers[0]).toBe(1);
    expect(numbers.length).toBeGreaterThan(then);
    expect(isRow(numbers)).toBe(true);
  }
  await until(async () => isRow(await shown(page, 'T001')) || isRow(await shown(page, 'T002')));
  await shot(page, info, 'taken-over');
  await gate.open();
  await expect(page.getByRole('dialog', { name: 'Merge' })).toBeVisible();
  const lines = await journal(repo);
  expect(startsOf(lines)).toEqual(['T001', 'T002', 'T003']);
  expect(lines.filter(({ type }) => type === 'task.finished').map(({ outcome }) => outcome)).toEqual(['done', 'done', 'done']);
});

/** Answers the question on closing with one of its buttons, by name; resolves with the question. */
function close({ app }: Braid, button: string): Promise<{ readonly message: string; readonly detail: string; readonly buttons: readonly string[] }> {
  return app.evaluate(({ dialog, BrowserWindow }, name) => new Promise((done) => {
    dialog.showMessageBox = (...given: unknown[]) => {
      // The options are the last argument, as shell/dialogs.ts passes them.
      const options = given.at(-1) as { message: string; detail: string; buttons: string[] };
      done({ message: options.message, detail: options.detail, buttons: options.buttons });
      return Promise.resolve({ response: options.buttons.indexOf(name), checkboxChecked: false });
    };
    BrowserWindow.getAllWindows()[0]?.close();
  }), button);
}

test('closing with "Keep running" leaves the agents at work; the start screen leads back to them', async ({ launch, repo, scratch }, info) => {
  const gate = await createGate(scratch);
  const env = { ...gate.env, BRAID_CONFIG_DIR: join(scratch, 'config') };
  const first = await launch({ env, args: ['--spec', join(repo.dir, 'specs/001-greeting'), '--agent-command', countingAgent] });
  await first.page.getByRole('button', { name: 'Run', exact: true }).click();
  await until(async () => await counted(repo, 'T001') > 5);
  const gone = new Promise<void>((done) => first.app.process().once('exit', () => done()));
  const question = await close(first, 'Keep running');
  expect(question.message).toBe('A run is going.');
  expect(question.detail).toContain('up to 30 minutes');
  expect(question.buttons).toEqual(['Stop and quit', 'Cancel', 'Keep running']);
  await gone;
  const then = await counted(repo, 'T001');
  await until(async () => await counted(repo, 'T001') > then + 5);

  const { page } = await launch({ env });
  await expect(page.getByRole('button', { name: 'Stop', exact: true })).toBeEnabled();
  await expect(page.getByRole('list', { name: 'Tasks' }).getByRole('listitem', { name: /^T001/ })).toBeVisible();
  await shot(page, info, 'found-again');
  await gate.open();
  await expect(page.getByRole('dialog', { name: 'Merge' })).toBeVisible();
  expect(startsOf(await journal(repo))).toEqual(['T001', 'T002', 'T003']);
});

test('closing with "Stop and quit" ends the agents', async ({ launch, repo, scratch }) => {
  const gate = await createGate(scratch);
  const first = await launch({ env: gate.env, args: ['--spec', join(repo.dir, 'specs/001-greeting'), '--agent-command', countingAgent] });
  await first.page.getByRole('button', { name: 'Run', exact: true }).click();
  await until(async () => await counted(repo, 'T001') > 5);
  const gone = new Promise<void>((done) => first.app.process().once('exit', () => done()));
  await close(first, 'Stop and quit');
  await gone;
  const lines = await journal(repo);
  expect(lines.filter(({ type }) => type === 'task.finished').map(({ outcome }) => outcome)).toEqual(['interrupted', 'interrupted']);
  expect(lines.at(-1)?.type).toBe('run.finished');
  const runs = join(repo.dir, '.git/braid/runs');
  expect(await readdir(join(runs, (await readdir(runs))[0] ?? ''))).not.toContain('host.json');
});
