/** What fails is told apart, and a person says what becomes of it: mended in place, tried again, skipped; a limit of the account is waited for or tried. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createPuppets, type Puppets } from '../test/puppet';
import { problems } from './axe';
import { expect, inEachLook, shot, test } from './harness';
import { choose, runButton, runStatus, taskRow } from './panel';

const spec = 'specs/001-greeting';
const failing = { write: { 'made/{{task}}.txt': 'half\n', 'made/extra.txt': 'x\n' }, commit: true, say: 'AssertionError: expected 1 to be 2\n', exit: 1 };
const lanesOf = async (puppets: Puppets, task: string): Promise<readonly (string | undefined)[]> => (await puppets.lines()).filter((line) => line.event === 'start' && line.task === task).map((line) => line.lane);

let puppets: Puppets;
test.beforeEach(async () => { puppets = await createPuppets(); });
test.afterEach(() => puppets.cleanup());

test('a failed task is mended in place or tried again in a new lane, and shows its evidence', async ({ launch, repo }, info) => {
  await puppets.plan({
    '*': { write: { 'made/{{task}}.txt': '{{task}}\n' } },
    T001: { attempts: [failing, failing, { until: puppets.flag('go') }] },
    T002: { until: puppets.flag('go') },
  });
  const braid = await launch({ env: puppets.env, args: ['--spec', join(repo.dir, spec), '--agent-command', puppets.command] });
  const { page } = braid;
  await runButton(page).click();
  await expect(taskRow(page, 'T001')).toHaveAccessibleName(/Failed/);
  await taskRow(page, 'T001').click();
  const details = taskRow(page, 'T001');
  await expect(details).toContainText('Fix in place goes on with 1 commit and 2 changed files in its lane');
  await expect(details).toContainText('Exit code 1');
  await expect(details).toContainText('not declared');
  await expect(details.getByRole('button', { name: 'Open log' })).toBeVisible();
  await expect(details.getByRole('button', { name: 'Skip' })).toBeVisible();
  expect(await problems(page)).toEqual([]);
  await inEachLook(braid, async (look) => {
    await details.getByRole('heading', { name: 'Evidence' }).scrollIntoViewIfNeeded();
    await shot(page, info, `failed-${look}`);
  });
  await details.getByRole('button', { name: 'Fix in place' }).click();
  await puppets.waitFor((line) => line.event === 'end' && line.task === 'T001' && line.attempt === 2);
  await expect(taskRow(page, 'T001')).toHaveAccessibleName(/Failed/);
  await details.getByRole('button', { name: 'Try again' }).click();
  await puppets.waitFor((line) => line.event === 'start' && line.task === 'T001' && line.attempt === 3);
  const [first, second, third] = await lanesOf(puppets, 'T001');
  expect(second).toBe(first);
  expect(third).not.toBe(first);
  await puppets.release('go');
  await expect(page.getByRole('dialog', { name: 'Merge' })).toBeVisible();
});

test('a run that asks about a failure offers to mend, to try again, to skip and to stop, and shows the errors', async ({ launch, repo }, info) => {
  await puppets.plan({ '*': { write: { 'made/{{task}}.txt': '{{task}}\n' } }, T001: { attempts: [failing, {}] }, T002: { until: puppets.flag('go') } });
  const braid = await launch({ env: puppets.env, args: ['--spec', join(repo.dir, spec), '--agent-command', puppets.command] });
  const { page } = braid;
  await page.getByRole('button', { name: 'Options' }).click();
  await choose(page, 'When a task fails', 'Ask me');
  await page.getByRole('button', { name: 'Options' }).click();
  await runButton(page).click();
  const notice = page.getByRole('alert').filter({ hasText: 'A task failed' });
  for (const name of ['Fix in place', 'Try again', 'Show errors', 'Skip and go on', 'Stop here']) await expect(notice.getByRole('button', { name })).toBeVisible();
  expect(await problems(page)).toEqual([]);
  await inEachLook(braid, (look) => shot(page, info, `asked-${look}`));
  await notice.getByRole('button', { name: 'Show errors' }).click();
  await expect(taskRow(page, 'T001')).toContainText('Evidence');
  await notice.getByRole('button', { name: 'Fix in place' }).click();
  await expect(notice).toBeHidden();
  await puppets.waitFor((line) => line.event === 'start' && line.task === 'T001' && line.attempt === 2);
  const [first, second] = await lanesOf(puppets, 'T001');
  expect(second).toBe(first);
  await puppets.release('go');
  await expect(page.getByRole('dialog', { name: 'Merge' })).toBeVisible();
});

test('a limit of the account is shown with its end, and can be tried before', async ({ launch, repo }, info) => {
  const limited = { say: '429 Too Many Requests, retry after 30 minutes\n', exit: 1, write: {}, commit: false };
  await puppets.plan({ '*': { write: { 'made/{{task}}.txt': '{{task}}\n' } }, T001: { attempts: [limited, {}] }, T002: { until: puppets.flag('go') } });
  const braid = await launch({ env: puppets.env, args: ['--spec', join(repo.dir, spec), '--agent-command', puppets.command] });
  const { page } = braid;
  await runButton(page).click();
  const panel = page.getByRole('complementary', { name: 'Auto Run' });
  await expect(panel.getByRole('button', { name: 'Try now' })).toBeVisible();
  await expect(panel).toContainText(/custom: rate limited until (\w+ \d+ )?\d\d:\d\d/);
  await expect(panel).toContainText(/Goes on by itself in (30:00|29:\d\d)/);
  await expect(panel).toContainText('It said: 429 Too Many Requests');
  expect(await problems(page)).toEqual([]);
  await inEachLook(braid, (look) => shot(page, info, `limited-${look}`));
  await panel.getByRole('button', { name: 'Try now' }).click();
  await expect(panel.getByRole('button', { name: 'Try now' })).toBeHidden();
  await puppets.release('go');
  await expect(page.getByRole('dialog', { name: 'Merge' })).toBeVisible();
  await expect(runStatus(page)).toContainText('3 of 3 done');
});

test('bounds of a run are checked where they are typed, reach the run, and are remembered', async ({ launch, repo, scratch }, info) => {
  await puppets.plan({ '*': { write: { 'made/{{task}}.txt': '{{task}}\n' } } });
  const start = { env: { ...puppets.env, BRAID_CONFIG_DIR: join(scratch, 'config') }, args: ['--spec', join(repo.dir, spec), '--agent-command', puppets.command] };
  const first = await launch(start);
  const { page } = first;
  const field = (name: string) => page.getByRole('spinbutton', { name, exact: true });
  await page.getByRole('button', { name: 'Options' }).click();
  await field('Max cost in US dollars').fill('0');
  await expect(field('Max cost in US dollars')).toHaveAttribute('aria-invalid', 'true');
  await expect(field('Max cost in US dollars')).toHaveAccessibleDescription('It must be above 0.');
  expect(await problems(page)).toEqual([]);
  await inEachLook(first, async (look) => {
    await field('Max cost in US dollars').scrollIntoViewIfNeeded();
    await shot(page, info, `bounds-${look}`);
  });
  await field('Max cost in US dollars').fill('2.5');
  await field('Max tokens').fill('90000');
  await field('Silence in seconds').fill('120');
  await field('Run time limit in seconds').fill('3600');
  await field('Run time limit in seconds').press('Tab');
  await choose(page, 'When a task fails', 'Try to mend it');
  await choose(page, 'Style', 'Debug');
  await page.getByRole('switch', { name: 'Follow edits' }).click();
  await page.getByRole('button', { name: 'Options' }).click();
  await runButton(page).click();
  await expect(page.getByRole('dialog', { name: 'Merge' })).toBeVisible();
  const runs = join(repo.dir, '.git/braid/runs');
  const [run = ''] = await readdir(runs);
  const [began = ''] = (await readFile(join(runs, run, 'journal.jsonl'), 'utf8')).split('\n');
  const wanted = { silence: 120, runTimeout: 3600, maxCost: 2.5, maxTokens: 90000, onFailure: 'auto-fix', style: 'debug', followEdits: true };
  expect(JSON.parse(began)).toMatchObject({ type: 'run.started', options: wanted });
  await first.app.close();

  const again = await launch(start);
  await again.page.getByRole('button', { name: 'Options' }).click();
  const kept = (name: string) => again.page.getByRole('spinbutton', { name, exact: true });
  await expect(kept('Max cost in US dollars')).toHaveValue('2.5');
  await expect(kept('Silence in seconds')).toHaveValue('120');
  await expect(kept('Run time limit in seconds')).toHaveValue('3600');
  await expect(again.page.getByRole('combobox', { name: 'When a task fails' })).toContainText('Try to mend it');
  await kept('Max cost in US dollars').fill('');
  await kept('Max cost in US dollars').press('Tab');
  await expect(kept('Max cost in US dollars')).toHaveValue('');
});
