/**
 * `--no-worktrees`: the one lane is the checkout itself, switched to the integration branch. Work that was not integrated is set aside on a
 * branch of its own before the next task starts, so that nothing is lost and nothing is mixed.
 */
import type { AppError } from '../../../shared/errors';
import { ok, type Result } from '../../../shared/result';
import { moveBranch } from '../git/commits';
import { commitLeftovers } from '../git/evidence';
import { git } from '../git/git';
import { branchTip, headBranch, headCommit, type Identity, type Repository } from '../git/repository';
import { fastForward } from '../git/worktrees';
import type { Terminals } from '../terminals/terminals';
import { localLanes } from './local-lanes';
import type { LanePort } from './ports';

export interface CheckoutLane {
  readonly lanes: LanePort;
  /** Sets unfinished work aside and checks the base out again. */
  leave(base: string, tip: string): Promise<Result<null, AppError>>;
}

/** A branch name that is free: work set aside twice stays two branches. */
async function freeBranch(repo: Repository, wanted: string): Promise<Result<string, AppError>> {
  for (let n = 1; ; n += 1) {
    const name = n === 1 ? wanted : `${wanted}-${n}`;
    const tip = await branchTip(repo, name);
    if (!tip.ok) return tip;
    if (tip.value === null) return ok(name);
  }
}

/** Commits what stands in the checkout beyond `tip` to a branch like `laneBranch`, and takes the checkout back to `tip`. */
export async function setWorkAside(context: { repo: Repository; identity: Identity }, laneBranch: string, tip: string): Promise<Result<null, AppError>> {
  const { repo, identity } = context;
  const left = await commitLeftovers(repo.root, { message: 'Work that was not integrated', identity, since: tip });
  if (!left.ok) return left;
  const head = await headCommit(repo.root);
  if (!head.ok) return head;
  if (head.value === null || head.value === tip) return ok(null);
  const branch = await freeBranch(repo, laneBranch);
  if (!branch.ok) return branch;
  const kept = await moveBranch(repo, { branch: branch.value, to: head.value, from: null });
  if (!kept.ok) return kept;
  const reset = await git(['reset', '--quiet', '--keep', tip], { cwd: repo.root, durable: true });
  return reset.ok ? ok(null) : reset;
}

/** After a crash: a checkout that stands on the run's integration branch gives its work to a branch like `laneBranch` and returns to the base. */
export async function leaveCheckout(context: { repo: Repository; identity: Identity; integrationBranch: string }, place: { laneBranch: string; base: string; tip: string }): Promise<Result<null, AppError>> {
  const { repo, integrationBranch } = context;
  const branch = await headBranch(repo.root);
  if (!branch.ok) return branch;
  if (branch.value !== integrationBranch) return ok(null);
  const aside = await setWorkAside(context, place.laneBranch, place.tip);
  if (!aside.ok) return aside;
  const switched = await git(['switch', '--quiet', place.base], { cwd: repo.root });
  return switched.ok ? ok(null) : switched;
}

/** The lane port of a run in the checkout of `repo`, on `integrationBranch`. `adopted`: branch of the lane whose agent works there already. */
export function checkoutLane(context: { repo: Repository; identity: Identity; terminals: Terminals; integrationBranch: string; disowned: string; adopted: string | null }): CheckoutLane {
  const { repo, identity, terminals, integrationBranch } = context;
  let laneBranch = context.adopted;

  const setAside = async (tip: string): Promise<Result<null, AppError>> => (laneBranch === null ? ok(null) : setWorkAside(context, laneBranch, tip));

  const open: LanePort['open'] = async (lane) => {
    const aside = await setAside(lane.from);
    if (!aside.ok) return aside;
    const switched = await git(['switch', '--quiet', integrationBranch], { cwd: repo.root });
    if (!switched.ok) return switched;
    laneBranch = lane.branch;
    return ok(null);
  };

  const local = localLanes(repo, identity, terminals, () => context.disowned);
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
