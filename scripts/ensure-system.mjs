/**
 * The Debian packages that Electron, Xvfb and the tests need. As root on a machine with apt the missing ones are installed;
 * otherwise the exact command is printed. Exports `ensureSystem`; run directly it exits 1 when something is missing at the end.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Programs by the package that brings them. */
const PROGRAMS = { git: 'git', tar: 'tar', gzip: 'gzip' };
const DISPLAY_PROGRAMS = { 'xvfb-run': 'xvfb', xauth: 'xauth' };
/** Shared libraries by package; a list names the alternatives of older and newer releases (the 64-bit time transition). */
const LIBRARIES = {
  'libgtk-3.so.0': ['libgtk-3-0', 'libgtk-3-0t64'],
  'libnss3.so': ['libnss3'],
  'libasound.so.2': ['libasound2', 'libasound2t64'],
  'libgbm.so.1': ['libgbm1'],
  'libXss.so.1': ['libxss1'],
  'libXtst.so.6': ['libxtst6'],
  'libnotify.so.4': ['libnotify4'],
  'libatk-bridge-2.0.so.0': ['libatk-bridge2.0-0', 'libatk-bridge2.0-0t64'],
  'libcups.so.2': ['libcups2', 'libcups2t64'],
  'libdrm.so.2': ['libdrm2'],
};
const LIBRARY_FOLDERS = ['/usr/lib/x86_64-linux-gnu', '/usr/lib/aarch64-linux-gnu', '/lib/x86_64-linux-gnu', '/lib/aarch64-linux-gnu', '/usr/lib64', '/usr/lib'];

const onPath = (program) => (process.env.PATH ?? '').split(delimiter).some((folder) => existsSync(join(folder, program)));
const hasLibrary = (name) => LIBRARY_FOLDERS.some((folder) => existsSync(join(folder, name)));
const isRoot = () => process.getuid?.() === 0;

/** Names of what is missing, as one candidate list per package. */
function missing(window) {
  const programs = window ? { ...PROGRAMS, ...DISPLAY_PROGRAMS } : PROGRAMS;
  const lacking = Object.entries(programs).filter(([program]) => !onPath(program)).map(([, name]) => [name]);
  if (!window) return lacking;
  return [...lacking, ...Object.entries(LIBRARIES).filter(([library]) => !hasLibrary(library)).map(([, names]) => names)];
}

function apt(args) {
  const done = spawnSync('apt-get', args, { encoding: 'utf8', env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } });
  return { ok: done.status === 0, output: `${done.stdout ?? ''}${done.stderr ?? ''}` };
}

/** The first of the names that this release can install; the plain one when apt knows none of them. */
function choose(names) {
  const installable = (name) => {
    const policy = spawnSync('apt-cache', ['policy', name], { encoding: 'utf8' }).stdout ?? '';
    // "  Candidate: (none)" is how apt answers for a purely virtual package; nothing at all for an unknown one.
    return /^ {2}Candidate: (?!\(none\))/m.test(policy);
  };
  return names.find(installable) ?? names[0];
}

function install(lacking) {
  process.stdout.write('System packages: updating the package lists ...\n');
  const update = apt(['update', '-q']);
  if (!update.ok) process.stderr.write(`apt-get update failed:\n${update.output.slice(-1000)}\n`);
  const names = lacking.map(choose);
  process.stdout.write(`System packages: installing ${names.join(' ')} ...\n`);
  const done = apt(['install', '-y', '-q', '--no-install-recommends', ...names]);
  if (!done.ok) process.stderr.write(`apt-get install failed:\n${done.output.slice(-2000)}\n`);
}

/**
 * Makes sure that the system has what is needed; `window` also asks for Electron's libraries and a virtual display.
 * Returns null when all is there, else a sentence with the exact command to run.
 */
export function ensureSystem({ window }) {
  if (process.platform !== 'linux') return null;
  const lacking = missing(window);
  if (lacking.length === 0) return null;
  const debian = onPath('apt-get');
  if (debian && isRoot()) {
    install(lacking);
    if (missing(window).length === 0) return null;
  }
  const names = missing(window).map((candidates) => (debian ? choose(candidates) : candidates[0]));
  const how = debian ? `sudo apt-get update && sudo apt-get install -y ${names.join(' ')}` : `Install with your package manager (Debian names): ${names.join(' ')}`;
  return `System packages are missing. Run:\n  ${how}`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const problem = ensureSystem({ window: !process.argv.includes('--no-window') });
  process.stdout.write(`${problem ?? 'System packages are complete.'}\n`);
  process.exitCode = problem === null ? 0 : 1;
}
