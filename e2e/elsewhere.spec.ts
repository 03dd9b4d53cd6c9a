/** A run that a command line drives while the window is open on its spec: it is seen and told from the window, and taken up when its Braid dies. */
import { spawn, type ChildProcess } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { hostOf, kill, marked } from '../test/outside/processes';
import { createPuppets, type Puppets } from '../test/puppet';
import type { TempRepo } from '../test/temp-repo';
import { expect, shot, test } from './harness';
import { taskRow } from './panel';

const spec = 'specs/001-greeting';
const root = process.env['BRAID_APP'] ?? join(__dirname, '..');

let puppets: Puppets;
let others: ChildProcess[] = [];
test.beforeEach(async () => {
  puppets = await createPuppets();
  await puppets.plan({ '*': { write: { 'made/{{task}}.txt': '{{task}}\n' }, say: '{{task}} speaks\n', until: puppets.flag('go') } });
});
test.afterEach(async () => {
  for (const other of others) other.kill('SIGKILL');
  others = [];
  await puppets.cleanup();
});

/** A run from the command line, once both of its first agents are at work. */
async function elsewhere(repo: TempRepo): Promise<{ readonly process: ChildProcess; readonly run: string; readonly ended: Promise<number | null> }> {
  const other = spawn(process.execPath, [join(root, 'bin/braid.js'), 'run', spec, '--json', '--agent-command', puppets.command], {
    cwd: repo.dir, env: { ...process.env, ...puppets.env, BRAID_CONFIG_DIR: join(puppets.dir, 'config') }, stdio: 'ignore',
  });
  others.push(other);
  const ended = new Promise<number | null>((done) => other.once('exit', done));
  for (const id of ['T001', 'T002']) await puppets.waitFor(({ event, task }) => event === 'start' && task === id);
  const [run = ''] = await readdir(join(repo.dir, '.git/braid/runs'));
  return { process: other, run, ended };
}

const status = (page: Page) => page.getByRole('status', { name: 'Run status' });
const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
const folder = (repo: TempRepo, run: string): string => join(repo.dir, '.git/braid/runs', run);

async function starts(repo: TempRepo, run: string): Promise<readonly string[]> {
  // Lines of the journal are events; the test looks at their fields.
  const events = (await readFile(join(folder(repo, run), 'journal.jsonl'), 'utf8')).split('\n').filter(Boolean).map((line) => JSON.parse(line) as { type: string; task?: string });
  return events.filter(({ type }) => type === 'task.started').map(({ task }) => task ?? '').sort();
}

test('it is shown with what its agents say, and taken up by itself when its Braid dies', async ({ launch, repo }, info) => {
  const { page } = await launch({ env: puppets.env, args: ['--spec', join(repo.dir, spec), '--agent-command', puppets.command] });
  await expect(status(page)).toContainText('Ready: 3 open tasks');
  const other = await elsewhere(repo);
  await expect(status(page)).toContainText(`T001 and T002 in progress. Another Braid drives it (process ${other.process.pid}).`);
  await expect(button(page, 'Run')).toHaveAttribute('aria-disabled', 'true');
  await expect(page.getByRole('group', { name: /^Terminal / }).first()).toContainText('speaks');
  await shot(page, info, 'elsewhere');
  other.process.kill('SIGKILL');
  await other.ended;
  await expect(status(page)).not.toContainText('Another Braid');
  await expect(status(page)).toContainText('T001 and T002 in progress');
  await shot(page, info, 'taken-up');
  await puppets.release('go');
  await expect(status(page)).toContainText('Finished: 3 of 3 done');
  expect(await starts(repo, other.run)).toEqual(['T001', 'T002', 'T003']);
});

test('whose Braid died with all its agents is asked about at once', async ({ launch, repo }, info) => {
  const { page } = await launch({ env: puppets.env, args: ['--spec', join(repo.dir, spec), '--agent-command', puppets.command] });
  const other = await elsewhere(repo);
  await expect(status(page)).toContainText('Another Braid drives it');
  const host = await hostOf(folder(repo, other.run));
  other.process.kill('SIGKILL');
  kill(host);
  await expect(page.getByRole('dialog', { name: 'Resume run' })).toBeVisible();
  await shot(page, info, 'asked');
  await puppets.release('go');
  await page.getByRole('button', { name: 'Retry', exact: true }).click();
  await expect(status(page)).toContainText('Finished: 3 of 3 done');
});

test('it is stopped from the window, and its task is held from there', async ({ launch, repo }) => {
  const { page } = await launch({ env: puppets.env, args: ['--spec', join(repo.dir, spec), '--agent-command', puppets.command] });
  const other = await elsewhere(repo);
  await expect(status(page)).toContainText('Another Braid drives it');
  await taskRow(page, 'T003').focus();
  await page.keyboard.press('h');
  await expect(taskRow(page, 'T003')).toContainText(/held/i);
  await button(page, 'Stop').click();
  expect(await other.ended).toBe(130);
  await expect(status(page)).toContainText('Stopped');
  await expect(page.getByRole('dialog', { name: 'Resume run' })).toBeVisible();
  expect(await marked(other.run)).toEqual([]);
});
