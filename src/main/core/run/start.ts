/** From a preparation to a live run: folder, owner, journal, integration branch, engine. */
import { join } from 'node:path';
import type { RunControl } from '../../../shared/control';
import { sentence, type AppError } from '../../../shared/errors';
import { journalVersion, type RunEvent } from '../../../shared/events';
import { err, ok, type Result } from '../../../shared/result';
import { reduce, type Run } from '../../../shared/run';
import { moveBranch, moveRef } from '../git/commits';
import { Journal } from '../state/journal';
import { obeyCommands } from '../state/control';
import { newRunId, runFolder, type RunFolder } from '../state/run-folder';
import { watchEdits } from './edit-watch';
import { Engine } from './engine';
import { integrationBranch } from './names';
import { takeRun } from './own';
import type { Preparation } from './prepare';
import type { Site } from './site';
import { withoutRival, type Wanted } from './rivals';
import { localWorld } from './world';

/** A run that this process drives. */
export interface LiveRun {
  run(): Run;
  /** Lets the first tasks start. */
  begin(): void;
  pause(): Promise<void>;
  resume(): Promise<void>;
  /** Makes now a scheduling point: the task files may have been edited. */
  look(): void;
  /** Tasks that appeared in the task files since the run began become part of it. */
  takeIn(): Promise<void>;
  /** No new tasks; the run ends when those at work have. `waiting`: a checkpoint that nobody was there to answer. */
  stopAfterCurrent(waiting?: boolean): Promise<void>;
  /** Does what a person says; error run/not-obeyed with the reason. Resolves before a stop is over. */
  obey(control: RunControl): Promise<Result<null, AppError>>;
  /** Ends all processes and keeps all work. */
  stop(): Promise<void>;
  /** Lets go of the run: its agents go on in their host, and whoever resumes the run takes them over. `finished` never resolves then. */
  leave(): Promise<void>;
  readonly finished: Promise<Result<Run, AppError>>;
}

function firstEvent(preparation: Preparation, context: { id: string; at: string; branch: string; journal: string }): Extract<RunEvent, { type: 'run.started' }> {
  const { spec, repo, base, options, selection } = preparation;
  return {
    type: 'run.started', version: journalVersion, at: context.at, run: context.id,
    spec: spec.name, specTitle: spec.title, specFolder: spec.folder, specPath: preparation.specPath, taskFiles: [...spec.taskFiles],
    specIgnored: preparation.specIgnored, dialect: spec.dialect, repo: repo.root, base: base.branch, baseCommit: base.commit,
    integrationBranch: context.branch, journal: context.journal, options, tasks: [...selection.tasks],
    waves: selection.waves.map((wave) => [...wave]), slots: selection.slots, dependencies: [...(spec.change?.dependsOn ?? [])],
  };
}

/** Journals and folds the events that a run begins with. */
async function begin(journal: Journal, events: readonly RunEvent[], publish: (event: RunEvent) => void): Promise<Result<Run, AppError>> {
  let run: Run | null = null;
  for (const event of events) {
    const written = await journal.append(event);
    if (!written.ok) return written;
    run = reduce(run, event);
    publish(event);
  }
  return run ? ok(run) : err({ kind: 'internal', detail: 'a run without its first event' });
}

/** Passes a person's word on; resolves with what stands against it, '' for nothing. */
async function obey(engine: Engine, control: RunControl): Promise<string> {
  switch (control.action) {
    case 'pause': await engine.pause(); return '';
    case 'resume': return engine.resume();
    case 'take-in': await engine.takeIn(); return '';
    case 'stop-after-current': await engine.stopAfterCurrent(); return '';
    // Its end is seen in the events: waiting here would keep the answer back for as long as agents take to end.
    case 'stop': void engine.stop(); return '';
    case 'gate': return engine.gate(control.answer);
    default: return engine.tell(control);
  }
}

/** Gives back host, journal and lock: `close` ends the host, `leave` lets it live. */
export type Release = (host: 'close' | 'leave') => Promise<void>;

/** The handle of a run, which also obeys other processes; `release` is called once it is finished or let go. */
export async function liveRun(engine: Engine, folder: RunFolder, release: Release): Promise<LiveRun> {
  const control = await obeyCommands(join(folder.path, 'control'), (word) => obey(engine, word));
  const deaf = control.ok ? control.value : () => undefined;
  if (!control.ok) void engine.notify('control', `This run cannot be steered from other terminals: ${sentence(control.error)}`);
  const finished = engine.finished.then(async (result) => {
    deaf();
    await release('close');
    return result;
  });
  return {
    run: () => engine.run, begin: () => engine.start(), pause: () => engine.pause(), resume: async () => void await engine.resume(), look: () => engine.start(),
    takeIn: () => engine.takeIn(), stop: () => engine.stop(),
    leave: async () => {
      if (engine.run.state === 'finished') return void await finished;
      deaf();
      await engine.leave();
      await release('leave');
    },
    stopAfterCurrent: (waiting) => engine.stopAfterCurrent(waiting), finished,
    obey: async (control) => {
      const detail = await obey(engine, control);
      return detail === '' ? ok(null) : err({ kind: 'run/not-obeyed', run: engine.run.id, detail });
    },
  };
}

/** What a person should know of a run whose terminals are in Braid itself. */
export const hostless = (trouble: AppError): string => `${sentence(trouble)} The agents of this run end when Braid ends.`;

interface Begun {
  readonly id: string;
  readonly folder: RunFolder;
  readonly journal: Journal;
  readonly run: Run;
  readonly release: () => Promise<void>;
}

/** Makes the run's folder, branch and journal, and writes its first events. */
async function beginRun(site: Site, preparation: Preparation, publish: (event: RunEvent) => void): Promise<Result<Begun, AppError>> {
  const { repo, spec, base, selection } = preparation;
  const id = newRunId(site.now(), () => site.random());
  const folder = runFolder(repo.commonDir, id);
  const owned = await takeRun(repo.commonDir, id);
  if (!owned.ok) return owned;
  const release = owned.value;
  const journal = await Journal.open(folder.journal);
  if (!journal.ok) {
    await release();
    return journal;
  }
  const refuse = async (error: AppError): Promise<Result<never, AppError>> => {
    await journal.value.close();
    await release();
    return err(error);
  };
  const branch = integrationBranch(spec.name, id);
  const made = await moveBranch(repo, { branch, to: base.commit, from: null });
  if (!made.ok) return refuse(made.error);
  const at = site.now().toISOString();
  const events: RunEvent[] = [
    firstEvent(preparation, { id, at, branch, journal: folder.journal }),
    ...selection.skipped.map(({ task, reason }): RunEvent => ({ type: 'task.skipped', at, run: id, task, reason })),
    ...preparation.notices.map((text): RunEvent => ({ type: 'notice', at, run: id, level: 'warning', code: 'prepare', text, task: null })),
  ];
  const run = await begin(journal.value, events, publish);
  if (run.ok) return ok({ id, folder, journal: journal.value, run: run.value, release });
  // What stopped the journal may stop this as well; then the branch is left, at the base.
  await moveRef(repo, { ref: `refs/heads/${branch}`, to: null, from: base.commit });
  return refuse(run.error);
}

/** What a run would do. */
export const wantedOf = ({ spec, selection }: Preparation): Wanted => ({ specFolder: spec.folder, tasks: selection.tasks.map((task) => task.id) });

/** Begins a run and returns it, ready to `begin`. Nothing is left behind when it fails, but an empty folder. Errors: run/same-tasks (another Braid does them), run/left-at-work (agents do that lost theirs), as git and disk. */
export async function startRun(site: Site, preparation: Preparation, publish: (event: RunEvent) => void): Promise<Result<LiveRun, AppError>> {
  const begun = await withoutRival(preparation.repo.commonDir, wantedOf(preparation), () => beginRun(site, preparation, publish));
  if (!begun.ok) return begun;
  const { id, folder, journal, run, release } = begun.value;
  // In the meantime the first lane is made.
  const hosted = site.terminals.open(id, folder.path);
  const watch = preparation.options.worktrees ? await watchEdits(preparation) : null;
  const engine = new Engine(localWorld({ site, place: preparation, id, folder, journal, publish, integrationBranch: run.integrationBranch, watch }), run);
  void hosted.then((trouble) => trouble && engine.notify('host', hostless(trouble)));
  return ok(await liveRun(engine, folder, async (host) => {
    await site.terminals[host](id);
    await journal.close();
    await release();
  }));
}
