/** The commands that start, steer, resume and look at runs, by the core. */
import type { RunControl } from '../shared/control';
import type { AppError } from '../shared/errors';
import type { Handlers } from '../shared/ipc';
import { err, ok, type Result } from '../shared/result';
import type { ResumeChoice } from '../shared/unfinished';
import { changeError, openChecklistError, type Preparation } from './core/run/prepare';
import { openSpec, prepared, type Desk } from './desk';

const done = ok(null);

interface Start {
  /** Items of the checklists may be unchecked. */
  readonly despiteChecklists: boolean;
  /** The change may be archived, or need others that are not done. */
  readonly despiteChange: boolean;
  /** Only this task and those after it in the file; null: all. */
  readonly from: string | null;
}

/** What a run of the open spec needs, where nothing stands between the person and its start. */
async function startable(desk: Desk, { despiteChecklists, despiteChange, from }: Start): Promise<Result<Preparation, AppError>> {
  const preparation = await prepared(desk, from === null ? {} : { from });
  if (!preparation.ok) return preparation;
  const { uncommitted, base, selection, spec } = preparation.value;
  if (uncommitted.length > 0) return err({ kind: 'spec/uncommitted', paths: uncommitted, base: base.branch });
  if (selection.tasks.length === 0) return err({ kind: 'run/nothing-to-do', spec: spec.name });
  const question = (despiteChange ? null : changeError(spec)) ?? (despiteChecklists ? null : openChecklistError(preparation.value));
  return question === null ? preparation : err(question);
}

async function startRun(desk: Desk, start: Start): Promise<Result<{ run: string }, AppError>> {
  const preparation = await startable(desk, start);
  if (!preparation.ok) return preparation;
  const { repo } = preparation.value;
  const started = await desk.runs.start(preparation.value);
  if (!started.ok) {
    // The person is asked how that run goes on.
    if (started.error.kind === 'run/left-at-work') await desk.runs.ask(started.error.run);
    desk.changed();
    return started;
  }
  await desk.site.settings.update((settings) => ({ ...settings, permissionsSaid: [...new Set([...settings.permissionsSaid, repo.root])] }));
  await desk.workspace.refresh();
  return ok({ run: started.value });
}

/** A live run obeys, here or in another Braid; one that has ended is resumed for the one task that is to be tried again. */
async function steer(desk: Desk, run: string, control: RunControl): Promise<Result<null, AppError>> {
  const live = desk.runs.live(run);
  if (live.ok) return live.value.obey(control);
  if (desk.runs.owner(run) !== null) return desk.runs.tellElsewhere(run, control);
  if (control.action !== 'retry' && control.action !== 'answer') return live;
  const only = control.action === 'answer' ? { task: control.task, answer: control.text } : { task: control.task, fresh: control.fresh === true };
  const resumed = await desk.runs.recover({ run, choice: 'retry', asked: true, only });
  desk.changed();
  return resumed.ok ? done : resumed;
}

// What is unchecked, archived or unmet was asked about when the run began that is started afresh.
const again: Start = { despiteChecklists: true, despiteChange: true, from: null };

/** Sets a run aside and starts its spec anew; what stands against the start is known before anything is set aside. */
async function startFresh(desk: Desk, id: string): Promise<Result<{ run: string | null }, AppError>> {
  const run = desk.runs.list().find((known) => known.id === id);
  if (run && run.specFolder !== desk.workspace.spec?.folder) {
    const opened = await openSpec(desk, run.specFolder, null);
    if (!opened.ok) return opened;
  }
  const possible = await startable(desk, again);
  if (!possible.ok) return possible;
  const aside = await desk.runs.abandon(id);
  desk.changed();
  return aside.ok ? startRun(desk, again) : aside;
}

async function recover(desk: Desk, run: string, choice: ResumeChoice): Promise<Result<{ run: string | null }, AppError>> {
  if (choice === 'fresh') return startFresh(desk, run);
  const result = choice === 'abort' ? await desk.runs.abandon(run) : await desk.runs.recover({ run, choice, asked: true });
  desk.changed();
  return result.ok ? ok({ run: result.value }) : result;
}

/** What another Braid is told in place of a call. */
const words = { pause: { action: 'pause' }, takeIn: { action: 'take-in' }, stop: { action: 'stop' } } as const;

/** Handlers of everything that begins with `run.`, and of `lane.open`. */
export function runHandlers(desk: Desk): Pick<Handlers, 'run.start' | 'run.pause' | 'run.resume' | 'run.takeIn' | 'run.stop' | 'run.control' | 'run.recover' | 'run.salvage' | 'run.select' | 'lane.open'> {
  const { runs, options, site } = desk;
  const control = async (id: string, act: 'pause' | 'takeIn' | 'stop'): Promise<Result<null, AppError>> => {
    const live = runs.live(id);
    if (!live.ok) return runs.owner(id) === null ? live : runs.tellElsewhere(id, words[act]);
    await live.value[act]();
    return done;
  };
  return {
    'run.start': (start) => startRun(desk, start),
    'run.pause': ({ run }) => control(run, 'pause'),
    'run.resume': ({ run }) => steer(desk, run, { action: 'resume' }),
    'run.takeIn': ({ run }) => control(run, 'takeIn'),
    'run.stop': ({ run }) => control(run, 'stop'),
    'run.control': async ({ run, control: word }) => steer(desk, run, word),
    'run.recover': ({ run, choice }) => recover(desk, run, choice),
    'run.salvage': ({ run }) => runs.salvage(run),
    'run.select': async ({ run }) => {
      runs.selected = run;
      desk.changed();
      return done;
    },
    'lane.open': async ({ run, lane, in: where }) => {
      const paths = runs.lanePaths(run, lane);
      if (!paths.ok) return paths;
      const { worktree, log } = paths.value;
      if (where === 'files') return options.dialogs.openPath(worktree, 'files');
      return options.dialogs.openPath(where === 'log' ? log : worktree, 'editor', site.settings.get().editor);
    },
  };
}
