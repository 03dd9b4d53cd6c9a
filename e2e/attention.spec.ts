/** What a person notices who looks elsewhere: the window's title, the taskbar, a machine that stays awake, messages where they are wanted. */
import { join } from 'node:path';
import type { ElectronApplication } from '@playwright/test';
import { createPuppets, type Puppets } from '../test/puppet';
import { problems } from './axe';
import { expect, inEachLook, shot, test } from './harness';

let puppets: Puppets;
test.beforeEach(async () => { puppets = await createPuppets(); });
test.afterEach(() => puppets.cleanup());

/** Writes down what Braid tells the desktop. The block on falling asleep is Electron's own; messages do not reach the machine. */
async function eavesdrop(app: ElectronApplication): Promise<() => Promise<{ notes: string[]; bars: number[]; awake: boolean[]; beeps: number }>> {
  await app.evaluate(({ BrowserWindow, Notification, powerSaveBlocker, shell }) => {
    const told = { notes: [] as string[], bars: [] as number[], blockers: [] as number[], beeps: 0 };
    Reflect.set(globalThis, 'told', told);
    Notification.isSupported = () => true;
    Notification.prototype.show = function show(this: Electron.Notification) { told.notes.push(`${this.title} | ${this.body} | ${this.silent ? 'silent' : 'sound'}`); };
    shell.beep = () => void (told.beeps += 1);
    const window = BrowserWindow.getAllWindows()[0];
    if (window) window.setProgressBar = (progress) => void told.bars.push(Math.round(progress * 100) / 100);
    const start = powerSaveBlocker.start.bind(powerSaveBlocker);
    powerSaveBlocker.start = (kind) => {
      const id = start(kind);
      told.blockers.push(id);
      return id;
    };
  });
  return () => app.evaluate(({ powerSaveBlocker }) => {
    const { blockers, ...told } = Reflect.get(globalThis, 'told') as { notes: string[]; bars: number[]; blockers: number[]; beeps: number };
    return { ...told, awake: blockers.map((id) => powerSaveBlocker.isStarted(id)) };
  });
}

const title = (app: ElectronApplication): Promise<string> => app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.getTitle() ?? '');

test('messages are off by default; title, taskbar and wakefulness follow the run', async ({ launch, repo }) => {
  await puppets.plan({ '*': { write: { 'made/{{task}}.txt': '{{task}}\n' } }, T003: { until: puppets.flag('go') } });
  const { app, page } = await launch({ env: { ...puppets.env, CI: '' }, args: ['--spec', join(repo.dir, 'specs/001-greeting'), '--agent-command', puppets.command] });
  const told = await eavesdrop(app);
  expect(await title(app)).toBe('Braid');
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await expect.poll(() => title(app)).toBe('2/3 · 001-greeting');
  expect((await told()).awake).toEqual([true]);
  await puppets.release('go');
  await expect(page.getByRole('dialog', { name: 'Merge' })).toBeVisible();
  await expect.poll(() => title(app)).toBe('Braid');
  const { notes, bars, awake } = await told();
  expect(notes).toEqual([]);
  expect(bars).toEqual([0, 0.33, 0.67, 1, -1]);
  expect(awake).toEqual([false]);
});

test('switched on, messages say that a question waits and that the run ended', async ({ launch, repo }, info) => {
  await puppets.plan({ '*': { write: { 'made/{{task}}.txt': '{{task}}\n' } }, T001: { write: {}, report: { status: 'needs-input', summary: 'Which English?' } } });
  const braid = await launch({ env: { ...puppets.env, CI: '' }, args: ['--spec', join(repo.dir, 'specs/001-greeting'), '--agent-command', puppets.command] });
  const { app, page } = braid;
  const told = await eavesdrop(app);
  await page.getByRole('button', { name: 'Settings' }).click();
  const settings = page.getByRole('dialog', { name: 'Settings' });
  for (const name of ['Notify on the desktop', 'Play a sound']) {
    await expect(settings.getByRole('switch', { name })).not.toBeChecked();
    await settings.getByRole('switch', { name }).click();
    await expect(settings.getByRole('switch', { name })).toBeChecked();
  }
  expect(await problems(page)).toEqual([]);
  await inEachLook(braid, (look) => shot(page, info, `settings-${look}`));
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await expect.poll(async () => (await told()).notes).toEqual([
    'T001 of 001-greeting needs you | Which English? | sound',
    expect.stringMatching(/^001-greeting ended and needs you \| 1 of 3 tasks are done\. \| sound$/),
  ]);
  await expect(page.getByRole('dialog', { name: 'Merge' })).toBeVisible();
});

test('a checkpoint is told, the title stays, and the machine may sleep until it is answered', async ({ launch, repo }) => {
  await puppets.plan({ '*': { write: { 'made/{{task}}.txt': '{{task}}\n' } } });
  const { app, page } = await launch({ env: { ...puppets.env, CI: '' }, args: ['--spec', join(repo.dir, 'specs/001-greeting'), '--agent-command', puppets.command] });
  const told = await eavesdrop(app);
  await page.getByRole('button', { name: 'Settings' }).click();
  await page.getByRole('switch', { name: 'Notify on the desktop' }).click();
  await expect(page.getByRole('switch', { name: 'Notify on the desktop' })).toBeChecked();
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Options' }).click();
  await page.getByRole('combobox', { name: 'Style' }).click();
  await page.getByRole('option', { name: 'Guided' }).click();
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await expect.poll(async () => (await told()).notes).toEqual(['001-greeting waits for your word | Checkpoint: Setup has ended: 2 tasks are done, 1 waits; no checks are configured | silent']);
  expect(await title(app)).toBe('2/3 · 001-greeting');
  await expect.poll(async () => (await told()).awake).toEqual([false]);
  await page.getByRole('button', { name: 'Go on' }).click();
  await expect(page.getByRole('dialog', { name: 'Merge' })).toBeVisible();
  expect(await told()).toMatchObject({ awake: [false, false], notes: [expect.anything(), '001-greeting has finished | 3 of 3 tasks are done. | silent'] });
});

test('a failure is told by sound alone where that is wanted, and a short end is not', async ({ launch, repo }) => {
  await puppets.plan({ '*': { exit: 1 } });
  const { app, page } = await launch({ env: { ...puppets.env, CI: '' }, args: ['--spec', join(repo.dir, 'specs/001-greeting'), '--agent-command', puppets.command] });
  const told = await eavesdrop(app);
  await page.getByRole('button', { name: 'Settings' }).click();
  await expect(page.getByRole('combobox', { name: 'When a run ends' })).toBeDisabled();
  await page.getByRole('switch', { name: 'Play a sound' }).click();
  await page.getByRole('combobox', { name: 'When a run ends' }).click();
  await page.getByRole('option', { name: 'After 30 seconds' }).click();
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await expect(page.getByRole('status', { name: 'Run status' })).toContainText('failed');
  await expect.poll(async () => (await told()).bars.at(-1)).toBe(-1);
  // T001 and T002 failed; T003 was skipped, and the run ended within the half minute.
  expect(await told()).toMatchObject({ notes: [], beeps: 2 });
});

test('where nobody is, as in continuous integration, nothing is announced', async ({ launch, repo }) => {
  await puppets.plan({ '*': { exit: 1 } });
  const { app, page } = await launch({ env: { ...puppets.env, CI: 'true' }, args: ['--spec', join(repo.dir, 'specs/001-greeting'), '--agent-command', puppets.command] });
  const told = await eavesdrop(app);
  await page.getByRole('button', { name: 'Settings' }).click();
  await page.getByRole('switch', { name: 'Notify on the desktop' }).click();
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await expect(page.getByRole('status', { name: 'Run status' })).toContainText('failed');
  await expect.poll(async () => (await told()).bars.at(-1)).toBe(-1);
  expect((await told()).notes).toEqual([]);
});
