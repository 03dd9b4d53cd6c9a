/** A spec as large as anybody may write one: spec-kit's template with many stories, dependencies, shared files and checkpoints. */

const storyLength = 50;

const id = (number: number): string => `T${String(number).padStart(4, '0')}`;

function storyTask(number: number, place: number, story: number): string {
  const parallel = place % 5 < 3 ? '[P] ' : '';
  const wait = place % 10 === 9 ? ` (depends on ${id(number - 4)}, ${id(number - 2)})` : '';
  // Each tenth task works on a file that others of its story touch as well.
  const file = place % 10 === 5 ? `src/story${story}/index.ts` : `src/story${story}/part${place}.ts`;
  return `- [ ] ${id(number)} ${parallel}[US${story}] Implement part ${place + 1} of story ${story} with its checks in ${file}${wait}`;
}

/** The text of a task file with `count` tasks, none done: a setup and a foundational phase, then stories of 50 tasks with a checkpoint each. */
export function largeTasks(count: number): string {
  const lines = ['# Tasks: Large', '', '## Phase 1: Setup', ''];
  let number = 1;
  for (; number <= 5; number += 1) lines.push(`- [ ] ${id(number)} Set up part ${number} in setup/part${number}.json`);
  lines.push('', '## Phase 2: Foundational', '');
  for (; number <= 25; number += 1) lines.push(`- [ ] ${id(number)} [P] Lay foundation ${number} in src/base/part${number}.ts`);
  for (let story = 1; number <= count; story += 1) {
    lines.push('', `## Phase ${story + 2}: User Story ${story} - A person uses part ${story} (Priority: P${(story % 3) + 1})`, '', `**Goal**: Part ${story} works on its own`, '');
    for (let place = 0; place < storyLength && number <= count; place += 1, number += 1) lines.push(storyTask(number, place, story));
    lines.push('', `**Checkpoint**: Story ${story} can be shown`);
  }
  lines.push('', '## Dependencies & Execution Order', '', '- **Foundational (Phase 2)**: Depends on Setup completion', '- **User Stories (Phase 3+)**: All depend on Foundational phase completion', '  - User stories can then proceed in parallel (if staffed)');
  return `${lines.join('\n')}\n`;
}
