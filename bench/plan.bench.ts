/** Reading and planning a spec-kit task list of 100 and of 1,000 tasks: what the window does on each edit of the file. */
import { bench, describe } from 'vitest';
import type { Spec } from '../src/shared/domain';
import { buildPlan } from '../src/main/core/plan/build';
import { parseTaskFile } from '../src/main/core/spec/parse';

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

describe.each([100, 1000])('%i tasks', (count) => {
  const text = taskFile(count);
  const spec = specOf(text);
  bench('read', () => {
    parseTaskFile(text, { file: 'tasks.md', dialect: 'speckit' });
  });
  bench('plan', () => {
    buildPlan(spec, { maxParallel: 4 });
  });
});
