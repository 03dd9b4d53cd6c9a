/** The commands of the clean-up dialog. The window names steps, never paths: what is done is found anew here. */
import { discardWord, stepKey, type CleanupOutcome } from '../shared/cleanup';
import type { AppError } from '../shared/errors';
import type { Handlers } from '../shared/ipc';
import { err, ok, type Result } from '../shared/result';
import { resolveIdentity, type Repository } from './core/git/repository';
import { planCleanup } from './core/run/cleanup';
import { performStep } from './core/run/cleanup-perform';
import type { Desk } from './desk';

interface Wish {
  readonly force: boolean;
  /** Keys of steps as `stepKey` makes them. */
  readonly steps: readonly string[];
  /** What the person typed; only `discard` removes work that is nowhere else. */
  readonly word: string;
}

async function perform(desk: Desk, repo: Repository, wish: Wish): Promise<Result<CleanupOutcome, AppError>> {
  const identity = await resolveIdentity(repo);
  if (!identity.ok) return identity;
  const now = desk.site.now();
  const plan = await planCleanup(repo, { now, force: wish.force });
  if (!plan.ok) return plan;
  const wanted = new Set(wish.steps);
  const done = [];
  const failed = [];
  for (const step of plan.value.steps) {
    if (!wanted.has(stepKey(step)) || (step.unsafe && wish.word !== discardWord)) continue;
    const result = await performStep(repo, step, { identity: identity.value, now, env: desk.site.env });
    if (result.ok) done.push(step);
    else failed.push({ step, error: result.error });
  }
  await desk.runs.reload();
  desk.changed();
  return ok({ done, failed });
}

/** Handlers of `cleanup.plan` and `cleanup.perform`, for the repository that is open. */
export function cleanupHandlers(desk: Desk): Pick<Handlers, 'cleanup.plan' | 'cleanup.perform'> {
  const inRepository = async <T>(work: (repo: Repository) => Promise<Result<T, AppError>>): Promise<Result<T, AppError>> => {
    const { repo, spec } = desk.workspace;
    return repo ? work(repo) : err({ kind: 'git/not-a-repository', path: spec?.folder ?? '' });
  };
  return {
    'cleanup.plan': ({ force }) => inRepository((repo) => planCleanup(repo, { now: desk.site.now(), force })),
    'cleanup.perform': (wish) => inRepository((repo) => perform(desk, repo, wish)),
  };
}
