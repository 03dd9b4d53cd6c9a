/** The ticks and notes of a run as a change to any version of a task file. */
import type { Dialect } from '../../../shared/domain';
import { isByHand, type Run } from '../../../shared/run';
import type { TaskFileAid } from '../git/integrate';
import { parseTaskFile } from '../spec/parse';
import { markTrack, withTrackState } from '../spec/track-state';
import { tick, tickMarks } from '../spec/write-back';
import { inRepository } from './names';
import { trackFilesOf, withMarks } from './track-files';

/** The dialect was one of the union when the run began; the journal keeps it as text. */
export const dialectOf = (run: Run): Dialect => run.dialect as Dialect;

/** A task file with every integrated task of the run ticked; tasks that are done there already, or gone, stay as they are. `like`: a version whose manner of ticks counts. */
export function tickedContent(run: Run, file: string, content: Buffer, like: Buffer = content): Buffer {
  const parsed = parseTaskFile(content.toString('utf8'), { file, dialect: dialectOf(run) });
  const open = new Set(parsed.tasks.filter((task) => !task.done).map((task) => task.id));
  const markOf = like === content ? null : tickMarks(like);
  let text = content;
  for (const id of run.order) {
    const task = run.tasks[id];
    if (!task || task.state !== 'done' || isByHand(task) || task.file !== file || !open.has(id)) continue;
    const ticked = tick(text, { id, textHash: task.textHash, line: task.line }, { state: 'done', ...(task.note === '' ? {} : { note: task.note }), ...recordOf(run, task.laneCommit), ...(markOf === null ? {} : { mark: markOf(id) }) });
    if (ticked.ok) text = ticked.value;
  }
  return dialectOf(run) === 'track' ? withMarks(run, file, text, null) : text;
}

/** What the dialect records of a task besides its tick: track plans the short name of the lane's commit. */
export const recordOf = (run: Run, laneCommit: string): { readonly sha?: string } => (dialectOf(run) === 'track' && laneCommit !== '' ? { sha: laneCommit.slice(0, 7) } : {});

/** Lets merges bring edits of a task file and the run's ticks together, and those of a track's other files. */
export function tickAid(run: Run): TaskFileAid {
  const files = new Map(run.specIgnored ? [] : run.taskFiles.map((file) => [inRepository(run.specPath, file), file]));
  const track = trackFilesOf(run);
  return {
    files: [...files.keys(), ...(track ? [track.registry, track.metadata] : [])],
    ticked: (path, content, like) => {
      if (path === track?.registry) return markTrack(content, track.id, run.track ?? 'active');
      if (path === track?.metadata) return withTrackState(content, run.track ?? 'active', run.startedAt);
      return tickedContent(run, files.get(path) ?? '', content, like);
    },
  };
}
