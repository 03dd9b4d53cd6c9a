/** `braid cleanup`: what runs left behind and may go, by age or by a person's word. */
import { resolve } from 'node:path';
import { sentence } from '../../shared/errors';
import { planCleanup, type CleanupStep, type Kept } from '../core/run/cleanup';
import { performStep } from '../core/run/cleanup-perform';
import type { Site } from '../core/run/site';
import { openRepository, resolveIdentity } from '../core/git/repository';
import { exitCodes } from './exit-code';
import { askWord, canAsk, fail, print, printJson, say } from './output';

export interface CleanupFlags {
  readonly repo?: string;
  readonly dryRun: boolean;
  readonly force: boolean;
  readonly json: boolean;
}

const size = (bytes: number): string => (bytes < 1024 * 1024 ? `${Math.ceil(bytes / 1024)} KB` : `${(bytes / 1024 / 1024).toFixed(1)} MB`);
const verbs = { worktree: 'Remove worktree', branch: 'Delete branch', 'compress-log': 'Compress', 'delete-log': 'Delete' } as const;

function stepLine(step: CleanupStep): string {
  const what = step.kind === 'branch' ? step.branch : step.path;
  const bytes = step.kind === 'branch' ? '' : ` (${size(step.bytes)})`;
  return `${verbs[step.kind]} ${what}${bytes}: ${step.reason}`;
}

const keptLine = (kept: Kept): string => `Kept ${kept.path} (${size(kept.bytes)}), lane ${kept.lane} of ${kept.run}: ${kept.reason}`;

/** Steps that a person has agreed to: what is unsafe needs a typed word, which no flag gives. */
async function agreed(steps: readonly CleanupStep[]): Promise<readonly CleanupStep[]> {
  const unsafe = steps.filter((step) => step.unsafe);
  if (unsafe.length === 0) return steps;
  unsafe.forEach((step) => say(stepLine(step)));
  const question = `${unsafe.length} worktree(s) hold work that is in no branch of yours. A snapshot is kept under refs/braid/snapshots/. Type discard to remove them:`;
  const said = canAsk() && await askWord(question) === 'discard';
  if (said) return steps;
  say(canAsk() ? 'They are kept.' : 'Nobody is here to type the word: they are kept.');
  return steps.filter((step) => !step.unsafe);
}

/** Looks, shows, and unless it is a dry run removes. Exit code 1 when a step failed; the others are done nevertheless. */
export async function cleanupCommand(site: Site, flags: CleanupFlags): Promise<number> {
  const repo = await openRepository(resolve(process.cwd(), flags.repo ?? '.'));
  if (!repo.ok) return fail(repo.error);
  const identity = await resolveIdentity(repo.value);
  if (!identity.ok) return fail(identity.error);
  const plan = await planCleanup(repo.value, { now: site.now(), force: flags.force });
  if (!plan.ok) return fail(plan.error);
  const { kept } = plan.value;
  const steps = flags.dryRun ? plan.value.steps : await agreed(plan.value.steps);
  let code: number = exitCodes.ok;
  const done: CleanupStep[] = [];
  for (const step of flags.dryRun ? [] : steps) {
    const result = await performStep(repo.value, step, { identity: identity.value, now: site.now() });
    if (result.ok) done.push(step);
    else {
      say(`${stepLine(step)}: ${sentence(result.error)}`);
      code = exitCodes.failed;
    }
  }
  const shown = flags.dryRun ? steps : done;
  if (flags.json) printJson({ dryRun: flags.dryRun, steps: shown, kept });
  else {
    shown.forEach((step) => print(`${flags.dryRun ? 'Would: ' : ''}${stepLine(step)}`));
    kept.forEach((one) => print(keptLine(one)));
    if (shown.length === 0) print('Nothing to clean up.');
  }
  return code;
}
