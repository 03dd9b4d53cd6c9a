/** A run that did not come to its end asks how it goes on: in its dialog, in the panel and in the list, and never otherwise. */
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { hostOf } from '../test/outside/processes';
import { createPuppets, type Puppets } from '../test/puppet';
import { rawGit } from '../test/temp-repo';
import { problems } from './axe';
import { type Braid, expect, inEachLook, shot, test } from './harness';
import { taskRow } from './panel';

const spec = 'specs/001-greeting';
const dialogOf = (page: Page) => page.getByRole('dialog', { name: 'Resume run' });

let puppets: Puppets;
test.beforeEach(async () => {
  puppets = await createPuppets();
  await puppets.plan({
    '*': { write: { 'made/{{task}}.txt': '{{task}}\n' } },
    // Commits, then waits with a file that is not committed; T002 only writes.
    T001: { write: { 'made/T001.txt': 'begun\n' }, commit: true, until: puppets.flag('go') },
    T002: { until: puppets.flag('go') },
  });
});
test.afterEach(() => puppets.cleanup());

/** Starts a run and waits until both agents have worked and wait. */
async function midway({ page }: Pick<Braid, 'page'>, repo: string): Promise<string> {
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  const folder = `${repo}.worktrees`;
  const lane = async (task: string): Promise<string> => {
    const line = await puppets.waitFor(({ event, task: of }) => event === 'start' && of === task);
    const [run = ''] = await readdir(folder);
    return join(folder, run, line.lane ?? '');
  };
  const first = await lane('T001');
  const second = await lane('T002');
  await expect.poll(async () => (await rawGit(first, ['log', '-1', '--format=%s'])).trim()).toBe('T001 by the puppet');
  await expect.poll(() => existsSync(join(second, 'made/T002.txt'))).toBe(true);
  return first;
}

/** As if the machine had stopped: Braid, the host of its terminals, and with it the agents. */
async function killed({ app }: Braid, repo: string): Promise<void> {
  const main = app.process();
  const gone = new Promise((done) => main.once('exit', done));
  main.kill('SIGKILL');
  await gone;
  const runs = join(repo, '.git/braid/runs');
  process.kill(await hostOf(join(runs, (await readdir(runs))[0] ?? '')), 'SIGKILL');
}

test('after a kill the run is offered when its spec is opened, with what each lane keeps, and Enter goes on', async ({ launch, repo }, info) => {
  const args = ['--spec', join(repo.dir, spec), '--agent-command', puppets.command];
  const first = await launch({ env: puppets.env, args });
  await midway(first, repo.dir);
  await killed(first, repo.dir);

  const braid = await launch({ env: puppets.env, args });
  const { page } = braid;
  const dialog = dialogOf(page);
  await expect(dialog).toContainText('Wave 1 of 2, 0 of 3 tasks done');
  await expect(dialog).toContainText(/Started \d+ \w+, \d\d:\d\d, (just now|\d+ minutes? ago)/);
  await expect(dialog.getByRole('listitem').filter({ hasText: 'T001' })).toContainText('1 commit with 1 changed file');
  await expect(dialog.getByRole('listitem').filter({ hasText: 'T002' })).toContainText('1 uncommitted file');
  await expect(dialog.getByRole('button', { name: 'Open worktree of T001' })).toBeVisible();
  for (const name of ['Skip wave', 'Start fresh', 'Abort']) await expect(dialog.getByRole('button', { name, exact: true })).toBeVisible();
  await expect(dialog.getByRole('button', { name: 'Retry', exact: true })).toBeFocused();
  expect(await problems(page)).toEqual([]);
  await inEachLook(braid, (look) => shot(page, info, `dialog-${look}`));

  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  const panel = page.getByRole('complementary', { name: 'Auto Run' });
  await expect(panel).toContainText('Run interrupted');
  await expect(taskRow(page, 'T001')).toHaveAccessibleName(/Interrupted/);
  await expect(page.getByRole('list', { name: 'Runs' }).getByRole('button', { name: /^Resume… 001-greeting/ })).toBeVisible();
  expect(await problems(page)).toEqual([]);
  await inEachLook(braid, (look) => shot(page, info, `notice-${look}`));

  await panel.getByRole('button', { name: 'Resume…' }).click();
  await expect(dialog.getByRole('button', { name: 'Retry', exact: true })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(dialog).toBeHidden();
  await expect(panel.getByRole('button', { name: 'Resume…' })).toBeHidden();
  await puppets.release('go');
  const merge = page.getByRole('dialog', { name: 'Merge' });
  await merge.getByRole('button', { name: 'Merge now' }).click();
  await expect(merge).toBeHidden();
  await expect(panel).toContainText('3 of 3 done');
  expect((await repo.git('log', '--format=%(trailers:key=Braid-Task,valueonly)', 'main')).split('\n').filter(Boolean).sort()).toEqual(['T001', 'T002', 'T003']);
});

test('a run that was stopped can skip its wave, and one that ended is not offered again', async ({ launch, repo }) => {
  const args = ['--spec', join(repo.dir, spec), '--agent-command', puppets.command];
  const first = await launch({ env: puppets.env, args });
  await midway(first, repo.dir);
  await first.page.getByRole('button', { name: 'Stop', exact: true }).click();
  // Stopping was the person's own word: nothing opens by itself.
  await expect(first.page.getByRole('complementary', { name: 'Auto Run' }).getByRole('button', { name: 'Resume…' })).toBeVisible();
  await expect(dialogOf(first.page)).toHaveCount(0);
  await first.app.close();

  const second = await launch({ env: puppets.env, args });
  await expect(dialogOf(second.page).getByRole('button', { name: 'Skip wave' })).toHaveAccessibleDescription(/Leaves T001 and T002 of wave 1 out/);
  await second.page.keyboard.press('w');
  await expect(dialogOf(second.page)).toBeHidden();
  await expect(taskRow(second.page, 'T003')).toHaveAccessibleName(/Skipped/);
  await expect(second.page.getByRole('button', { name: 'Run', exact: true })).toBeEnabled();
  await second.app.close();

  const third = await launch({ env: puppets.env, args });
  await expect(third.page.getByRole('list', { name: 'Runs' }).getByRole('listitem')).toHaveCount(1);
  await expect(third.page.getByRole('button', { name: 'Run', exact: true })).toBeEnabled();
  await expect(dialogOf(third.page)).toHaveCount(0);
  await expect(third.page.getByRole('button', { name: /Resume…/ })).toHaveCount(0);
});

test('a run is set aside with Abort, and one is started afresh', async ({ launch, repo }) => {
  const args = ['--spec', join(repo.dir, spec), '--agent-command', puppets.command];
  const { page } = await launch({ env: puppets.env, args });
  const panel = page.getByRole('complementary', { name: 'Auto Run' });
  const lane = await midway({ page }, repo.dir);
  await page.getByRole('button', { name: 'Stop', exact: true }).click();
  await panel.getByRole('button', { name: 'Resume…' }).click();
  await dialogOf(page).getByRole('button', { name: 'Start fresh' }).click();
  const runs = page.getByRole('list', { name: 'Runs' });
  await expect(runs.getByRole('listitem')).toHaveCount(2);
  await expect(runs).toContainText('set aside');
  expect(existsSync(lane)).toBe(true);
  await expect.poll(async () => (await puppets.lines()).filter(({ event, task }) => event === 'start' && task === 'T001').length).toBe(2);

  await page.getByRole('button', { name: 'Stop', exact: true }).click();
  await panel.getByRole('button', { name: 'Resume…' }).click();
  await dialogOf(page).getByRole('button', { name: 'Abort', exact: true }).click();
  await expect(dialogOf(page)).toBeHidden();
  await expect(panel.getByRole('button', { name: 'Resume…' })).toBeHidden();
  await expect(page.getByRole('status', { name: 'Run status' })).toContainText('Set aside');
  expect(await repo.git('branch', '--list', 'braid/*/integration')).not.toBe('');
});

test('a task that its file marks as in progress is named as stale, with what may be left of it, and set back', async ({ launch, repo }, info) => {
  await repo.write(`${spec}/tasks.md`, (await repo.read(`${spec}/tasks.md`)).replace('- [ ] T003', '- [~] T003'));
  await repo.git('commit', '-qam', 'Somebody began T003');
  const args = ['--spec', join(repo.dir, spec), '--agent-command', puppets.command];
  const first = await launch({ env: puppets.env, args });
  await taskRow(first.page, 'T003').click();
  await expect(taskRow(first.page, 'T003')).toContainText('T003 is marked as in progress, but nothing works on it');
  await midway(first, repo.dir);
  await killed(first, repo.dir);

  const braid = await launch({ env: puppets.env, args });
  const { page } = braid;
  const line = dialogOf(page).getByRole('listitem').filter({ hasText: 'T003' });
  await expect(line).toContainText('nothing works on it');
  expect(await problems(page)).toEqual([]);
  await inEachLook(braid, (look) => shot(page, info, `stale-${look}`));
  await line.getByRole('button', { name: 'Set T003 back to open' }).click();
  await expect(line.getByRole('button')).toHaveCount(0);
  expect(await repo.read(`${spec}/tasks.md`)).toContain('- [ ] T003');
  expect(await repo.git('diff', '--stat', '--', spec)).toContain('1 insertion(+), 1 deletion(-)');
  await page.keyboard.press('Escape');
  await expect(dialogOf(page)).toBeHidden();
  await taskRow(page, 'T003').click();
  await expect(taskRow(page, 'T003')).not.toContainText('marked as in progress');
});
