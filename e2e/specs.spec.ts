/** The list of specs: several in one folder are entries of their own, and the open one is marked. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from './harness';

const plan = (name: string): string => `# ${name} Implementation Plan\n\n### Task 1: Write ${name}\n\n- [ ] **Step 1: Begin**\n`;

test('two plans of one folder are opened each by itself', async ({ launch, repo }) => {
  await repo.write('docs/plans/2026-01-02-first.md', plan('First'));
  await repo.write('docs/plans/2026-01-03-second.md', plan('Second'));
  await repo.git('add', '--all');
  await repo.git('commit', '-q', '-m', 'Plans');
  const { page } = await launch({ args: ['--spec', join(repo.dir, 'docs/plans/2026-01-02-first.md')] });
  const specs = page.getByRole('list', { name: 'Specs' });
  const tasks = page.getByRole('list', { name: 'Tasks' });
  const entry = (name: string) => specs.getByRole('button', { name: new RegExp(name) });
  await expect(entry('first')).toHaveAttribute('aria-current', 'true');
  await expect(entry('second')).not.toHaveAttribute('aria-current', 'true');
  await expect(tasks).toContainText('Write First');
  await entry('second').click();
  await expect(tasks).toContainText('Write Second');
  await expect(entry('second')).toHaveAttribute('aria-current', 'true');
  await expect(entry('first')).not.toHaveAttribute('aria-current', 'true');
});

test('a spec that is written outside appears in the list, and one that is removed goes', async ({ launch, repo }) => {
  const { page } = await launch({ args: ['--spec', join(repo.dir, 'specs/001-greeting')] });
  const specs = page.getByRole('list', { name: 'Specs' });
  await expect(specs.getByRole('button')).toHaveCount(1);
  await repo.write('specs/930-back/tasks.md', '# Tasks: Back\n\n- [ ] T001 Write made/back.txt\n');
  await expect(specs.getByRole('button', { name: /930-back/ })).toBeVisible();
  await rm(join(repo.dir, 'specs/930-back'), { recursive: true });
  await expect(specs.getByRole('button')).toHaveCount(1);
});
