/** What runs left behind is shown with size, age and reason; what may go goes, and unmerged work only by a typed word. */
import { existsSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createPuppets, type Puppets } from '../test/puppet';
import { problems } from './axe';
import { expect, inEachLook, shot, test } from './harness';

let puppets: Puppets;
test.beforeEach(async () => { puppets = await createPuppets(); });
test.afterEach(() => puppets.cleanup());

test('worktrees, branches and logs of past runs are cleaned up', async ({ launch, repo }, info) => {
  await puppets.plan({ '*': { write: { 'made/{{task}}.txt': '{{task}}\n' } } });
  const braid = await launch({ env: puppets.env, args: ['--spec', join(repo.dir, 'specs/001-greeting'), '--agent-command', puppets.command] });
  const { page } = braid;
  const run = page.getByRole('button', { name: 'Run', exact: true });
  const merge = page.getByRole('dialog', { name: 'Merge' });
  // One run that landed, and one that was set aside with work in a lane.
  await run.click();
  await merge.getByRole('button', { name: 'Merge now' }).click();
  await expect(merge).toBeHidden();
  await repo.write('specs/001-greeting/tasks.md', `${await repo.read('specs/001-greeting/tasks.md')}- [ ] T004 Write the Latin greeting in made/T004.txt\n`);
  await repo.git('commit', '-qam', 'One more');
  await puppets.plan({ '*': { write: { 'made/{{task}}.txt': '{{task}}\n' }, until: puppets.flag('never') } });
  await expect(run).toBeEnabled();
  await run.click();
  await puppets.waitFor(({ event, task }) => event === 'start' && task === 'T004');
  await expect.poll(async () => (await repo.git('worktree', 'list', '--porcelain')).split('\n').some((line) => line.startsWith('worktree ') && existsSync(join(line.slice(9), 'made/T004.txt')))).toBe(true);
  await page.getByRole('button', { name: 'Stop', exact: true }).click();
  await page.getByRole('complementary', { name: 'Auto Run' }).getByRole('button', { name: 'Resume…' }).click();
  await page.getByRole('dialog', { name: 'Resume run' }).getByRole('button', { name: 'Abort', exact: true }).click();
  await expect(page.getByRole('status', { name: 'Run status' })).toContainText('Set aside');

  await page.getByRole('button', { name: 'More for runs' }).click();
  await page.getByRole('menuitem', { name: 'Clean up…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Clean up' });
  const clean = dialog.getByRole('button', { name: 'Clean up' });
  await expect(dialog).toContainText('Kept: 3 worktrees');
  await dialog.getByRole('button', { name: /^Kept/ }).click();
  await expect(dialog.getByRole('table', { name: 'Kept' })).toContainText('1 uncommitted file');
  await dialog.getByRole('switch', { name: 'Whatever its age' }).click();
  await expect(dialog.getByRole('table', { name: 'May go' }).getByRole('row', { name: /Remove worktree/ })).toHaveCount(2);
  const unsafe = dialog.getByRole('table', { name: 'Work that is not merged' });
  await expect(unsafe.getByRole('row')).toHaveCount(2);
  await expect(unsafe).toContainText(/\d KB/);
  await expect(unsafe).toContainText(/just now|minutes? ago/);
  expect(await problems(page)).toEqual([]);
  await inEachLook(braid, (look) => shot(page, info, `plan-${look}`));

  const folder = `${repo.dir}.worktrees`;
  await clean.click();
  await expect(dialog.getByRole('status').filter({ hasText: 'steps done' })).toBeVisible();
  await expect(dialog.getByRole('table', { name: 'May go' })).toHaveCount(0);
  expect((await readdir(folder)).length).toBe(1);
  await expect(clean).toBeDisabled();
  await dialog.getByRole('textbox', { name: /^Type discard/ }).fill('yes');
  await expect(clean).toBeDisabled();
  await inEachLook(braid, (look) => shot(page, info, `unsafe-${look}`));
  await dialog.getByRole('textbox', { name: /^Type discard/ }).fill('discard');
  await clean.click();
  await expect(dialog).toContainText('Nothing may go yet.');
  expect(await repo.git('worktree', 'list')).not.toContain('.worktrees');
  const kept = await repo.git('for-each-ref', '--format=%(refname)', 'refs/braid/snapshots');
  expect(kept.split('\n')).toHaveLength(3);
  const last = kept.split('\n').at(-1) ?? '';
  expect(await repo.git('show', `${last}:made/T004.txt`)).toBe('T004');
  await dialog.getByRole('button', { name: 'Close', exact: true }).last().click();
  await expect(dialog).toBeHidden();
});

test('a run that nothing happened in for a week is shown as such, and set aside only when the person says that it is given up', async ({ launch, repo, scratch }, info) => {
  await puppets.plan({ '*': { write: { 'made/{{task}}.txt': '{{task}}\n' }, until: puppets.flag('never') } });
  const start = { env: { ...puppets.env, BRAID_CONFIG_DIR: join(scratch, 'config') }, args: ['--spec', join(repo.dir, 'specs/001-greeting'), '--agent-command', puppets.command] };
  const first = await launch(start);
  await first.page.getByRole('button', { name: 'Run', exact: true }).click();
  await puppets.waitFor(({ event }) => event === 'start');
  await first.page.getByRole('button', { name: 'Stop', exact: true }).click();
  await expect(first.page.getByRole('status', { name: 'Run status' })).toContainText('Stopped');
  await first.app.close();
  const runs = join(repo.dir, '.git/braid/runs');
  const journal = join(runs, (await readdir(runs))[0] ?? '', 'journal.jsonl');
  const past = new Date(Date.now() - 8.5 * 86_400_000).toISOString();
  await writeFile(journal, (await readFile(journal, 'utf8')).replace(/"at":"[^"]+"/g, `"at":"${past}"`));

  const braid = await launch(start);
  const { page } = braid;
  await expect(page.getByRole('dialog', { name: 'Resume run' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('list', { name: 'Runs' })).toContainText('nothing for 8 days');
  await page.getByRole('button', { name: 'More for runs' }).click();
  await page.getByRole('menuitem', { name: 'Clean up…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Clean up' });
  await expect(dialog.getByRole('table', { name: 'Not gone on for a week' })).toContainText('nothing happened for 8 days');
  const clean = dialog.getByRole('button', { name: 'Clean up' });
  await expect(clean).toBeDisabled();
  expect(await problems(page)).toEqual([]);
  await inEachLook(braid, (look) => shot(page, info, `idle-${look}`));
  await dialog.getByRole('switch', { name: 'Set aside too' }).click();
  await clean.click();
  await expect(dialog.getByRole('status').filter({ hasText: '1 step done' })).toBeVisible();
  await dialog.getByRole('button', { name: 'Close', exact: true }).last().click();
  await expect(page.getByRole('list', { name: 'Runs' })).toContainText('set aside');
  expect(await repo.git('branch', '--list', 'braid/*/integration')).not.toBe('');
  await expect(page.getByRole('button', { name: /Resume…/ })).toHaveCount(0);
});
