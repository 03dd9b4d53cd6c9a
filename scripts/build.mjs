/** Builds out/ when it is older than its sources. Exports `build`; run directly it always builds. */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const OUTPUTS = ['out/main/index.js', 'out/main/cli.js', 'out/main/host.js', 'out/preload/index.js', 'out/renderer/index.html'];
const SOURCES = ['src', 'electron.vite.config.ts', 'package-lock.json', 'package.json'];

function newest(path) {
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs;
  return Math.max(stat.mtimeMs, ...readdirSync(path).map((name) => newest(join(path, name))));
}

/** Whether every output is there and newer than every source. */
function isFresh() {
  if (!OUTPUTS.every((file) => existsSync(join(root, file)))) return false;
  const built = Math.min(...OUTPUTS.map((file) => statSync(join(root, file)).mtimeMs));
  return SOURCES.every((path) => newest(join(root, path)) <= built);
}

/** The command of a dependency as argv, without npx. */
export function tool(name, bin = name) {
  const require = createRequire(join(root, 'package.json'));
  const folder = join(root, 'node_modules', name);
  const manifest = require(join(folder, 'package.json'));
  const path = typeof manifest.bin === 'string' ? manifest.bin : manifest.bin[bin];
  return [process.execPath, join(folder, path)];
}

/** Builds when needed (`force`: always). Throws with the build's own output when it fails. */
export function build({ force = false } = {}) {
  if (!force && isFresh()) return;
  if (!existsSync(join(root, 'node_modules', 'electron-vite'))) throw new Error('The build tools are not installed. Run "npm ci" first.');
  process.stdout.write('Building ...\n');
  const [node, script] = tool('electron-vite');
  const done = spawnSync(node, [script, 'build', '--logLevel', 'warn'], { cwd: root, encoding: 'utf8' });
  if (done.status !== 0) throw new Error(`The build failed.\n${done.stdout}${done.stderr}`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    build({ force: true });
  } catch (error) {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  }
}
