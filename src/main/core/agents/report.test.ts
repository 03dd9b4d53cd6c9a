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

const plain = { status: 'done', summary: '', notes: [], usage: null };
test.each([
  { name: 'another status', text: '{"status":"fine","usage":{"costUsd":2}}', report: { ...plain, status: null, usage: { inputTokens: null, outputTokens: null, costUsd: 2 } }, notice: /status/ },
  { name: 'no status', text: '{"summary":"half"}', report: { ...plain, status: null, summary: 'half' }, notice: /status: missing/ },
  { name: 'notes of another kind', text: '{"status":"done","summary":"whole","notes":[1]}', report: { ...plain, summary: 'whole' }, notice: /notes/ },
  { name: 'a summary of another kind', text: '{"status":"blocked","summary":{}}', report: { ...plain, status: 'blocked' }, notice: /summary/ },
  { name: 'a number in words', text: '{"status":"done","usage":{"inputTokens":-1,"outputTokens":"abc","costUsd":0.6}}', report: { ...plain, usage: { inputTokens: null, outputTokens: null, costUsd: 0.6 } }, notice: /usage\.inputTokens[\s\S]*usage\.outputTokens/ },
  { name: 'usage as a list', text: '{"status":"done","usage":[1]}', report: plain, notice: /usage: not an object/ },
])('what is malformed costs nothing else: $name', async ({ text, report, notice }) => {
  await writeFile(join(dir, 'r.json'), text);
  expect(await readReport(join(dir, 'r.json'))).toEqual({ report, notice: expect.stringMatching(notice) });
});

test.each([
  { name: 'no JSON', text: 'done!', notice: /not JSON/ },
  { name: 'empty', text: '', notice: /not JSON/ },
  { name: 'a list', text: '[]', notice: /its shape/ },
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
