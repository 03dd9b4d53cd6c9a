/** A marker in the file that wants a person: the question comes to the front at its task, with its answers, also while the side panel is hidden. */
import { join } from 'node:path';
import { createPuppets, type Puppets } from '../test/puppet';
import { problems } from './axe';
import { expect, inEachLook, shot, test } from './harness';

const spec = 'specs/001-greeting';
const tasks = `# Tasks: Greeting

## Phase 1: Setup

- [ ] T001 Write the English greeting in made/T001.txt
<!-- MAESTRO:HITL reason="Look at the mockups" artifact="docs/mockups.png" -->
- [ ] T002 [P] Write the French greeting in made/T002.txt
- [ ] T003 [P] Write the list of greetings in made/T003.txt
- [ ] T004 [P] Write the index in made/T004.txt (depends on T002)
`;

let puppets: Puppets;
test.beforeEach(async () => { puppets = await createPuppets(); });
test.afterEach(() => puppets.cleanup());

test('the question of a marker is asked at its task, and skipping or going on answers it', async ({ launch, repo }, info) => {
  await puppets.plan({ '*': { write: { 'made/{{task}}.txt': '{{task}}\n' } } });
  await repo.write(`${spec}/tasks.md`, tasks);
  await repo.git('add', '--all');
  await repo.git('commit', '-q', '-m', 'A marker');
  const braid = await launch({ env: puppets.env, args: ['--spec', join(repo.dir, spec), '--agent-command', puppets.command] });
  const { page } = braid;
  const row = (id: string) => page.getByRole('list', { name: 'Tasks' }).getByRole('listitem', { name: new RegExp(`^${id}`) });
  const question = page.getByRole('alert').filter({ hasText: 'A person is needed before T002' });
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await expect(question).toContainText('Look at the mockups (see docs/mockups.png), line 6');
  await expect(question).toContainText('T003 and T004 wait behind the same marker');
  // In the row, in its details, and selected without anybody having asked for it.
  await expect(row('T002')).toHaveAttribute('aria-current', 'true');
  await expect(row('T002')).toHaveAccessibleName(/Needs you/);
  await expect(row('T002').locator('.task-note')).toContainText('Needs you: Look at the mockups');
  await expect(row('T002').getByRole('group', { name: 'Answer for T002' }).getByRole('button', { name: 'Skip this task' })).toBeVisible();
  await expect(row('T003').locator('.task-note')).toContainText('Needs you: Look at the mockups');
  expect(await problems(page)).toEqual([]);
  await inEachLook(braid, (look) => shot(page, info, `question-${look}`));

  // With the panel hidden it stands over the middle.
  await page.keyboard.press('Control+B');
  await expect(page.getByRole('complementary', { name: 'Auto Run' })).toBeHidden();
  await expect(question.getByRole('button', { name: 'Go on' })).toBeVisible();
  await shot(page, info, 'without-panel');
  await question.getByRole('button', { name: 'Go to line' }).click();
  await expect(page.locator('.document-body .is-target')).toContainText('French greeting');
  await page.keyboard.press('Control+B');

  // What the person selected stays selected when the next question comes; its card leads to its task.
  await row('T001').locator('.task').click();
  await expect(row('T001')).toHaveAttribute('aria-current', 'true');
  await question.getByRole('button', { name: 'Skip this task' }).click();
  const next = page.getByRole('alert').filter({ hasText: 'A person is needed before T003' });
  await expect(next).toBeVisible();
  await expect(row('T001')).toHaveAttribute('aria-current', 'true');
  await inEachLook(braid, (look) => shot(page, info, `next-${look}`));
  await next.getByRole('button', { name: 'Show T003' }).click();
  await expect(row('T003')).toHaveAttribute('aria-current', 'true');
  await expect(next.getByRole('button', { name: 'Show T003' })).toHaveCount(0);
  await expect(row('T002')).toHaveAccessibleName(/Skipped/);
  await expect(row('T002').locator('.task-note')).toContainText('skipped by you');
  await next.getByRole('button', { name: 'Go on' }).click();
  await expect(next).toBeHidden();
  await page.getByRole('dialog', { name: 'Merge' }).getByRole('button', { name: 'Keep' }).click();
  await expect(row('T003')).toHaveAccessibleName(/Done/);
  await expect(row('T004')).toHaveAccessibleName(/Skipped/);
  const started = (await puppets.lines()).filter(({ event }) => event === 'start').map(({ task }) => task).sort();
  expect(started).toEqual(['T001', 'T003']);
});
