/** `braid pause|continue|stop|retry|skip|hold|release|answer`: a hand on a run that goes in another window or terminal. */
import { join, resolve } from 'node:path';
import type { RunControl } from '../../shared/control';
import { unresumable } from '../../shared/unfinished';
import { openRepository, type Repository } from '../core/git/repository';
import { resumeRun } from '../core/run/resume';
import type { Site } from '../core/run/site';
import { sendCommand } from '../core/state/control';
import { findRun, runFolder, runOwner } from '../core/state/run-folder';
import { hasHost } from '../core/terminals/host/find';
import { exitCodes } from './exit-code';
import { fail, print, printJson } from './output';
import { driveRun } from './run-command';

export const steeringCommands = [
  ['pause', 'start no more tasks of a run'], ['continue', 'let a paused run start tasks again'], ['stop', 'end a run, keeping all work'],
  ['retry', 'try one task of a run again'], ['skip', 'leave one task of a run out'], ['hold', 'hold one task back'], ['release', 'let a held task go'],
  ['answer', 'answer the question that a task ended with, and try it again'],
] as const;
export type SteeringName = (typeof steeringCommands)[number][0];

export const needsTask = (name: SteeringName): boolean => !['pause', 'continue', 'stop'].includes(name);

export interface Steering {
  readonly name: SteeringName;
  readonly run: string;
  readonly task: string;
  readonly text: string;
  readonly afterCurrent: boolean;
  /** A retry without the work of before. */
  readonly fresh: boolean;
}

function controlOf({ name, task, text, afterCurrent, fresh }: Steering): RunControl {
  switch (name) {
    case 'pause': return { action: 'pause' };
    case 'continue': return { action: 'resume' };
    case 'stop': return { action: afterCurrent ? 'stop-after-current' : 'stop' };
    case 'answer': return { action: 'answer', task, text };
    case 'retry': return { action: 'retry', task, fresh };
    default: return { action: name, task };
  }
}

/** Nobody drives the run: a task that is to be tried again is done here and now. */
async function drive(site: Site, repo: Repository, steering: Steering, json: boolean): Promise<number> {
  const only = steering.name === 'answer' ? { task: steering.task, answer: steering.text } : { task: steering.task, fresh: steering.fresh };
  return driveRun(site, repo, {
    open: (publish) => resumeRun(site, repo, { run: steering.run, choice: 'retry', asked: true, only }, publish),
    title: (run) => `Run ${run.id} goes on with ${steering.task}`, flags: { yes: false, json, dryRun: false }, landGiven: false,
  });
}

/** Nobody drives the run, but its agents go on: it is taken over to end them, or to wait for those at work, as a Braid of its own would. */
async function endLeft(site: Site, repo: Repository, { run, afterCurrent }: Steering, json: boolean): Promise<number> {
  const code = await driveRun(site, repo, {
    open: async (publish) => {
      const live = await resumeRun(site, repo, { run, choice: 'go-on', asked: false, ending: afterCurrent ? 'current' : 'now' }, publish);
      if (live.ok && !afterCurrent) void live.value.stop();
      return live;
    },
    title: (going) => `Run ${going.id} is ended; all work is kept.`, flags: { yes: false, json, dryRun: false }, landGiven: false,
  });
  return code === exitCodes.interrupted ? exitCodes.ok : code;
}

/** Steers a run and resolves with the exit code: 0 when its Braid has done it, 6 when it did not. */
export async function steerCommand(site: Site, steering: Steering, flags: { readonly repo?: string; readonly json: boolean }): Promise<number> {
  const repo = await openRepository(resolve(process.cwd(), flags.repo ?? '.'));
  if (!repo.ok) return fail(repo.error);
  const run = await findRun(repo.value.commonDir, steering.run);
  if (!run.ok) return fail(run.error);
  const { id } = run.value;
  if (needsTask(steering.name) && run.value.tasks[steering.task] === undefined) return fail({ kind: 'plan/unknown-task', ids: [steering.task] });
  if (await runOwner(repo.value.commonDir, id) === null) {
    const over = unresumable(run.value);
    if (over !== null) return fail({ kind: 'run/not-resumable', run: id, detail: over });
    if (steering.name === 'retry' || steering.name === 'answer') return drive(site, repo.value, { ...steering, run: id }, flags.json);
    if (steering.name === 'stop' && await hasHost(runFolder(repo.value.commonDir, id).path)) return endLeft(site, repo.value, { ...steering, run: id }, flags.json);
    return fail({ kind: 'run/not-obeyed', run: id, detail: 'nobody drives it' });
  }
  const sent = await sendCommand(join(runFolder(repo.value.commonDir, id).path, 'control'), id, controlOf(steering));
  if (!sent.ok) return fail(sent.error);
  if (flags.json) printJson({ run: id, done: true });
  else print(`Run ${id}: done.`);
  return exitCodes.ok;
}
