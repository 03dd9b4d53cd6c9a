import { expect, test } from 'vitest';
import { parseMarkdown } from './parse-markdown';
import { scan } from './scan';

const read = (text: string) => parseMarkdown(text, { file: 'tasks.md', dialect: 'checklist' });
const work = '\n## Phase 1\n\n- [~] T001 a\n- [ ] T002 b\n- [x] T003 c\n';

test.each([
  ['below a heading', '## Status Legend\n\n- [ ] Not started\n- [~] In progress\n- [x] Complete\n- [!] Blocked\n', '~ active, ! blocked'],
  ['below a line', 'Legend:\n- [ ] not started\n- [~] in progress / partially done\n- [x] done\n- [!] blocked / decision needed\n', '~ active, ! blocked'],
  ['in a quote', '> **Legend:**\n>\n> - [ ] To do\n> - [/] In Progress\n> - [x] Completed\n', '/ active'],
  ['without a word above', '# Tasks\n\n- [ ] Pending (to implement)\n- [x] Completed (seen in the code)\n- [-] Dropped\n', '- skipped'],
  ['marks in bold with colons', '## Format\n\n- **[ ]**: Not started\n- **[~]**: Partially complete or deferred\n- **[x]**: Complete\n- **[P]**: Can run in parallel\n', '~ active'],
  ['a mark with a tag', '## Format\n\n- **[x] + [RESOLVED 2026-01]**: closed by another change\n- **[ ]**: open\n', ''],
  ['all in one line', '- [ ] = open, [x] = done, [~] = cancelled\n', '~ skipped'],
  ['bold, in one line', '## Format Guide\n\n- **[ ]**: Not started | **[x]**: Complete | **[-]**: in progress\n', '- active'],
  ['equals signs, other meanings', 'Task format:\n- [x] = Layout is there\n- [ ] = Layout needs work\n', ''],
  ['a colon behind a blank', '## Conventions\n\n- [ ] : pending\n- [x] : done\n', ''],
  ['a colon at once, which is no box', '## Status key\n\n- [ ]: Not started\n- [-]: In progress\n', '- active'],
  ['marks that no table has', '**Status Legend:**\n- [ ] Not Started\n- [⏳] In Progress\n- [🚫] Blocked\n- [⏭️] Skipped\n', '⏳ active, 🚫 blocked, ⏭ skipped'],
  ['what is no state in a legend', '## Legend\n\n- [ ] Not implemented yet\n- [x] Implemented, by whom and when\n- [~] Somebody looks at it\n', ''],
  ['a status to choose from', '## Status\n\n- [ ] Not Started\n- [ ] In Progress\n- [x] Completed\n- [ ] Blocked\n', ''],
  ['a sentence', 'Legend: [ ] open, [~] = deferred, [x] done\n', '~ skipped'],
  ['another language', '## 图例\n\n- [ ] 未开始\n- [~] 进行中\n- [x] 已完成\n', '~ active'],
])('a legend is no work: %s', (_, text, legend) => {
  const told = read(text + work);
  expect(told.tasks.map(({ id }) => id)).toEqual(['T001', 'T002', 'T003']);
  const meaning = [...scan(text).legend].filter(([mark]) => mark !== '' && mark !== 'x').map((entry) => entry.join(' ')).join(', ');
  expect(meaning).toBe(legend);
  if (legend.includes('~')) expect(told.tasks[0]?.state).toBe(/~ (\w+)/.exec(legend)?.[1]);
});

test.each([
  ['titles that begin with a word for a state', '- [ ] Complete registration with valid data\n- [x] Complete login process\n- [ ] Open the port\n', 3],
  ['work below a heading that names states', '## Status\n\n- [ ] Complete the login\n- [x] Open the port\n', 2],
  ['work in a legend that ended', '## Legend\n\n- [ ] Open\n- [x] Done\n\n- [ ] Write the docs\n', 1],
  ['one box', '- [x] Build\n- [ ] Done\n', 2],
  ['marks that contradict', '- [x] Open\n- [ ] Close\n', 2],
  ['the same mark again', '- [ ] Pending\n- [ ] Planned\n- [x] Done\n', 3],
  ['kinds of work', '- [ ] New: add the login\n- [x] Done: set up\n', 2],
  ['a title after a colon', '- [ ] : add the login\n- [x] : set up\n', 2],
  ['ids', '## Legend\n\n- [ ] T001 Open\n- [x] T002 Done\n', 2],
  ['names in bold', '## Format\n\n- **[x] Done** parser\n- **[ ] Pending** lexer\n', 2],
])('work is no legend: %s', (_, text, count) => expect(read(text).tasks).toHaveLength(count));
