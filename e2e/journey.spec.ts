/** The main job as a person does it: choose a folder, run, watch two terminals, read the diff, merge. */
import { createGate, expect, shot, test } from './harness';

test('a spec folder in, live worktrees, an approved merge out', async ({ launch, repo, scratch }, info) => {
  const gate = await createGate(scratch);
  const { page, answerFolder } = await launch({ env: gate.env, args: ['--agent-command', gate.command] });
  await expect(page.getByRole('button', { name: 'Choose spec folder…' }).first()).toBeVisible();
  await shot(page, info, '1-empty');

  await answerFolder(`${repo.dir}/specs/001-greeting`);
  await page.getByRole('button', { name: 'Choose spec folder…' }).first().click();
  const tasks = page.getByRole('list', { name: 'Tasks' });
  for (const id of ['T001', 'T002', 'T003']) {
    const item = tasks.getByRole('listitem', { name: new RegExp(`^${id}`) });
    await expect(item).toBeVisible();
    await expect(item.getByRole('checkbox')).not.toBeChecked();
  }
  await shot(page, info, '2-tasks');

  await page.getByRole('radiogroup', { name: 'Terminal layout' }).getByRole('radio', { name: 'Grid' }).click();
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  const terminals = page.getByRole('group', { name: /^Terminal / });
  await expect(terminals).toHaveCount(2);
  for (const terminal of await terminals.all()) await expect(terminal).toContainText('waiting for the gate');
  await expect(page.getByRole('tablist', { name: 'Terminals' }).getByRole('tab')).toHaveCount(2);
  await shot(page, info, '3-two-terminals');

  const before = await repo.git('rev-parse', 'main');
  await gate.open();
  const merge = page.getByRole('dialog', { name: 'Merge' });
  await expect(merge).toBeVisible();
  await expect(merge).toContainText('made/T001.txt');
  await shot(page, info, '4-merge');

  await merge.getByRole('button', { name: 'View diff' }).click();
  await expect(merge).toContainText('Write the English greeting');
  await shot(page, info, '5-diff');
  expect(await repo.git('rev-parse', 'main')).toBe(before);

  await merge.getByRole('button', { name: 'Merge now' }).click();
  await expect(merge).toBeHidden();
  for (const id of ['T001', 'T002', 'T003']) {
    await expect(tasks.getByRole('listitem', { name: new RegExp(`^${id}`) }).getByRole('checkbox')).toBeChecked();
  }
  await shot(page, info, '6-landed');

  expect(await repo.git('show', 'main:made/T001.txt')).toContain('English');
  expect(await repo.git('show', 'main:specs/001-greeting/tasks.md')).toMatch(/\[[xX]\] T001[\s\S]*\[[xX]\] T002[\s\S]*\[[xX]\] T003/);
  expect(await repo.read('made/T003.txt')).toContain('list of greetings');
  expect(await repo.git('status', '--porcelain')).toBe('');
  expect(await repo.git('tag', '--list', 'before-merge-*')).toMatch(/^before-merge-001-greeting-/);
  expect(await repo.git('log', '-1', '--format=%(trailers:key=Braid-Run,valueonly)', 'main')).not.toBe('');
});

test('closing while a run goes on asks, and keeps the run when told so', async ({ launch, repo, scratch }, info) => {
  const gate = await createGate(scratch);
  const { app, page } = await launch({ env: gate.env, args: ['--spec', `${repo.dir}/specs/001-greeting`, '--agent-command', gate.command] });
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await expect(page.getByRole('tablist', { name: 'Terminals' }).getByRole('tab')).toHaveCount(2);

  const asked = await app.evaluate(({ dialog, BrowserWindow }) => new Promise<string>((done) => {
    dialog.showMessageBox = (...args: unknown[]) => {
      done(JSON.stringify(args.at(-1)));
      return Promise.resolve({ response: 1, checkboxChecked: false });
    };
    BrowserWindow.getAllWindows()[0]?.close();
  }));
  expect(asked).toContain('A run is going.');
  await expect(page.getByRole('status', { name: 'Run status' })).toBeVisible();
  await shot(page, info, 'still-open');
  await gate.open();
  await expect(page.getByRole('dialog', { name: 'Merge' })).toBeVisible();
});

test('a second start hands its spec to the first window and ends', async ({ launch, repo }) => {
  const { page, startAgain } = await launch();
  await expect(page.getByRole('button', { name: 'Choose spec folder…' }).first()).toBeVisible();
  expect(await startAgain(['--spec', `${repo.dir}/specs/001-greeting`])).toBe(0);
  await expect(page.getByRole('list', { name: 'Tasks' }).getByRole('listitem')).toHaveCount(3);
});

test('the sample opens ready to run, with the demo agent', async ({ launch, scratch }, info) => {
  const { page } = await launch({ args: ['--sample'], env: { TMPDIR: scratch } });
  await expect(page.getByRole('list', { name: 'Tasks' }).getByRole('listitem', { name: /^T\d{3}/ })).toHaveCount(10);
  await expect(page.getByRole('combobox', { name: 'Agent' })).toContainText('demo');
  await expect(page.getByRole('button', { name: 'Run', exact: true })).toBeEnabled();
  await shot(page, info, 'sample');
});
