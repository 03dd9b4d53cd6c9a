/** The engine's ports on this machine: worktrees and pseudo-terminals here, the journal in the repository's git folder. */
import { cp, mkdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { sentence, type AppError } from '../../../shared/errors';
import type { RunEvent } from '../../../shared/events';
import { err, ok, type Result } from '../../../shared/result';
import type { Run } from '../../../shared/run';
import { splitCommand } from '../agents/split-command';
import { moveBranch } from '../git/commits';
import { hurryGits } from '../git/guard';
import type { Repository } from '../git/repository';
import { clearDeadLock } from '../git/stale-locks';
import { fastForward, removeScratch } from '../git/worktrees';
import { ioError } from '../state/atomic-write';
import { roomIn } from '../state/free-space';
import type { Journal } from '../state/journal';
import type { RunFolder } from '../state/run-folder';
import { laneVariables, userEnvironment } from './agent-env';
import { prepareAgent, verdictOf } from './agent-process';
import { keepBeside } from './beside';
import { checkoutLane, type CheckoutLane } from './checkout-lane';
import { disownedFile } from './disowned';
import type { EditWatch } from './edit-watch';
import { gateWorld } from './gate-world';
import { integrate } from './integrate';
import { localLanes } from './local-lanes';
import { inWorktree, laneBranch, mergedPlace, slug, worktreesFolder } from './names';
import type { RunWorld } from './ports';
import type { RunPlace } from './prepare';
import { announceReport } from './report';
import type { Site } from './site';

export interface WorldRequest {
  readonly site: Site;
  readonly place: RunPlace;
  readonly id: string;
  readonly folder: RunFolder;
  readonly journal: Journal;
  readonly publish: (event: RunEvent) => void;
  readonly integrationBranch: string;
  /** Null where the checkout belongs to the agents (`--no-worktrees`). */
  readonly watch: EditWatch | null;
  /** `--no-worktrees`: branch of the lane whose agent is taken over. */
  readonly adopted?: string | null;
}

/** Where a run's scratch worktree is: the place in which merged trees are checked before they count. */
export function scratchPlace(repo: Repository, run: { spec: string; id: string }, context: { folder: RunFolder; parent: string | null }): { path: string; log: string } {
  const parent = worktreesFolder(repo.root, { spec: run.spec, run: run.id, folder: context.parent });
  return { path: join(parent, mergedPlace), log: join(context.folder.logs, `${mergedPlace}.log`) };
}

/** Copies an ignored spec into a lane; a tracked one is there already. */
async function furnish(place: RunPlace, path: string): Promise<Result<null, AppError>> {
  if (!place.specIgnored) return ok(null);
  const target = inWorktree(path, place.specPath);
  if (target === place.spec.folder) return ok(null);
  try {
    await mkdir(target, { recursive: true });
    await cp(place.spec.folder, target, { recursive: true, filter: (source) => basename(source) !== '.git', verbatimSymlinks: true });
    return ok(null);
  } catch (cause) {
    return err(ioError(target, cause));
  }
}

/** Moves the integration branch; in the checkout (`--no-worktrees`) its files follow. */
function mover(repo: Repository, branch: string, inCheckout: boolean): (to: string, onto: string) => Promise<Result<null, AppError>> {
  return (to, onto) => (inCheckout ? fastForward(repo.root, to) : moveBranch(repo, { branch, to, from: onto }));
}

async function leave(checkout: CheckoutLane | null, run: Run): Promise<AppError | null> {
  if (!checkout) return null;
  const left = await checkout.leave(run.base, run.integrationTip);
  return left.ok ? null : left.error;
}

/** In a run that is ending now, no git in its lanes holds up the end. */
function hurrier(folder: string): (event: RunEvent) => void {
  let relax = (): void => undefined;
  return (event) => {
    if (event.type !== 'run.stopping' && event.type !== 'run.finished') return;
    relax();
    relax = event.type === 'run.stopping' && event.after !== 'current' ? hurryGits(folder) : () => undefined;
  };
}

/** Builds the world of one run. */
export function localWorld(request: WorldRequest): RunWorld {
  const { site, place, id, folder, journal, integrationBranch } = request;
  const { repo, identity, spec, options } = place;
  const worktrees = site.settings.get().worktreesFolder;
  const parent = worktreesFolder(repo.root, { spec: spec.name, run: id, folder: worktrees });
  const scratch = scratchPlace(repo, { spec: spec.name, id }, { folder, parent: worktrees });
  const checkout = options.worktrees ? null : checkoutLane({
    repo, identity, terminals: site.terminals, integrationBranch, disowned: disownedFile(folder, 'checkout'), adopted: request.adopted ?? null,
  });
  const beside = keepBeside(repo, site.env, null);
  const move = mover(repo, integrationBranch, checkout !== null);
  const environment = userEnvironment(site.env, identity);
  // A person's checkout is left time to be moved whole.
  const hurry = checkout ? null : hurrier(parent);
  return {
    lanes: checkout ? checkout.lanes : localLanes(repo, identity, site.terminals, (path) => disownedFile(folder, basename(path))),
    now: () => site.now(),
    append: (event) => journal.append(event),
    publish: (event, run) => {
      beside.changed(run);
      hurry?.(event);
      request.publish(event);
    },
    laneFolder: (lane) => ({
      path: checkout ? repo.root : join(parent, slug(lane)), branch: laneBranch(spec.name, id, lane), log: join(folder.logs, `${slug(lane)}.log`),
    }),
    prepareAgent: (run, agent) => prepareAgent({ site, place: { ...place, spec: request.watch?.spec() ?? spec }, folder, environment, run }, agent),
    verdict: (attempt, conclusion) => verdictOf(folder, attempt, conclusion),
    keeping: (lane) => ({
      worktree: lane.worktree, branch: checkout ? integrationBranch : lane.branch, author: { name: identity.name, email: identity.email },
      disowned: disownedFile(folder, checkout ? 'checkout' : basename(lane.worktree)),
    }),
    splitCommand: (command) => splitCommand(command),
    commandEnv: (run, lane) => ({ ...environment, ...laneVariables(run, lane) }),
    unlock: (run, file) => clearDeadLock(repo, file, {
      branches: `braid/${slug(run.spec)}/${id}`, worktrees: [scratch.path, ...Object.values(run.lanes).map((lane) => lane.worktree), parent].filter((path) => path !== repo.root),
    }),
    integrate: (integration) => integrate({ repo, identity, scratch, now: () => site.now(), move }, integration),
    gates: gateWorld({ repo, identity, scratch, move, spec: () => request.watch?.spec() ?? spec }),
    furnish: (path) => furnish(place, path),
    after: (milliseconds, call) => {
      const timer = setTimeout(call, milliseconds);
      return () => clearTimeout(timer);
    },
    disk: async () => {
      const { leastFreeMb } = site.settings.get();
      return roomIn([checkout ? repo.root : parent, repo.commonDir], leastFreeMb === null ? null : leastFreeMb * 1_000_000);
    },
    edits: async (run, takeAdded) => request.watch?.look(run, takeAdded) ?? null,
    settled: async () => void await beside.settled(),
    beforeFinish: async (context) => {
      const stuck = await leave(checkout, context.run());
      if (stuck) await context.emit({ type: 'notice', level: 'warning', code: 'leave', text: `The checkout stays on ${integrationBranch}. ${sentence(stuck)}`, task: null });
      for (const notice of await beside.settled()) await context.emit(notice);
      await removeScratch(repo, scratch.path);
      await announceReport({ repo, folder, now: site.now() }, context);
    },
  };
}
