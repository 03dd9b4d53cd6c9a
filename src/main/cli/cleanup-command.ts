/** `braid cleanup`: what runs left behind and may go, by age or by a person's word. */
import { resolve } from 'node:path';
import { discardWord, type CleanupStep, type Kept } from '../../shared/cleanup';
import { sentence } from '../../shared/errors';
import { planCleanup } from '../core/run/cleanup';
import { performStep } from '../core/run/cleanup-perform';
import type { Site } from '../core/run/site';
import { openRepository, resolveIdentity } from '../core/git/repository';
import { exitCodes } from './exit-code';
import { ask, askWord, canAsk, fail, print, printJson, say } from './output';

export interface CleanupFlags {
  readonly repo?: string;
  readonly dryRun: boolean;
  readonly force: boolean;
  readonly json: boolean;
}

const size = (bytes: number): string => (bytes < 1024 * 1024 ? `${Math.ceil(bytes / 1024)} KB` : `${(bytes / 1024 / 1024).toFixed(1)} MB`);
const verbs = { 'set-aside': 'Set aside', worktree: 'Remove worktree', branch: 'Delete branch', 'compress-log': 'Compress', 'delete-log': 'Delete' } as const;

function stepLine(step: CleanupStep): string {
  if (step.kind === 'set-aside') return `${verbs[step.kind]} run ${step.run} of ${step.spec}: ${step.reason}`;
  const what = step.kind === 'branch' ? step.branch : `${step.path} (${size(step.bytes)})`;
  return `${verbs[step.kind]} ${what}: ${step.reason}`;
}

const keptLine = (kept: Kept): string => `Kept ${kept.path} (${size(kept.bytes)}), lane ${kept.lane} of ${kept.run}: ${kept.reason}`;

/** Runs that nothing happened in for long are set aside only by a person's word. */
async function givenUp(steps: readonly CleanupStep[]): Promise<boolean> {
  if (steps.length === 0) return true;
  steps.forEach((step) => say(stepLine(step)));
  if (!canAsk()) {
    say('Nobody is here to say that they are given up: they stay as they are.');
    return false;
  }
  return ask(`Set ${steps.length === 1 ? 'this run' : `these ${steps.length} runs`} aside? Branches and unmerged work are kept; it can be neither resumed nor landed any more.`);
}

/** What is in no branch of the person's goes only by a typed word, which no flag gives. */
async function discarded(steps: readonly CleanupStep[]): Promise<boolean> {
  if (steps.length === 0) return true;
  steps.forEach((step) => say(stepLine(step)));
  const question = `${steps.length} worktree(s) hold work that is in no branch of yours. A snapshot is kept under refs/braid/snapshots/. Type ${discardWord} to remove them:`;
  const said = canAsk() && await askWord(question) === discardWord;
  if (!said) say(canAsk() ? 'They are kept.' : 'Nobody is here to type the word: they are kept.');
  return said;
}

const declined = 'nobody typed the word that removes it: ';

/** Lanes whose worktrees were to go and stay all the same. */
const stays = (steps: readonly CleanupStep[], why: string): readonly Kept[] => steps.flatMap((step) => (step.kind === 'worktree'
  ? [{ run: step.run, at: step.at, lane: step.lane, path: step.path, bytes: step.bytes, unsafe: step.unsafe, reason: `${why}${step.reason}` }]
  : []));

/** The steps that may be done: those that need no word, and those that a person agreed to. */
async function agreed(steps: readonly CleanupStep[]): Promise<readonly CleanupStep[]> {
  const aside = await givenUp(steps.filter((step) => step.kind === 'set-aside'));
  const unsafe = await discarded(steps.filter((step) => step.unsafe));
  return steps.filter((step) => (step.kind === 'set-aside' ? aside : !step.unsafe || unsafe));
}

/** Looks, shows, and unless it is a dry run removes. Exit code 1 when a step failed; the others are done nevertheless. */
export async function cleanupCommand(site: Site, flags: CleanupFlags): Promise<number> {
  const repo = await openRepository(resolve(process.cwd(), flags.repo ?? '.'));
  if (!repo.ok) return fail(repo.error);
  const identity = await resolveIdentity(repo.value);
  if (!identity.ok) return fail(identity.error);
  const plan = await planCleanup(repo.value, { now: site.now(), force: flags.force });
  if (!plan.ok) return fail(plan.error);
  const steps = flags.dryRun ? plan.value.steps : await agreed(plan.value.steps);
  const kept = [...plan.value.kept, ...stays(plan.value.steps.filter((step) => !steps.includes(step)), declined)];
  let code: number = exitCodes.ok;
  const done: CleanupStep[] = [];
  for (const step of flags.dryRun ? [] : steps) {
    const result = await performStep(repo.value, step, { identity: identity.value, now: site.now(), env: site.env });
    if (result.ok) done.push(step);
    else {
      say(`${stepLine(step)}: ${sentence(result.error)}`);
      kept.push(...stays([step], `it could not be removed (${sentence(result.error)}): `));
      code = exitCodes.failed;
    }
  }
  const shown = flags.dryRun ? steps : done;
  if (flags.json) printJson({ dryRun: flags.dryRun, steps: shown, kept });
  else {
    shown.forEach((step) => print(`${flags.dryRun ? 'Would: ' : ''}${stepLine(step)}`));
    kept.forEach((one) => print(keptLine(one)));
    if (!flags.force && kept.some((one) => one.unsafe)) print('With --force, work that is not merged is asked about where its run has landed or was set aside.');
    if (shown.length === 0) print('Nothing to clean up.');
  }
  return code;
}
