/** Reading and planning a spec-kit task list: what the window does on each edit of the file. Baseline: one regular expression over the lines. */
import type { Spec } from '../src/shared/domain';
import { buildPlan } from '../src/main/core/plan/build';
import { parseTaskFile } from '../src/main/core/spec/parse';
import { measure, printTable } from './table';

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

const box = /^\s*[-*] \[[ xX]\]\s*(T\d+)\s+(.*)$/;

function scanned(text: string): number {
  let found = 0;
  for (const line of text.split('\n')) if (box.test(line)) found += 1;
  return found;
}

async function main(): Promise<void> {
  const rows: (string | number)[][] = [];
  for (const count of [1_000, 10_000, ...(process.argv.includes('--full') ? [100_000] : [])]) {
    const text = taskFile(count);
    const spec = specOf(text);
    const times = count > 10_000 ? 3 : 9;
    const base = await measure(times, () => scanned(text));
    const read = await measure(times, () => specOf(text));
    const plan = await measure(times, () => buildPlan(spec, { maxParallel: 4 }));
    rows.push([count.toLocaleString('en'), `${Math.round(text.length / 1024)} KB`, base, read, plan, read + plan, ((read + plan) * 1000) / count]);
  }
  printTable(['tasks', 'file', 'baseline scan, ms', 'read, ms', 'plan, ms', 'both, ms', 'microseconds a task'], rows);
}

void main();
