import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { runEventSchema, type RunEvent } from '../../../shared/events';
import { eventsOf, Journal, parseJournal, readJournal } from './journal';
import { findRun, listRuns, newRunId, ownRun, runFolder, runOwner } from './run-folder';
import { SettingsStore } from './settings';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'braid-state-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const stamp = { at: '2026-01-01T00:00:00.000Z', run: 'r-1' };
const paused = (n: number): RunEvent => ({ type: 'run.paused', at: `2026-01-01T00:00:0${n}.000Z`, run: 'r-1' });

describe('journal', () => {
  test('keeps events in order, one a line, private to the user', async () => {
    const path = join(folder, 'sub', 'journal.jsonl');
    const journal = await Journal.open(path);
    if (!journal.ok) throw new Error('not opened');
    const results = await Promise.all([1, 2, 3].map((n) => journal.value.append(paused(n))));
    await journal.value.close();
    expect(results.every((result) => result.ok)).toBe(true);
    const read = await readJournal(path);
    expect(read.ok && [...eventsOf(read.value)]).toEqual([1, 2, 3].map(paused));
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  test.each([
    ['a torn last line', `${JSON.stringify(paused(1))}\n{"type":"run.pa`, 1, true, 0],
    ['an unknown type inside', `{"type":"x"}\n${JSON.stringify(paused(1))}\n`, 1, false, 1],
    ['nothing', '', 0, false, 0],
    ['noise', '\u0000\u0000\n', 0, false, 1],
    ['a tail of zeros after a power loss', `${JSON.stringify(paused(1))}\n${'\u0000'.repeat(500)}`, 1, true, 0],
    ['a torn line in the middle', `${JSON.stringify(paused(1))}\n{"type":"run.pa\n${JSON.stringify(paused(2))}\n`, 2, false, 1],
    ['zeros in the middle', `${JSON.stringify(paused(1))}\n${'\u0000'.repeat(50)}${JSON.stringify(paused(2))}\n${JSON.stringify(paused(3))}\n`, 2, false, 1],
  ])('reads %s', (_name, text, events, torn, skipped) => {
    const content = parseJournal(Buffer.from(text));
    expect([content.events.length, content.torn, content.skipped]).toEqual([events, torn, skipped]);
  });

  test('reads whatever bytes there are as zod reads each line alone', () => {
    const notice = fc.tuple(fc.string({ unit: 'binary' }), fc.nat(90_000), fc.boolean()).map(([text, longer, more]) => Buffer.from(JSON.stringify({ ...stamp, type: 'notice', level: 'info', code: 'c', text: text + 'x'.repeat(longer), task: null, ...(more ? { more } : {}) })));
    const torn = notice.chain((line) => fc.nat(line.length).map((end) => line.subarray(0, end)));
    const bad = fc.constantFrom('1,2', '{},{}', '[', '"', '', ' ', 'null', '{"type":"run.resumed","at":"x","run":"r"},{"type":"run.resumed","at":"x","run":"r"}', ' {"type":"run.resumed","at":"x","run":"r"}\r').map((text) => Buffer.from(text));
    const line = fc.oneof({ weight: 3, arbitrary: notice }, torn, bad, fc.uint8Array({ maxLength: 20 }).map((bytes) => Buffer.from(bytes)));
    const alone = (text: string): RunEvent[] => {
      try {
        const parsed = runEventSchema.safeParse(JSON.parse(text));
        return parsed.success ? [parsed.data] : [];
      } catch {
        return [];
      }
    };
    fc.assert(fc.property(fc.array(line, { maxLength: 12 }), fc.boolean(), (lines, whole) => {
      const bytes = Buffer.concat([...lines.flatMap((one) => [one, Buffer.from('\n')]), Buffer.from(whole ? '' : '{"type":"run.resumed","at":"x","run":"r"}')]);
      const texts = bytes.toString('utf8').split('\n').slice(0, -1).filter((text) => text !== '');
      const events = texts.flatMap(alone);
      const content = parseJournal(bytes);
      expect(content.events).toStrictEqual(events);
      expect([content.skipped, content.torn]).toEqual([texts.length - events.length, !whole]);
    }), { numRuns: 50 });
  });

  test.each([['a newer version', 2, false], ['its own version', 1, true], ['no version, as in the first journals', null, true]])('opens one of %s: %s', async (_name, version, opens) => {
    const path = join(folder, 'r-1', 'journal.jsonl');
    await mkdir(join(folder, 'r-1'));
    const text = `{"type":"run.started",${version === null ? '' : `"version":${version},`}"at":"x"}\n{"type":"torn`;
    await writeFile(path, text);
    const journal = await Journal.open(path);
    expect(journal.ok).toBe(opens);
    if (journal.ok) await journal.value.close();
    else expect([journal.error, await readFile(path, 'utf8')]).toEqual([{ kind: 'run/newer', run: 'r-1', version: 2 }, text]);
  });

  test('an append that finds no room leaves no half of a line behind, and the next one is whole', async () => {
    const path = join(folder, 'journal.jsonl');
    const journal = await Journal.open(path);
    if (!journal.ok) throw new Error('not opened');
    await journal.value.append(paused(1));
    await journal.value.handle.close();
    expect((await journal.value.append(paused(2))).ok).toBe(false);
    expect((await journal.value.append(paused(2))).ok).toBe(false);
    expect(await readFile(path, 'utf8')).toBe(`${JSON.stringify(paused(1))}\n`);
  });

  test('cuts a torn line off before it appends', async () => {
    const path = join(folder, 'journal.jsonl');
    await writeFile(path, `${JSON.stringify(paused(1))}\n{"type":"run.pa`);
    const journal = await Journal.open(path);
    if (!journal.ok) throw new Error('not opened');
    await journal.value.append(paused(2));
    await journal.value.close();
    expect(await readFile(path, 'utf8')).toBe(`${JSON.stringify(paused(1))}\n${JSON.stringify(paused(2))}\n`);
  });
});

describe('run folders', () => {
  test('ids sort by time and name safe folders', () => {
    const first = newRunId(new Date(2026, 0, 2, 3, 4, 5), () => 0);
    const second = newRunId(new Date(2026, 0, 2, 3, 4, 6), () => 0.999);
    expect(first).toBe('r-260102-030405-0000');
    expect(first < second).toBe(true);
    expect(() => runFolder(folder, '../x')).toThrow('Internal error');
  });

  test('one live process owns a run; a dead owner is replaced', async () => {
    const first = await ownRun(folder, 'r-1');
    expect(first.ok).toBe(true);
    const second = await ownRun(folder, 'r-1');
    expect(second).toEqual({ ok: false, error: { kind: 'run/busy', run: 'r-1', pid: process.pid } });
    await writeFile(join(runFolder(folder, 'r-1').path, 'owner.json'), JSON.stringify({ pid: process.pid, started: '1' }));
    expect(await runOwner(folder, 'r-1')).toBeNull();
    expect((await ownRun(folder, 'r-1')).ok).toBe(true);
  });

  test('a repository without runs says so', async () => {
    expect(await listRuns(folder)).toEqual([]);
    expect(await findRun(folder, null)).toEqual({ ok: false, error: { kind: 'run/not-found', run: '', known: [] } });
  });
});

describe('settings', () => {
  test('survive a restart and concurrent changes', async () => {
    const store = await SettingsStore.open(folder);
    await Promise.all([
      store.update((settings) => ({ ...settings, theme: 'dark' })),
      store.update((settings) => ({ ...settings, editor: 'code' })),
    ]);
    const again = await SettingsStore.open(folder);
    expect([again.get().theme, again.get().editor]).toEqual(['dark', 'code']);
  });

  test('an unreadable file is kept aside', async () => {
    await writeFile(join(folder, 'settings.json'), '{');
    const store = await SettingsStore.open(folder);
    expect(store.problem).toContain('settings.broken.json');
    expect(await readFile(join(folder, 'settings.broken.json'), 'utf8')).toBe('{');
  });
});
