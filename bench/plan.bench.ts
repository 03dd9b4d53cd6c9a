/**
 * Reading and planning a spec-kit task list. "First" is the first time in a fresh process, as `braid plan` does it (without the start of Node
 * and the loading of the code); "warm" is what the window does on each edit of the file, after calls that are not counted. Baseline: one
 * regular expression over the lines, warm.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Spec } from '../src/shared/domain';
import { buildPlan } from '../src/main/core/plan/build';
import { parseFoundFile, parseTaskFile } from '../src/main/core/spec/parse';
import { median, printTable, timed } from './table';

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

/** Calls that warm the engine up and are not counted. */
const warmUp = 10;
/** Fresh processes for each "first". */
const fresh = 5;

const both = (text: string): void => { buildPlan(specOf(text), { maxParallel: 4 }); };

/** Milliseconds of the first call in fresh processes: this file, started again with what to do. */
function first(...job: readonly string[]): { readonly median: number; readonly fastest: number } {
  const taken = Array.from({ length: fresh }, () => Number(spawnSync(process.execPath, [__filename, 'first', ...job], { encoding: 'utf8' }).stdout));
  return { median: median(taken), fastest: Math.min(...taken) };
}

/** What such a process does. A file is given by its path, a text of our own by its shape and number of tasks. */
function callOnce([job, count]: readonly string[]): void {
  const textOf = shapes.find(([shape]) => shape === job)?.[1];
  const text = textOf ? textOf(Number(count)) : readFileSync(job ?? '', 'utf8');
  const began = performance.now();
  if (textOf) both(text);
  else parseFoundFile(text, { file: basename(job ?? ''), place: job ?? '' });
  process.stdout.write(String(performance.now() - began));
}

async function sizes(): Promise<void> {
  const rows: (string | number)[][] = [];
  for (const [shape, textOf] of shapes) {
    for (const count of [1_000, 10_000, ...(process.argv.includes('--full') ? [100_000] : [])]) {
      const text = textOf(count);
      const spec = specOf(text);
      const times = count > 10_000 ? 3 : 31;
      const base = await timed(times, () => scanned(text), Math.min(warmUp, times));
      const cold = first(shape, String(count));
      const read = await timed(times, () => specOf(text), Math.min(warmUp, times));
      const plan = await timed(times, () => buildPlan(spec, { maxParallel: 4 }), Math.min(warmUp, times));
      const warm = await timed(times, () => both(text), Math.min(warmUp, times));
      rows.push([shape, count.toLocaleString('en'), `${Math.round(text.length / 1024)} KB`, base.median, cold.median, read.median, plan.median, warm.median, warm.fastest, (warm.median * 1000) / count]);
    }
  }
  printTable(['shape', 'tasks', 'file', 'baseline scan, ms', 'first, ms', 'read, ms', 'plan, ms', 'warm, ms', 'warm, fastest, ms', 'warm, microseconds a task'], rows);
}

interface RealFile {
  readonly kind: string;
  readonly path: string;
  readonly bytes: number;
  readonly read: { readonly median: number; readonly fastest: number };
}

/** The slowest of the real task files, where they are at hand (see test/fixtures/spec/corpus.test.ts). */
async function realFiles(): Promise<void> {
  const corpus = process.env['BRAID_CORPUS'] ?? join('..', 'shared', 'corpus');
  if (!existsSync(corpus)) return;
  const paths = readdirSync(corpus, { withFileTypes: true }).filter((entry) => entry.isDirectory()).flatMap(({ name }) => readdirSync(join(corpus, name)).map((file) => join(corpus, name, file)));
  const files: RealFile[] = [];
  for (const path of paths) {
    const text = readFileSync(path, 'utf8');
    files.push({ kind: path.endsWith('.yaml') ? 'tasks.yaml' : 'Markdown', path, bytes: text.length, read: await timed(11, () => parseFoundFile(text, { file: basename(path), place: path }), warmUp) });
  }
  const rows = (kind: string): (string | number)[][] =>
    files.filter((one) => one.kind === kind).sort((a, b) => b.read.median - a.read.median).slice(0, 2).map(({ path, bytes, read }) => [kind, `${Math.round(bytes / 1024)} KB`, first(path).median, read.median, read.fastest]);
  process.stdout.write(`\nThe slowest to read of ${files.length} real files:\n\n`);
  printTable(['kind', 'file', 'first, ms', 'warm, ms', 'warm, fastest, ms'], [...rows('Markdown'), ...rows('tasks.yaml')]);
}

async function main(): Promise<void> {
  const [job, ...rest] = process.argv.slice(2);
  if (job === 'first') return callOnce(rest);
  await sizes();
  await realFiles();
}

void main();
