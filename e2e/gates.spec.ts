/** Boxes that a person ticks: shown beside the tasks, asked about before a run, never changed. */
import { join } from 'node:path';
import { createGate, expect, shot, test } from './harness';

const tasks = `# Tasks: Greeting

## Phase 1: Setup

- [ ] T001 Write the English greeting in made/T001.txt
- [ ] T002 Write the French greeting in made/T002.txt

**Checkpoint**: Both can be read

## Phase 2: Polish

- [ ] T003 Write the list of greetings in made/T003.txt

## Acceptance checklist

- [x] The spec was read by two persons
- [ ] Every greeting is spelled right
`;
const checklist = '# Requirements Checklist\n\n- [x] CHK001 The languages are named\n- [ ] CHK002 No [NEEDS CLARIFICATION] marker remains\n- [ ] CHK003 Every story can be tested by itself\n';

test('gates are counted apart, lead to their line, and are asked about before a run', async ({ launch, repo, scratch }, info) => {
  const folder = 'specs/001-greeting';
  await repo.write(`${folder}/tasks.md`, tasks);
  await repo.write(`${folder}/checklists/requirements.md`, checklist);
  await repo.write(`${folder}/checklists/ux.md`, '# UX Checklist\n\n- [x] CHK001 The font is named\n');
  await repo.git('add', '--all');
  await repo.git('commit', '-q', '-m', 'Gates');
  const gate = await createGate(scratch);
  const { page } = await launch({ env: gate.env, args: ['--spec', join(repo.dir, folder), '--agent-command', gate.command] });
  const panel = page.getByRole('complementary', { name: 'Auto Run' });
  await expect(panel).toContainText('3 of 6 gates open');
  await expect(panel).toContainText('0 of 3 done');
  const gates = page.getByRole('list', { name: 'Gates' });
  await expect(gates.getByRole('listitem')).toHaveCount(6);
  await expect(gates.getByRole('checkbox')).toHaveCount(0);
  await expect(page.getByRole('list', { name: 'Tasks' }).getByRole('listitem')).toHaveCount(3);
  await expect(panel).toContainText('Checklist: requirements');
  // Gates of a heading of their own stand under it, where it is.
  await expect(page.getByRole('group', { name: 'Phases' }).getByRole('button')).toHaveText([/Setup/, /Polish/, /Acceptance checklist.*1 of 2/, /Checklist: requirements.*1 of 3/, /Checklist: ux.*1 of 1/]);
  await shot(page, info, 'panel');

  await gates.getByRole('button', { name: /Every story can be tested/ }).click();
  const body = page.getByRole('region', { name: 'Document' });
  await expect(body.locator('.is-target')).toContainText('Every story can be tested by itself');
  await expect(body.getByRole('button', { name: 'Use as task file' })).toHaveCount(0);
  await shot(page, info, 'line');

  const run = page.getByRole('button', { name: 'Run', exact: true });
  const dialog = page.getByRole('dialog', { name: 'Checklists are not finished' });
  await run.click();
  await expect(dialog).toContainText('2 items of this spec');
  await expect(dialog.getByRole('row', { name: /requirements\.md/ })).toContainText('1 of 3');
  await expect(dialog.getByRole('button', { name: 'Cancel' })).toBeFocused();
  await shot(page, info, 'question');
  await page.keyboard.press('Enter');
  await expect(dialog).toBeHidden();
  await expect(page.getByRole('button', { name: 'Stop' })).toBeDisabled();

  await page.keyboard.press('Control+Enter');
  await dialog.getByRole('button', { name: 'Run anyway' }).click();
  await page.getByRole('tab', { name: 'Terminals' }).click();
  await expect(page.getByRole('group', { name: /^Terminal / }).first()).toContainText('waiting for the gate');
  await gate.open();
  const merge = page.getByRole('dialog', { name: 'Merge' });
  await merge.getByRole('button', { name: 'Merge now' }).click();
  await expect(merge).toBeHidden();
  await expect(panel).toContainText('3 of 3 done');
  expect(await repo.read(`${folder}/checklists/requirements.md`)).toBe(checklist);
  expect(await repo.git('log', '--format=%s', '--', `${folder}/checklists`)).toBe('Gates');
  expect(await repo.read(`${folder}/tasks.md`)).toContain('- [ ] Every greeting is spelled right');
});
