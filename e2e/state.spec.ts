/** What the window shows stays true: options, the end of a run, git's state, several repositories, what happened outside. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { appendFile, readFile, rm } from 'node:fs/promises';
import { createTempRepo } from '../test/temp-repo';
import { createGate, expect, shot, test } from './harness';

test('changing one option leaves the others as they are', async ({ launch, repo, scratch }) => {
  const gate = await createGate(scratch);
  const { page } = await launch({ env: gate.env, args: ['--spec', join(repo.dir, 'specs/001-greeting'), '--agent-command', gate.command] });
  const agent = page.getByRole('combobox', { name: 'Agent' });
  await expect(agent).toContainText('custom');
  await page.getByRole('spinbutton', { name: 'Max parallel' }).fill('2');
  await page.getByRole('spinbutton', { name: 'Max parallel' }).press('Tab');
  await page.getByRole('switch', { name: 'Worktrees' }).click();
  await page.getByRole('switch', { name: 'Worktrees' }).click();
  await expect(page.getByRole('spinbutton', { name: 'Max parallel' })).toHaveValue('2');
  await expect(agent).toContainText('custom');
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await expect(page.getByRole('group', { name: /^Terminal / }).first()).toContainText('waiting for the gate');
  await gate.open();
  await expect(page.getByRole('dialog', { name: 'Merge' })).toBeVisible();
});

test('a stopped run gives the window back', async ({ launch, repo, scratch }, info) => {
  const gate = await createGate(scratch);
  const { page } = await launch({ env: gate.env, args: ['--spec', join(repo.dir, 'specs/001-greeting'), '--agent-command', gate.command] });
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await expect(page.getByRole('group', { name: /^Terminal / }).first()).toContainText('waiting for the gate');
  await page.getByRole('button', { name: 'Stop' }).click();
  await expect(page.getByRole('button', { name: 'Run', exact: true })).toBeEnabled();
  await expect(page.getByRole('button', { name: 'Stop' })).toBeDisabled();
  await expect(page.getByRole('spinbutton', { name: 'Max parallel' })).toBeEnabled();
  await shot(page, info, 'stopped');
});

test('what a person mends with git is noticed', async ({ launch, repo, scratch }) => {
  const gate = await createGate(scratch);
  await repo.git('switch', '-q', '--detach');
  const { page } = await launch({ env: gate.env, args: ['--spec', join(repo.dir, 'specs/001-greeting'), '--agent-command', gate.command] });
  const run = page.getByRole('button', { name: 'Run', exact: true });
  await expect(run).toBeDisabled();
  await repo.git('switch', '-q', 'main');
  await expect(run).toBeEnabled();
  await repo.git('branch', 'braid');
  await expect(run).toBeDisabled();
  await repo.git('branch', '-m', 'braid', 'braid-old');
  await expect(run).toBeEnabled();
});

test('another repository opened while a run goes on is not mixed with it', async ({ launch, repo, scratch }) => {
  const gate = await createGate(scratch);
  const other = await createTempRepo({ name: 'other' });
  await other.write('specs/001-other/tasks.md', '## Phase 1: Work\n\n- [ ] T001 Another first task in other/a.txt\n');
  await other.git('add', '--all');
  await other.git('commit', '-q', '-m', 'other');
  const { page, answerFolder } = await launch({ env: gate.env, args: ['--spec', join(repo.dir, 'specs/001-greeting'), '--agent-command', gate.command] });
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await expect(page.getByRole('group', { name: /^Terminal / }).first()).toContainText('waiting for the gate');
  await answerFolder(join(other.dir, 'specs/001-other'));
  await page.getByRole('button', { name: 'Choose spec folder…' }).first().click();
  const task = page.getByRole('list', { name: 'Tasks' }).getByRole('listitem', { name: /^T001 Another first task/ });
  await expect(task).toHaveAccessibleName(/open|pending|not started/i);
  await answerFolder(join(repo.dir, 'specs/001-greeting'));
  await page.getByRole('button', { name: 'Choose spec folder…' }).first().click();
  await expect(page.getByRole('list', { name: 'Tasks' }).getByRole('listitem', { name: /^T001 Write the English greeting/ })).toHaveAccessibleName(/running/i);
  await gate.open();
  await page.getByRole('dialog', { name: 'Merge' }).getByRole('button', { name: 'Merge now' }).click();
  await expect(page.getByRole('dialog', { name: 'Merge' })).toBeHidden();
  expect(await repo.git('show', 'main:made/T001.txt')).toContain('English');
  await other.cleanup();
});

test('a result that waits for a decision is found again after a restart', async ({ launch, repo, scratch }) => {
  const gate = await createGate(scratch);
  await gate.open();
  const args = ['--spec', join(repo.dir, 'specs/001-greeting'), '--agent-command', gate.command];
  const first = await launch({ env: gate.env, args });
  await first.page.getByRole('button', { name: 'Run', exact: true }).click();
  await first.page.getByRole('dialog', { name: 'Merge' }).getByRole('button', { name: 'Keep' }).click();
  await first.app.close();
  const { page } = await launch({ env: gate.env, args });
  await expect(page.getByRole('button', { name: 'Review and merge' })).toBeVisible();
  await expect(page.getByRole('group', { name: /^Terminal / }).first()).toContainText('T00');
  await page.getByRole('button', { name: 'Review and merge' }).click();
  await page.getByRole('dialog', { name: 'Merge' }).getByRole('button', { name: 'Merge now' }).click();
  await expect(page.getByRole('list', { name: 'Tasks' }).getByRole('listitem', { name: /^T003/ }).getByRole('checkbox')).toBeChecked();
  expect(await repo.git('show', 'main:made/T003.txt')).toContain('list of greetings');
});

test('an edge of the person\'s own counts in the window and on the command line, and can be taken back', async ({ launch, repo }) => {
  const { page } = await launch({ args: ['--spec', join(repo.dir, 'specs/001-greeting')] });
  const waves = async (): Promise<unknown> => {
    const { stdout } = await promisify(execFile)(process.execPath, [join(process.env['BRAID_APP'] ?? join(__dirname, '..'), 'bin', 'braid.js'), 'plan', 'specs/001-greeting', '--json'], { cwd: repo.dir });
    return JSON.parse(stdout).waves;
  };
  await expect(page.getByRole('list', { name: 'Tasks' }).getByRole('listitem')).toHaveCount(3);
  expect(await waves()).toEqual([['T001', 'T002'], ['T003']]);
  const override = (kind: 'add' | 'reset'): Promise<unknown> => page.evaluate((how) => Reflect.get(globalThis, 'braid').invoke('plan.override', { task: 'T002', dependsOn: 'T001', kind: how }), kind);
  await override('add');
  expect(await waves()).toEqual([['T001'], ['T002'], ['T003']]);
  expect(await repo.git('status', '--porcelain')).toBe('');
  await override('reset');
  expect(await waves()).toEqual([['T001', 'T002'], ['T003']]);
});

test('what a terminal lands shows in the window', async ({ launch, repo, scratch }) => {
  const gate = await createGate(scratch);
  await gate.open();
  const { page } = await launch({ env: gate.env, args: ['--spec', join(repo.dir, 'specs/001-greeting'), '--agent-command', gate.command] });
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await page.getByRole('dialog', { name: 'Merge' }).getByRole('button', { name: 'Keep' }).click();
  const braid = (...args: string[]): Promise<{ stdout: string }> => promisify(execFile)(process.execPath, [join(process.env['BRAID_APP'] ?? join(__dirname, '..'), 'bin', 'braid.js'), ...args], { cwd: repo.dir });
  const { runs } = JSON.parse((await braid('status', '--json')).stdout);
  await braid('land', runs[0].run, '--yes');
  await expect(page.getByRole('status', { name: 'Run status' })).toContainText(/merged into main/i);
  await braid('rollback', runs[0].run, '--yes');
  await expect(page.getByRole('status', { name: 'Run status' })).toContainText(/rolled back/i);
});

test('an edit of the task file outside shows at once', async ({ launch, repo, scratch }) => {
  const gate = await createGate(scratch);
  const { page } = await launch({ env: gate.env, args: ['--spec', join(repo.dir, 'specs/001-greeting'), '--agent-command', gate.command] });
  const tasks = page.getByRole('list', { name: 'Tasks' });
  await expect(tasks.getByRole('listitem')).toHaveCount(3);
  const text = await repo.read('specs/001-greeting/tasks.md');
  await repo.write('specs/001-greeting/tasks.md', text.replace('- [ ] T001', '- [X] T001').concat('- [ ] T004 A fourth greeting in made/T004.txt\n'));
  await expect(tasks.getByRole('listitem', { name: /^T001/ }).getByRole('checkbox')).toBeChecked();
  await expect(tasks.getByRole('listitem')).toHaveCount(4);
  await rm(join(repo.dir, 'specs/001-greeting/tasks.md'));
  await repo.write('specs/001-greeting/tasks.md', text);
  await expect(tasks.getByRole('listitem')).toHaveCount(3);
});

test('tasks that are added to the file while a run goes on are offered, and run once the person adds them', async ({ launch, repo, scratch }, info) => {
  const gate = await createGate(scratch);
  const { app, page } = await launch({ env: gate.env, args: ['--spec', join(repo.dir, 'specs/001-greeting'), '--agent-command', gate.command] });
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await expect(page.getByRole('group', { name: /^Terminal / }).first()).toContainText('waiting for the gate');
  const file = join(repo.dir, 'specs/001-greeting/tasks.md');
  await appendFile(file, '\n- [ ] T090 Write a late greeting in made/T090.txt\n');
  await expect(page.getByText('1 task added to the task file')).toBeVisible();
  await expect(page.getByRole('status', { name: 'Run status' })).toContainText('1 task added to the file: T090 is not part of this run.');
  for (const [look, height] of [['low', 600], ['high', 800]] as const) {
    await app.evaluate(({ BrowserWindow }, tall) => { BrowserWindow.getAllWindows()[0]?.setContentSize(tall === 600 ? 900 : 1280, tall); }, height);
    await page.locator('.auto-run-controls').evaluate((part) => part.scrollTo({ top: part.scrollHeight }));
    await expect(page.getByRole('button', { name: 'Add them to this run' })).toBeInViewport({ ratio: 1 });
    await shot(page, info, `offered-${look}`);
  }
  await page.getByRole('button', { name: 'Add them to this run' }).click();
  await expect(page.getByText('1 task added to the task file')).toBeHidden();
  await gate.open();
  await page.getByRole('dialog', { name: 'Merge' }).getByRole('button', { name: 'Merge now' }).click();
  await expect(page.getByRole('dialog', { name: 'Merge' })).toBeHidden();
  expect(await repo.git('show', 'main:made/T090.txt')).not.toBe('');
  await expect.poll(() => readFile(file, 'utf8')).toContain('- [X] T090');
});
