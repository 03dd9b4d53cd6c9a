/**
 * Stands in for Electron's own default app in the registry copy, whose resources carry none: loads the folder named by the
 * first path argument, as `electron .` does. Documented at https://www.electronjs.org/docs/latest/api/process#processdefaultapp
 */
const { readFileSync, statSync } = require('node:fs');
const { createRequire } = require('node:module');
const path = require('node:path');
const { app } = require('electron');

/** Splits the command line into `-r` modules and the first path; everything else is the app's or Chromium's business. */
function readArguments(argv) {
  const modules = [];
  let target = null;
  for (let index = 0; index < argv.length && target === null; index += 1) {
    const argument = argv[index];
    if (argument === '-r' || argument === '--require') {
      index += 1;
      modules.push(argv[index]);
    } else if (!argument.startsWith('-')) {
      target = path.resolve(argument);
    }
  }
  return { modules, target };
}

/** Gives the app its own name, version and folders before its code runs. */
function adopt(folder) {
  const manifest = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
  app.setName(manifest.productName ?? manifest.name);
  app.setVersion(manifest.version ?? '0.0.0');
  app.setAppPath(folder);
  app.setPath('userData', path.join(app.getPath('appData'), app.getName()));
  return path.resolve(folder, manifest.main ?? 'index.js');
}

const { modules, target } = readArguments(process.argv.slice(1));
if (process.argv.includes('--version') || process.argv.includes('-v')) {
  process.stdout.write(`v${process.versions.electron}\n`);
  process.exit(0);
}
if (target === null) {
  process.stderr.write('Name the folder of an app: electron .\n');
  process.exit(2);
}
Object.defineProperty(process, 'defaultApp', { value: true, configurable: false, enumerable: true });
for (const name of modules) createRequire(path.join(process.cwd(), 'x.js'))(name);
require(statSync(target).isDirectory() ? adopt(target) : target);
