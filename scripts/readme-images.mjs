/** Makes the two screenshots of the README from the bundled sample and the demo agent: docs/images/run.jpg and merge.jpg. Needs a display. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { _electron } from 'playwright';
import { build } from './build.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const images = join(root, 'docs', 'images');
const scratch = mkdtempSync(join(tmpdir(), 'braid-images-'));

build();
mkdirSync(images, { recursive: true });
const app = await _electron.launch({
  executablePath: createRequire(import.meta.url)('electron'),
  args: ['--no-sandbox', root, '--user-data-dir', join(scratch, 'user-data'), '--sample'],
  env: { ...process.env, BRAID_CONFIG_DIR: join(scratch, 'config'), TMPDIR: scratch },
});
try {
  const page = await app.firstWindow();
  await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0].setContentSize(1280, 800));
  await page.getByRole('list', { name: 'Tasks' }).getByRole('listitem').first().waitFor();
  await page.getByRole('radiogroup', { name: 'Terminal layout' }).getByRole('radio', { name: 'Grid' }).click();
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await page.getByRole('group', { name: /^Terminal / }).nth(2).waitFor();
  // The moment worth showing: some tasks done, and each lane with something on its screen.
  await page.getByRole('list', { name: 'Tasks' }).getByRole('checkbox', { checked: true }).nth(3).waitFor({ timeout: 120_000 });
  await page.getByRole('group', { name: /^Terminal / }).nth(2).filter({ hasText: '+' }).waitFor({ timeout: 60_000 });
  await page.screenshot({ path: join(images, 'run.jpg'), quality: 80 });
  await page.getByRole('dialog', { name: 'Merge' }).waitFor({ timeout: 300_000 });
  await page.screenshot({ path: join(images, 'merge.jpg'), quality: 80 });
} finally {
  await app.evaluate(({ dialog }) => {
    dialog.showMessageBox = () => Promise.resolve({ response: 0, checkboxChecked: false });
  });
  await app.close();
  rmSync(scratch, { recursive: true, force: true });
}
