import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openPlain, openToAppend, readPlain, readPlainText } from './plain-file';

let folder: string;
const at = (name: string): string => join(folder, name);
beforeEach(() => {
  folder = mkdtempSync(join(realpathSync(tmpdir()), 'braid-plain-'));
  writeFileSync(at('plain'), 'Wörter');
  mkdirSync(at('folder'));
  execFileSync('mkfifo', [at('pipe')]);
  for (const name of ['plain', 'pipe']) symlinkSync(name, at(`to-${name}`));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('reads plain files, also through links, and those of /proc, which say that they are empty', async () => {
  expect(await readPlainText(at('plain'))).toBe('Wörter');
  expect((await readPlain(at('to-plain'))).toString()).toBe('Wörter');
  if (process.platform === 'linux') expect(await readPlainText('/proc/self/stat')).toMatch(/^\d+ \(/);
});

test.each([['pipe', 'EFTYPE'], ['to-pipe', 'EFTYPE'], ['folder', 'EISDIR'], ['missing', 'ENOENT']])('refuses %s at once with %s', async (name, code) => {
  await expect(readPlain(at(name))).rejects.toMatchObject({ code });
  if (code !== 'ENOENT') await expect(openToAppend(at(name))).rejects.toMatchObject({ code });
});

test('refuses a socket and a device', async () => {
  const server = createServer();
  await new Promise<void>((done) => server.listen(at('socket'), done));
  await expect(readPlain(at('socket'))).rejects.toMatchObject({ code: 'EFTYPE' });
  await new Promise((done) => server.close(done));
  await expect(readPlain('/dev/null')).rejects.toMatchObject({ code: 'EFTYPE' });
});

test('goes through no link where it must not', async () => {
  await expect(openPlain(at('to-plain'), { links: false })).rejects.toMatchObject({ code: 'ELOOP' });
});

test('appends, and makes the file for its owner alone', async () => {
  for (const text of ['one ', 'two']) {
    const file = await openToAppend(at('log'));
    await file.appendFile(text);
    await file.close();
  }
  expect(readFileSync(at('log'), 'utf8')).toBe('one two');
});
