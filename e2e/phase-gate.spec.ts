/** The gate behind a phase of a guided run: checks, what a person verifies, and the answers to a red one. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createPuppets, type Puppets } from '../test/puppet';
import { problems } from './axe';
import { type Braid, expect, inEachLook, type Launch, shot, test } from './harness';
import { taskRow } from './panel';

const spec = 'specs/001-greeting';
const tasks = `# Tasks: Greeting

## Phase 1: Setup

- [ ] T001 Write the English greeting in made/T001.txt
- [ ] T002 Write the French greeting in made/T002.txt
- [ ] Checkpoint: both greetings can be read aloud

## Phase 2: Polish

- [ ] T003 Write the list of greetings in made/T003.txt
- [ ] T004 Write the index of greetings in made/T004.txt
`;

let puppets: Puppets;
test.beforeEach(async () => { puppets = await createPuppets(); });
test.afterEach(() => puppets.cleanup());

/** A guided run whose check passes for the first calls (lane and merged tree of each task) and then fails wherever `fixed.txt` is missing. */
async function guidedRun(context: { readonly launch: (options?: Launch) => Promise<Braid>; readonly repo: { dir: string; write(path: string, text: string): Promise<void>; git(...args: string[]): Promise<string> } }, green: number): Promise<Braid> {
  const { launch, repo } = context;
  await repo.write(`${spec}/tasks.md`, tasks);
  await repo.git('commit', '-q', '-a', '-m', 'A gate');
  const script = join(puppets.dir, 'check.cjs');
  await writeFile(script, `const { appendFileSync, existsSync, readFileSync } = require('node:fs');
    const calls = ${JSON.stringify(join(puppets.dir, 'calls'))};
    appendFileSync(calls, '.');
    if (readFileSync(calls, 'utf8').length > ${green} && !existsSync('fixed.txt')) { console.log('FAIL greetings.test\\n  expected "Bonjour" but got "Bonsoir"\\nthree of nine tests fail'); process.exit(1); }`);
  const braid = await launch({ env: puppets.env, args: ['--spec', join(repo.dir, spec), '--agent-command', puppets.command] });
  const { page } = braid;
  await page.getByRole('button', { name: 'Options' }).click();
  await page.getByRole('combobox', { name: 'Style' }).click();
  await page.getByRole('option', { name: 'Guided' }).click();
  await page.getByRole('button', { name: 'Add check' }).click();
  await page.getByRole('textbox', { name: 'Check 1' }).fill(`"${process.execPath}" "${script}"`);
  await page.getByRole('button', { name: 'Options' }).click();
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  return braid;
}

test('a green gate shows what is left to verify, and going on stores the checkpoint', async ({ launch, repo }, info) => {
  await puppets.plan({ '*': { write: { 'made/{{task}}.txt': '{{task}}\n' } } });
  const braid = await guidedRun({ launch, repo }, 99);
  const { page } = braid;
  const gate = page.getByRole('alert').filter({ hasText: 'Checkpoint: Setup has ended: 2 tasks are done, 2 wait; checks passed' });
  await expect(gate).toBeVisible();
  await expect(gate.getByRole('list', { name: 'To verify by hand' })).toContainText('both greetings can be read aloud');
  expect(await problems(page)).toEqual([]);
  await inEachLook(braid, (look) => shot(page, info, `green-${look}`));
  await gate.getByRole('button', { name: 'Go on' }).click();
  await expect(page.getByRole('dialog', { name: 'Merge' })).toBeVisible();
  await page.getByRole('dialog', { name: 'Merge' }).getByRole('button', { name: 'Keep' }).click();
  await page.keyboard.press('Control+5');
  await expect(page.getByRole('list', { name: 'Activity' }).getByRole('listitem').filter({ hasText: /Checkpoint [0-9a-f]{9} after Setup: its checks passed/ })).toBeVisible();
});

test('a red gate shows its errors, and the phase is taken back after the typed word', async ({ launch, repo }, info) => {
  await puppets.plan({ '*': { write: { 'made/{{task}}.txt': '{{task}}\n' } }, 'gate-1-fix-1': { write: {} }, 'gate-1-fix-2': { write: {} } });
  const braid = await guidedRun({ launch, repo }, 4);
  const { page } = braid;
  const gate = page.getByRole('alert').filter({ hasText: 'The gate of Setup is red' });
  await expect(gate).toContainText('Fails on what is merged, after 2 fix attempts');
  await expect(page.getByRole('status', { name: 'Run status' })).toContainText('Waits for your word. The gate of a phase is red: Setup has ended, but a check fails');
  await expect(page.getByRole('button', { name: 'Resume', exact: true })).toHaveAttribute('aria-disabled', 'true');
  await gate.getByRole('button', { name: 'Show errors' }).click();
  await expect(gate).toContainText('three of nine tests fail');
  expect(await problems(page)).toEqual([]);
  await inEachLook(braid, (look) => shot(page, info, `red-${look}`));
  await gate.getByRole('button', { name: 'Revert phase…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Revert Setup' });
  await expect(dialog.getByRole('button', { name: 'Revert phase' })).toHaveAttribute('aria-disabled', 'true');
  await dialog.getByRole('textbox').fill('revert');
  expect(await problems(page)).toEqual([]);
  await inEachLook(braid, (look) => shot(page, info, `revert-${look}`));
  await dialog.getByRole('button', { name: 'Revert phase' }).click();
  await expect(dialog).toBeHidden();
  const asked = page.getByRole('alert').filter({ hasText: 'Setup was taken back to' });
  await expect(asked).toContainText('refs/braid/snapshots/');
  await expect(taskRow(page, 'T001')).toHaveAccessibleName(/Open/);
  await expect(taskRow(page, 'T002')).toHaveAccessibleName(/Open/);
  await inEachLook(braid, (look) => shot(page, info, `reverted-${look}`));
  expect(await repo.git('for-each-ref', '--format=%(refname)', 'refs/braid/snapshots')).toMatch(/gate-1$/m);
});

test('a red gate that is skipped goes on and is told as failed', async ({ launch, repo }) => {
  await puppets.plan({ '*': { write: { 'made/{{task}}.txt': '{{task}}\n' } }, 'gate-1-fix-1': { write: {} }, 'gate-1-fix-2': { write: {} } });
  const { page } = await guidedRun({ launch, repo }, 4);
  const gate = page.getByRole('alert').filter({ hasText: 'The gate of Setup is red' });
  await gate.getByRole('button', { name: 'Skip', exact: true }).click();
  await expect(gate).toBeHidden();
  await page.keyboard.press('Control+5');
  await expect(page.getByRole('list', { name: 'Activity' }).getByRole('listitem').filter({ hasText: 'after Setup: its checks fail, and you went on all the same' })).toBeVisible();
});
