/** A spec of 5,000 tasks: scrolling, ticks and the switch of views, frame by frame. Prints the figures of docs/performance.md. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { countMessages, type Frames, frameHead, frameLine, frameRecorder } from './frames';
import { expect, shot, test } from './harness';
import { largeTasks } from './large-spec';

const count = 5000;

async function wheelThrough(page: Page, selector: string, step: number): Promise<void> {
  const box = page.locator(selector);
  await box.hover();
  const left = (): Promise<number> => box.evaluate((element, down) => (down ? element.scrollHeight - element.clientHeight - element.scrollTop : element.scrollTop), step > 0);
  while (await left() > 1) await page.mouse.wheel(0, step);
}

test('a spec of 5,000 tasks stays smooth', async ({ launch, repo }, info) => {
  // Some thousand frames on a machine that may be busy.
  test.setTimeout(300_000);
  const file = join(repo.dir, 'specs/002-large/tasks.md');
  const text = largeTasks(count);
  await repo.write('specs/002-large/tasks.md', text);
  await repo.git('add', '--all');
  await repo.git('commit', '-q', '-m', 'Plan something large');
  const { app, page } = await launch({ args: ['--spec', join(repo.dir, 'specs/002-large')] });
  const panel = page.getByRole('complementary', { name: 'Auto Run' });
  await expect(panel).toContainText(`0 of ${count} done`);
  await expect(page.getByRole('list', { name: 'Tasks' }).getByRole('listitem', { name: /^T0001/ })).toBeVisible();
  const sent = await countMessages(app);
  const recorder = await frameRecorder(page);
  const lines: Frames[] = [];
  const record = async (...args: Parameters<typeof recorder.record>): Promise<void> => { lines.push(await recorder.record(...args)); };
  const tick = (what: string, done: boolean): Promise<void> => record(what, async () => {
    const before = await readFile(file, 'utf8');
    await writeFile(file, done ? before.replace('- [ ] T0007', '- [x] T0007') : before.replace('- [x] T0007', '- [ ] T0007'));
  }, { selector: '.progress b', text: `${done ? 1 : 0} of ${count} done` });
  const bothTicks = async (where: string): Promise<void> => {
    await tick(`tick a task in the file${where}`, true);
    await tick(`take the tick back${where}`, false);
  };
  const view = (name: string, selector: string, says: string): Promise<void> => record(`open ${name}`, () => page.getByRole('tab', { name, exact: true }).click(), { selector, text: says });
  const plan = (name: string, selector: string, says: string): Promise<void> => record(`open ${name}`, () => page.getByRole('radiogroup', { name: 'Plan as' }).getByRole('radio', { name }).click(), { selector, text: says });

  await record('nothing', () => recorder.settle(60));
  await record('scroll the checklist down', () => wheelThrough(page, '.checklist', 1500));
  await record('scroll the checklist up', () => wheelThrough(page, '.checklist', -1500));
  await sent();
  await bothTicks('');
  const ofTicks = await sent();
  await record('select a task', () => page.getByRole('listitem', { name: /^T0007/ }).click());
  await view('Plan', '.plan', 'drawn by group');
  await shot(page, info, 'graph');
  await bothTicks(', graph open');
  await plan('Timeline', '.chart', 'Slot 4');
  await shot(page, info, 'timeline');
  await bothTicks(', timeline open');
  await plan('List', '.wave-list', 'T0001');
  await record('scroll the list of waves', () => wheelThrough(page, '.wave-list', 1500));
  await bothTicks(', list open');
  await view('Spec', '.document-body', 'T0001');
  await shot(page, info, 'spec');
  await record('scroll the rendered file', () => wheelThrough(page, '.document-body', 3000));
  await bothTicks(', rendered file open');
  await view('Terminals', '.view[data-state="active"]', '');

  const nodes = await page.locator('*').count();
  // Counts, not times: the machine may be busy, but what a tick touches is the same everywhere.
  expect(nodes).toBeLessThan(1000);
  expect(ofTicks.messages).toBeLessThanOrEqual(4);
  expect(ofTicks.bytes).toBeLessThan(200_000);
  for (const { what, nodes: changed } of lines) if (what.includes('tick')) expect(changed, what).toBeLessThan(100);
  process.stdout.write(`\n${frameHead}\n${lines.map(frameLine).join('\n')}\n\nTick and untick: ${ofTicks.messages} messages, ${ofTicks.bytes} characters as JSON. Elements on the page: ${nodes}.\n`);
});
