/**
 * `npm start`: opens the window with the bundled sample and the demo agent. Without a display, or where Electron cannot be
 * had, the same sample runs in the terminal. Further arguments go to whichever of the two it is.
 */
import { spawn, spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createRequire } from 'node:module';
import { build } from './build.mjs';
import { ensureElectron } from './ensure-electron.mjs';
import { ensureSystem } from './ensure-system.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const require = createRequire(join(root, 'package.json'));
const extra = process.argv.slice(2);
const say = (text) => process.stdout.write(`${text}\n`);

/** Why there can be no window here, or null. */
async function obstacle() {
  const windowed = process.platform !== 'linux' || process.env.DISPLAY || process.env.WAYLAND_DISPLAY;
  if (!windowed) return 'There is no display here';
  const lacking = ensureSystem({ window: true });
  if (lacking !== null) return `The window cannot open. ${lacking}\nUntil then`;
  try {
    await ensureElectron();
    return null;
  } catch (error) {
    return `The window cannot open. ${error.message}\nUntil then`;
  }
}

/** Chromium's sandbox refuses to run as root, and cannot work where the system forbids user namespaces. */
function sandboxSwitches() {
  if (process.platform !== 'linux') return [];
  if (process.getuid() === 0) {
    say("Running as root: Chromium's own sandbox is off (--no-sandbox). The window shows local pages only.");
    return ['--no-sandbox'];
  }
  if (spawnSync('unshare', ['--user', '--map-root-user', 'true']).status === 0) return [];
  say("This system allows no user namespaces: Chromium's own sandbox is off (--no-sandbox). The window shows local pages only.");
  return ['--no-sandbox'];
}

/** Runs a program in the foreground and ends as it ends. */
function become(command, args, options = {}) {
  const child = spawn(command, args, { cwd: root, stdio: 'inherit', ...options });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.once('error', (error) => {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  });
  child.once('exit', (code, signal) => {
    process.exitCode = signal === null ? code : 1;
  });
}

function openWindow() {
  say('Opening Braid with the bundled sample and the demo agent.');
  const electron = require('electron');
  become(electron, [...sandboxSwitches(), '.', '--sample', ...extra]);
}

/**
 * The sample is made by the same code as in the window, from the same bundle. At a terminal the person is asked before it lands;
 * without one it lands when it merges cleanly, since the repository is a temporary one.
 */
async function runInTerminal(reason) {
  const problem = ensureSystem({ window: false });
  if (problem !== null) throw new Error(problem);
  say(`${reason}: the bundled sample runs in this terminal with the demo agent instead.`);
  const { createSample } = require(join(root, 'out', 'main', 'sample.js'));
  const made = await createSample(join(root, 'resources'));
  if (!made.ok) throw new Error(`The sample could not be made: ${JSON.stringify(made.error)}`);
  const { repo, spec } = made.value;
  say(`Repository: ${repo}`);
  become(process.execPath, [join(root, 'bin', 'braid.js'), 'run', spec, '--repo', repo, '--agent', 'demo', '--land', 'ask', '--yes', ...extra], { cwd: repo });
}

try {
  build();
  const reason = await obstacle();
  if (reason === null) openWindow();
  else await runInTerminal(reason);
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
