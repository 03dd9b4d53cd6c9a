/**
 * `--no-worktrees`: the one lane is the checkout itself, switched to the integration branch. Work that was not integrated is set aside on a
 * branch of its own before the next task starts, so that nothing is lost and nothing is mixed.
 */
import type { AppError } from '../../../shared/errors';
import { ok, type Result } from '../../../shared/result';
import { moveBranch } from '../git/commits';
import { commitLeftovers } from '../git/evidence';
import { git } from '../git/git';
import { headCommit, type Identity, type Repository } from '../git/repository';
import { fastForward } from '../git/worktrees';
import type { TerminalStore } from '../terminals/store';
import { localLanes } from './local-lanes';
import type { LanePort } from './ports';

export interface CheckoutLane {
  readonly lanes: LanePort;
  /** Sets unfinished work aside and checks the base out again. */
  leave(base: string, tip: string): Promise<Result<null, AppError>>;
}

/** The lane port of a run in the checkout of `repo`, on `integrationBranch`. */
export function checkoutLane(context: { repo: Repository; identity: Identity; terminals: TerminalStore; integrationBranch: string }): CheckoutLane {
  const { repo, identity, terminals, integrationBranch } = context;
  let laneBranch: string | null = null;

  const setAside = async (tip: string): Promise<Result<null, AppError>> => {
    if (laneBranch === null) return ok(null);
    const left = await commitLeftovers(repo.root, { message: 'Work that was not integrated', identity, since: tip });
    if (!left.ok) return left;
    const head = await headCommit(repo.root);
    if (!head.ok) return head;
    if (head.value === null || head.value === tip) return ok(null);
    const kept = await moveBranch(repo, { branch: laneBranch, to: head.value, from: null });
    if (!kept.ok) return kept;
    const reset = await git(['reset', '--quiet', '--keep', tip], { cwd: repo.root, durable: true });
    return reset.ok ? ok(null) : reset;
  };

  const open: LanePort['open'] = async (lane) => {
    const aside = await setAside(lane.from);
    if (!aside.ok) return aside;
    const switched = await git(['switch', '--quiet', integrationBranch], { cwd: repo.root });
    if (!switched.ok) return switched;
    laneBranch = lane.branch;
    return ok(null);
  };

  const local = localLanes(repo, identity, terminals);
  return {
    lanes: {
      ...local,
      open,
      forward: (lane) => fastForward(repo.root, lane.commit),
      work: (lane) => local.work({ ...lane, branch: integrationBranch }),
      remove: () => Promise.resolve(ok(null)),
    },
    leave: async (base, tip) => {
      if (laneBranch === null) return ok(null);
      const aside = await setAside(tip);
      if (!aside.ok) return aside;
      const switched = await git(['switch', '--quiet', base], { cwd: repo.root });
      return switched.ok ? ok(null) : switched;
    },
  };
}
