/** `braid gate`: the answer at the gate of a phase, to a run that goes elsewhere or to one that was left there. */
import { join, resolve } from 'node:path';
import type { GateAnswer } from '../../shared/control';
import { awaitsWord, gateTitle, refusedBy } from '../../shared/gates';
import type { Run } from '../../shared/run';
import { unresumable } from '../../shared/unfinished';
import { openRepository, type Repository } from '../core/git/repository';
import { resumeRun } from '../core/run/resume';
import type { Site } from '../core/run/site';
import type { LiveRun } from '../core/run/start';
import { sendCommand } from '../core/state/control';
import { findRun, runFolder, runOwner } from '../core/state/run-folder';
import { exitCodes } from './exit-code';
import { askWord, canAsk, fail, print, printJson, say } from './output';
import { driveRun } from './run-command';

export interface GateFlags {
  readonly repo?: string;
  readonly yes: boolean;
  readonly json: boolean;
}

/** Taking a phase back wants its word at a terminal, and `--yes` where nobody can type it. */
async function confirmed(run: Run, yes: boolean): Promise<boolean> {
  const gate = awaitsWord(run);
  if (gate === null || yes) return true;
  const what = `${gateTitle(gate)} is taken back to ${gate.from.slice(0, 9)}: ${gate.tasks.length} merged tasks are open again, what they made is kept under refs/braid/snapshots.`;
  if (canAsk()) return await askWord(`${what} Type revert to do that:`) === 'revert';
  say(`${what} Nobody is here to confirm it: --yes does.`);
  return false;
}

async function driveOn(site: Site, repo: Repository, run: Run, context: { readonly answer: GateAnswer; readonly flags: GateFlags }): Promise<number> {
  const { answer, flags } = context;
  return driveRun(site, repo, {
    open: async (publish) => {
      const live = await resumeRun(site, repo, { run: run.id, choice: 'retry', asked: false }, publish);
      if (!live.ok) return live;
      const told = await live.value.obey({ action: 'gate', answer });
      // The run stands at its gate still, and says so.
      if (!told.ok) fail(told.error);
      return live;
    },
    // The word that was given is about this gate alone.
    title: (now) => `Run ${now.id} goes on`, flags: { yes: false, json: flags.json, dryRun: false }, landGiven: false,
  });
}

/** Answers for a run that nobody else drives, where a person gave the word to go on by resuming it: a green gate is passed, a red one checked again. */
export async function answerByResuming(live: LiveRun): Promise<void> {
  const gate = awaitsWord(live.run());
  if (gate) await live.obey({ action: 'gate', answer: refusedBy(gate) === null ? 'pass' : 'again' });
}

/** Answers at the gate of a run and resolves with the exit code: of the run where it goes on here, else 0 when its Braid has done it and 6 when not. */
export async function gateCommand(site: Site, name: string, answer: GateAnswer, flags: GateFlags): Promise<number> {
  const repo = await openRepository(resolve(process.cwd(), flags.repo ?? '.'));
  if (!repo.ok) return fail(repo.error);
  const found = await findRun(repo.value.commonDir, name);
  if (!found.ok) return fail(found.error);
  const run = found.value;
  if (awaitsWord(run) === null) return fail({ kind: 'run/not-obeyed', run: run.id, detail: 'it waits at no gate' });
  if (answer === 'revert' && !await confirmed(run, flags.yes)) return exitCodes.waiting;
  if (await runOwner(repo.value.commonDir, run.id) === null) {
    const over = unresumable(run);
    return over === null ? driveOn(site, repo.value, run, { answer, flags }) : fail({ kind: 'run/not-resumable', run: run.id, detail: over });
  }
  const sent = await sendCommand(join(runFolder(repo.value.commonDir, run.id).path, 'control'), run.id, { action: 'gate', answer });
  if (!sent.ok) return fail(sent.error);
  if (flags.json) printJson({ run: run.id, done: true });
  else print(`Run ${run.id}: done.`);
  return exitCodes.ok;
}
