/** Looks at the task files of a run that is going, at each scheduling point: a few `stat` calls unless something was edited. */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { sentence, type AppError } from '../../../shared/errors';
import type { Spec } from '../../../shared/domain';
import type { Run } from '../../../shared/run';
import { readPlainText } from '../plain-file';
import { isExclusive } from '../plan/document';
import { compareSpec, editWords, withWorkOpen, type SpecEdits } from './edits';
import { planFor, planKnowledge, type RunPlace } from './prepare';
import { readSpecIn } from './read-spec';
import { selectTasks } from './select';

export interface EditWatch {
  /** What was edited since the last look; null when nothing was. */
  look(run: Run, takeAdded: boolean): Promise<SpecEdits | null>;
  /** The spec as it was last read: what agents are told. */
  spec(): Spec;
}

const goesOn = 'The run goes on with the plan it has.';
const nothing = (trouble: string): SpecEdits => ({ offered: [], taken: null, said: [], trouble: `${trouble} ${goesOn}` });

/** Why the files cannot be followed now. */
const troubleOf = (error: AppError): string => (error.kind === 'io/failed' && error.code === 'ENOENT' ? 'The task file is gone.' : `The task file cannot be followed now. ${sentence(error)}`);

/** A value that changes when one of the files does; a missing file counts as a value. */
async function signature(files: readonly string[]): Promise<string> {
  const facts = await Promise.all(files.map((file) => stat(file).then(({ mtimeMs, size, ino }) => `${mtimeMs}:${size}:${ino}`, () => '-')));
  return facts.join('|');
}

/** Another branch in the checkout has other task files, which say nothing about this run. */
const headOf = (gitDir: string): Promise<string> => readPlainText(join(gitDir, 'HEAD')).catch(() => '');

/** Watches the spec of a run in the person's checkout. `lookFirst`: it may have been edited before now (the run is resumed). */
export async function watchEdits(place: Pick<RunPlace, 'repo' | 'options' | 'spec'>, how: { readonly lookFirst: boolean } = { lookFirst: false }): Promise<EditWatch> {
  const { repo, options } = place;
  const { folder, taskFiles } = place.spec;
  const files = taskFiles.map((file) => join(folder, file));
  const head = await headOf(repo.gitDir);
  let seen = how.lookFirst ? '' : await signature(files);
  let spec = place.spec;
  let told = '';
  // The files as they were read last; what was edited before a run is resumed is news.
  let last = how.lookFirst ? null : place.spec;

  const read = async (run: Run, takeAdded: boolean): Promise<SpecEdits> => {
    const now = await readSpecIn(repo, folder, taskFiles.length === 1 ? taskFiles[0] ?? null : null);
    if (!now.ok) return nothing(troubleOf(now.error));
    // A file that is being written, or was emptied, says nothing about single tasks.
    if (now.value.tasks.length === 0) return nothing('The task file holds no tasks now.');
    const open = withWorkOpen(now.value, run);
    const asked = { ...options, tasks: known(now.value, options.tasks) };
    const plan = planFor(open, asked, await planKnowledge(repo, open, asked));
    const selection = selectTasks({ spec: open, plan, options: asked, isExclusive });
    if (!selection.ok) return nothing(troubleOf(selection.error));
    const edits = compareSpec(run, { spec: now.value, selection: selection.value }, takeAdded, last);
    last = now.value;
    if (edits.taken !== null) spec = now.value;
    return edits;
  };

  return {
    spec: () => spec,
    look: async (run, takeAdded) => {
      const before = seen;
      seen = await signature(files);
      if (seen === before && !takeAdded) return null;
      // A branch that was switched here is no edit; once it is back, the files are looked at again.
      if (await headOf(repo.gitDir) !== head) return null;
      const edits = await read(run, takeAdded || options.followEdits);
      const said = editWords(edits);
      const isOld = said === told;
      told = said;
      return edits.taken === null && isOld ? null : edits;
    },
  };
}

/** Asked-for tasks that are still in the file; one that was removed is no error by now. */
function known(spec: Spec, tasks: readonly string[] | null): string[] | null {
  if (tasks === null) return null;
  const ids = new Set(spec.tasks.map((task) => task.id));
  return tasks.filter((id) => ids.has(id));
}
