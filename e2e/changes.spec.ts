/** OpenSpec changes in the window: asked about before they run where they are archived or wait for others; modes that do not fit. */
import { join } from 'node:path';
import { createGate, expect, shot, test } from './harness';

test('a change that waits for another asks, and leads there; an archived one asks; a mode says what speaks against it', async ({ launch, repo, scratch }, info) => {
  await repo.write('openspec/changes/add-base/tasks.md', '## 1. A\n- [ ] 1.1 Write made/base.txt\n');
  await repo.write('openspec/changes/add-top/tasks.md', '## 1. B\n- [ ] 2.1 Write made/top.txt\n');
  await repo.write('openspec/changes/add-top/proposal.md', '# Top\n\n## Dependencies\n- depends_on: add-base\n');
  await repo.write('openspec/changes/archive/2025-01-02-add-old/tasks.md', '## 1. C\n- [ ] 3.1 Write made/old.txt\n');
  await repo.git('add', '--all');
  await repo.git('commit', '-q', '-m', 'Changes');
  const gate = await createGate(scratch);
  const { page } = await launch({ env: gate.env, args: ['--spec', join(repo.dir, 'openspec/changes/add-top'), '--agent-command', gate.command] });
  const run = page.getByRole('button', { name: 'Run', exact: true });
  const first = page.getByRole('dialog', { name: 'Other changes come first' });
  await run.click();
  await expect(first).toContainText('Not complete: add-base.');
  await expect(first.getByRole('button', { name: 'Cancel' })).toBeFocused();
  await shot(page, info, 'unmet');
  await first.getByRole('button', { name: 'Open add-base' }).click();
  await expect(first).toBeHidden();
  await expect(page.getByRole('list', { name: 'Tasks' }).getByRole('listitem', { name: /^1\.1/ })).toBeVisible();

  await page.getByRole('button', { name: 'Options' }).click();
  await page.getByRole('combobox', { name: 'Mode' }).click();
  await page.getByRole('option', { name: /^Team/ }).click();
  await expect(page.getByText('Team was chosen for one task')).toBeVisible();
  await shot(page, info, 'mode');

  await gate.open();
  await run.click();
  const merge = page.getByRole('dialog', { name: 'Merge' });
  await merge.getByRole('button', { name: 'Merge now' }).click();
  await expect(page.getByRole('status', { name: 'Merge result' })).toContainText('add-base is complete. Waiting for it: add-top.');

  await page.getByRole('navigation', { name: 'Specs and runs' }).getByRole('button', { name: /add-old/ }).click();
  const archived = page.getByRole('dialog', { name: 'This change is archived' });
  await expect(page.getByRole('list', { name: 'Tasks' }).getByRole('listitem', { name: /^3\.1/ })).toBeVisible();
  await run.click();
  await expect(archived).toContainText('2025-01-02');
  await page.keyboard.press('Enter');
  await expect(archived).toBeHidden();
  await run.click();
  await archived.getByRole('button', { name: 'Run anyway' }).click();
  await merge.getByRole('button', { name: 'Keep' }).click();
  // The run gives its folder back a moment after it ended; the folder goes with the test.
  await expect(page.getByRole('button', { name: 'Stop' })).toBeDisabled();
});
