/**
 * npm's `prepare`: after `npm ci`, `npx braid` works and Electron is in place. An Electron that cannot be had is only a notice
 * here, since the command line does without; `npm start` and `npm test` look again.
 */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from './build.mjs';
import { ensureElectron } from './ensure-electron.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

if (!existsSync(join(root, 'node_modules', 'electron-vite'))) {
  process.stdout.write('Not built: the build tools are development dependencies and were left out. Run "npm ci && npm run build".\n');
} else {
  try {
    build({ force: true });
  } catch (error) {
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  }
  try {
    await ensureElectron();
  } catch (error) {
    process.stderr.write(`Notice: no Electron yet, so the window cannot open: ${error.message}\n`);
  }
}
