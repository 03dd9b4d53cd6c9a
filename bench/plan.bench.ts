/** Reading and planning a spec-kit task list: what the window does on each edit of the file. Baseline: one regular expression over the lines. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Spec } from '../src/shared/domain';
import { buildPlan } from '../src/main/core/plan/build';
import { parseFoundFile, parseTaskFile } from '../src/main/core/spec/parse';
import { measure, median, printTable } from './table';

const PER_PHASE = 10;

/** A file in the shape of the spec-kit template: phases of ten tasks, every second one parallel, a path in each, some explicit dependencies. */
function taskFile(count: number): string {
  const lines = ['# Tasks: Bench', ''];
  for (let index = 0; index < count; index += 1) {
    const phase = Math.floor(index / PER_PHASE) + 1;
    if (index % PER_PHASE === 0) lines.push(`## Phase ${phase}: User Story ${phase} - Part ${phase} (Priority: P${phase})`, '');
    const id = `T${String(index + 1).padStart(3, '0')}`;
    const after = index % 7 === 6 ? ` (depends on T${String(index - 1).padStart(3, '0')})` : '';
    lines.push(`- [ ] ${id} ${index % 2 === 0 ? '[P] ' : ''}[US${phase}] Write part ${index} in src/part-${phase}/file-${index}.ts${after}`);
  }
  return [...lines, '', '## Dependencies', '', '- User stories can proceed in parallel', ''].join('\n');
}

function specOf(text: string): Spec {
  const { title, tasks, phases, gates, prose, diagnostics } = parseTaskFile(text, { file: 'tasks.md', dialect: 'speckit' });
  return { dialect: 'speckit', name: 'bench', title: title ?? 'bench', folder: '/bench', taskFiles: ['tasks.md'], documents: [], phases, tasks, gates, prose, diagnostics };
}

/** Ten phases of a tenth of the tasks each, done ones among them, paths that collide. */
function fewPhases(count: number): string {
  const lines = ['# Tasks: Bench', ''];
  for (let index = 0; index < count; index += 1) {
    const phase = Math.floor((index * 10) / count) + 1;
    if (index % (count / 10) === 0) lines.push(`## Phase ${phase}: ${['Setup', 'Foundational'][phase - 1] ?? `User Story ${phase - 2}`}`, '');
    lines.push(`- [${index % 3 === 0 ? 'X' : ' '}] T${String(index + 1).padStart(5, '0')} ${index % 3 === 1 ? '[P] ' : ''}Build thing ${index} in src/models/file${index % 500}.ts`);
  }
  return lines.join('\n');
}

/** Phases of a hundred tasks that may all run side by side. */
function allParallel(count: number): string {
  const lines = ['# Tasks: Bench', ''];
  for (let index = 0; index < count; index += 1) {
    if (index % 100 === 0) lines.push(`## Phase ${index / 100 + 1}: Part`, '');
    lines.push(`- [ ] T${String(index + 1).padStart(5, '0')} [P] Build thing ${index} in src/models/file${index}.ts`);
  }
  return lines.join('\n');
}

const shapes: readonly (readonly [string, (count: number) => string])[] = [['template', taskFile], ['few phases', fewPhases], ['all parallel', allParallel]];

const box = /^\s*[-*] \[[ xX]\]\s*(T\d+)\s+(.*)$/;

function scanned(text: string): number {
  let found = 0;
  for (const line of text.split('\n')) if (box.test(line)) found += 1;
  return found;
}

/** Median and fastest milliseconds; the fastest tells what the machine can do when nothing else runs on it. */
async function timed(times: number, work: () => unknown): Promise<{ readonly median: number; readonly fastest: number }> {
  const taken: number[] = [];
  await work();
  for (let n = 0; n < times; n += 1) {
    const began = performance.now();
    await work();
    taken.push(performance.now() - began);
  }
  return { median: median(taken), fastest: Math.min(...taken) };
}

async function sizes(): Promise<void> {
  const rows: (string | number)[][] = [];
  for (const [shape, textOf] of shapes) {
    for (const count of [1_000, 10_000, ...(process.argv.includes('--full') ? [100_000] : [])]) {
      const text = textOf(count);
      const spec = specOf(text);
      const times = count > 10_000 ? 3 : 21;
      const base = await measure(times, () => scanned(text));
      const read = await timed(times, () => specOf(text));
      const plan = await timed(times, () => buildPlan(spec, { maxParallel: 4 }));
      const both = read.median + plan.median;
      rows.push([shape, count.toLocaleString('en'), `${Math.round(text.length / 1024)} KB`, base, read.median, plan.median, both, read.fastest + plan.fastest, (both * 1000) / count]);
    }
  }
  printTable(['shape', 'tasks', 'file', 'baseline scan, ms', 'read, ms', 'plan, ms', 'both, ms', 'both, fastest, ms', 'microseconds a task'], rows);
}

/** The slowest of the real task files, where they are at hand (see test/fixtures/spec/corpus.test.ts). */
async function realFiles(): Promise<void> {
  const corpus = process.env['BRAID_CORPUS'] ?? join('..', 'shared', 'corpus');
  if (!existsSync(corpus)) return;
  const files = readdirSync(corpus, { withFileTypes: true }).filter((entry) => entry.isDirectory()).flatMap(({ name }) => readdirSync(join(corpus, name)).map((file) => join(name, file)));
  const times: { readonly kind: string; readonly bytes: number; readonly read: number; readonly base: number }[] = [];
  for (const file of files) {
    const text = readFileSync(join(corpus, file), 'utf8');
    const read = await measure(5, () => parseFoundFile(text, { file: basename(file), place: file }));
    times.push({ kind: file.endsWith('.yaml') ? 'tasks.yaml' : 'Markdown', bytes: text.length, read, base: await measure(5, () => scanned(text)) });
  }
  const slowest = (kind: string): (string | number)[][] => times.filter((one) => one.kind === kind).sort((a, b) => b.read - a.read).slice(0, 2).map((one) => [kind, `${Math.round(one.bytes / 1024)} KB`, one.base, one.read]);
  process.stdout.write(`\nThe slowest of ${files.length} real files:\n\n`);
  printTable(['kind', 'file', 'baseline scan, ms', 'read, ms'], [...slowest('Markdown'), ...slowest('tasks.yaml')]);
}

async function main(): Promise<void> {
  await sizes();
  await realFiles();
}

void main();
