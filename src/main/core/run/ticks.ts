/** The ticks and notes of a run as a change to any version of a task file. */
import type { Dialect } from '../../../shared/domain';
import { isByHand, type Run } from '../../../shared/run';
import type { TaskFileAid } from '../git/integrate';
import { parseTaskFile } from '../spec/parse';
import { tick } from '../spec/write-back';
import { inRepository } from './names';

/** The dialect was one of the union when the run began; the journal keeps it as text. */
export const dialectOf = (run: Run): Dialect => run.dialect as Dialect;

/** A task file with every integrated task of the run ticked; tasks that are done there already, or gone, stay as they are. */
export function tickedContent(run: Run, file: string, content: Buffer): Buffer {
  const parsed = parseTaskFile(content.toString('utf8'), { file, dialect: dialectOf(run) });
  const open = new Set(parsed.tasks.filter((task) => !task.done).map((task) => task.id));
  let text = content;
  for (const id of run.order) {
    const task = run.tasks[id];
    if (!task || task.state !== 'done' || isByHand(task) || task.file !== file || !open.has(id)) continue;
    const ticked = tick(text, { id, textHash: task.textHash, line: task.line }, { state: 'done', ...(task.note === '' ? {} : { note: task.note }) });
    if (ticked.ok) text = ticked.value;
  }
  return text;
}

/** Lets merges bring edits of a task file and the run's ticks together. */
export function tickAid(run: Run): TaskFileAid {
  const files = new Map(run.specIgnored ? [] : run.taskFiles.map((file) => [inRepository(run.specPath, file), file]));
  return { files: [...files.keys()], ticked: (path, content) => tickedContent(run, files.get(path) ?? '', content) };
}
