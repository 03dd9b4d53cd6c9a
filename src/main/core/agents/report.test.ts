import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readReport } from './report';

let dir = '';
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'braid-report-'));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

test.each([
  { name: 'whole', text: '{"status":"done","summary":"Did \\u001b[31mit","notes":["a"],"usage":{"inputTokens":1,"outputTokens":2,"costUsd":0.5},"more":1}',
    report: { status: 'done', summary: 'Did it', notes: ['a'], usage: { inputTokens: 1, outputTokens: 2, costUsd: 0.5 } } },
  { name: 'short', text: '{"status":"blocked"}', report: { status: 'blocked', summary: '', notes: [], usage: null } },
  { name: 'with half its usage', text: '{"status":"needs-input","usage":{"costUsd":1}}', report: { status: 'needs-input', summary: '', notes: [], usage: { inputTokens: null, outputTokens: null, costUsd: 1 } } },
])('a report: $name', async ({ text, report }) => {
  await writeFile(join(dir, 'r.json'), text);
  expect(await readReport(join(dir, 'r.json'))).toEqual({ report, notice: null });
});

test.each([
  { name: 'no JSON', text: 'done!', notice: /not JSON/ },
  { name: 'empty', text: '', notice: /not JSON/ },
  { name: 'another status', text: '{"status":"fine"}', notice: /status/ },
  { name: 'a list', text: '[]', notice: /its shape/ },
  { name: 'notes of another kind', text: '{"status":"done","notes":[1]}', notice: /notes/ },
  { name: 'too large', text: ' '.repeat(1024 * 1024 + 1), notice: /1 MB/ },
])('unusable: $name', async ({ text, notice }) => {
  await writeFile(join(dir, 'r.json'), text);
  expect(await readReport(join(dir, 'r.json'))).toEqual({ report: null, notice: expect.stringMatching(notice) });
});

test('missing is normal, a folder is not', async () => {
  expect(await readReport(join(dir, 'none.json'))).toEqual({ report: null, notice: null });
  await mkdir(join(dir, 'r.json'));
  expect(await readReport(join(dir, 'r.json'))).toMatchObject({ report: null, notice: expect.stringMatching(/ignored/) });
});
