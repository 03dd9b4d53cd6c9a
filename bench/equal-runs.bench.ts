/** Zero differences in the resulting tree (AS065 SC-003): 100 runs of a spec of 12 tasks in the full form, 5 in the short one. */
import { resolve } from 'node:path';
import { equalRuns } from './equal-runs';
import { printTable } from './table';

const count = process.argv.includes('--full') ? 100 : 5;
const began = performance.now();
const trees = equalRuns(resolve(__dirname, '..', '..', 'bin', 'braid.js'), count);
printTable(['runs', 'different trees', 'seconds a run', 'tree'], [[String(count), String(trees.size), (performance.now() - began) / 1000 / count, [...trees].map(([tree, { times }]) => `${tree.slice(0, 12)} x ${times}`).join(', ')]]);
if (trees.size !== 1) {
  for (const { tasks } of trees.values()) process.stderr.write(`${tasks}\n\n`);
  process.exitCode = 1;
}
