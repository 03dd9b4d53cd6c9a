/** A run whose process died or that was stopped, driven on: replay, look at what is there, ask the journal nothing twice, schedule. */
import type { Spec } from '../../../shared/domain';
import { sentence, type AppError } from '../../../shared/errors';
import type { RunEvent, RunEventDraft } from '../../../shared/events';
import { openGate } from '../../../shared/gates';
import { err, ok, type Result } from '../../../shared/result';
import { isActiveState, reduce, type Run } from '../../../shared/run';
import { openWave, unresumable } from '../../../shared/unfinished';
import { resolveIdentity, type Repository } from '../git/repository';
import { readSpecIn } from './read-spec';
import { Journal } from '../state/journal';
import { loadRun, runFolder } from '../state/run-folder';
import { adopt } from './adopt';
import { watchEdits } from './edit-watch';
import { Engine } from './engine';
import { takeRun } from './own';
import { chosenAgent, type RunPlace } from './prepare';
import { reconcile } from './reconcile';
import { reopenings, retryOne, type Word } from './reopen';
import type { Site } from './site';
import { hostless, liveRun, type LiveRun, type Release } from './start';
import { localWorld } from './world';

export interface ResumeRequest {
  readonly run: string;
  /** `go-on`: nobody was asked, the run only lost its Braid; what had ended stays as it is, and a paused run stays paused. */
  readonly choice: 'retry' | 'skip-wave' | 'go-on';
  /** A person chose, so tasks that ended in a question are tried again too. */
  readonly asked: boolean;
  /** It is taken over to come to its end: `now`, its agents are about to be ended (`LiveRun.stop`); `current`, they go on, and nothing else starts. */
  readonly ending?: 'now' | 'current';
  /** Only this task, with those that were skipped because of it; `answer` reaches its agent, `fresh`: without its work. Absent: all. */
  readonly only?: { readonly task: string } & Word;
}

/** The spec as the checkout has it now; a folder that is not there any more leaves what the journal knows. */
async function specOf(repo: Repository, run: Run): Promise<{ readonly spec: Spec; readonly trouble: string | null }> {
  const [only] = run.taskFiles;
  const read = await readSpecIn(repo, run.specFolder, run.taskFiles.length === 1 && only !== undefined ? only : null);
  if (read.ok) return { spec: { ...read.value, name: run.spec }, trouble: null };
  const spec: Spec = {
    // The dialect was one of the union when the run began; the journal keeps it as text.
    dialect: run.dialect as Spec['dialect'], name: run.spec, title: run.specTitle, folder: run.specFolder, taskFiles: [...run.taskFiles],
    tasks: [], phases: [], gates: [], documents: [], diagnostics: [], prose: [],
  };
  return { spec, trouble: `${sentence(read.error)} Agents are told the titles of their tasks as the run began with them.` };
}

async function placeOf(site: Site, repo: Repository, run: Run): Promise<Result<{ place: RunPlace; trouble: string | null }, AppError>> {
  const identity = await resolveIdentity(repo);
  if (!identity.ok) return identity;
  const agent = await chosenAgent(site, run.options);
  if (!agent.ok) return agent;
  const { spec, trouble } = await specOf(repo, run);
  return ok({ place: { repo, spec, options: run.options, identity: identity.value, agent: agent.value, specPath: run.specPath, specIgnored: run.specIgnored }, trouble });
}

/** Journals and folds the events that bring a run back to life. */
async function append(journal: Journal, state: { run: Run; now: () => Date; publish: (event: RunEvent) => void }, drafts: readonly RunEventDraft[]): Promise<Result<Run, AppError>> {
  let run = state.run;
  for (const draft of drafts) {
    // A draft is an event without its two stamps, which are added here.
    const event = { ...draft, at: state.now().toISOString(), run: run.id } as RunEvent;
    const written = await journal.append(event);
    if (!written.ok) return written;
    run = reduce(run, event) ?? run;
    state.publish(event);
  }
  return ok(run);
}

/** Where nobody was asked, a run that was paused, or was to end with what was at work, does so again; what it had asked it asks again. */
export function asBefore(run: Run, { choice, ending }: Pick<ResumeRequest, 'choice' | 'ending'>): readonly RunEventDraft[] {
  if (ending !== undefined) return [{ type: 'run.stopping', ...(ending === 'current' ? { after: 'current' as const } : {}) }];
  if (choice !== 'go-on') return [];
  // A gate asks again by itself.
  if (openGate(run) !== null && run.atCheckpoint) return [];
  if (run.state === 'paused') {
    const question = { ...(run.atCheckpoint ? { checkpoint: true } : {}), ...(run.pauseCause === null ? {} : { cause: run.pauseCause }), ...(run.barred.length > 0 ? { tasks: [...run.barred] } : {}) };
    return [{ type: 'run.paused', reason: run.pauseReason, ...question }];
  }
  return run.state === 'stopping' && run.ending === 'current' ? [{ type: 'run.stopping', after: 'current', waiting: run.stoppedWaiting }] : [];
}

const chosen = (run: Run, { only, choice, asked }: ResumeRequest): readonly RunEventDraft[] => (only ? retryOne(run, only.task, only) : reopenings(run, choice, asked));

/** A person's word to go on is a word that the network, the service or the disk is to be tried again; a rate limit has its time. */
const tryNow = (run: Run, { choice }: ResumeRequest): readonly RunEventDraft[] => (choice === 'go-on' ? [] : Object.entries(run.limits).flatMap(([agent, limit]) => (limit.active && limit.cause === 'infrastructure' ? [{ type: 'agent.released' as const, agent }] : [])));

/** Tasks whose agents are not to go on: those of a wave that is skipped. */
const leftOut = (run: Run, { choice }: ResumeRequest): ReadonlySet<string> => new Set(choice === 'skip-wave' ? run.waves[openWave(run)] ?? [] : []);

async function revive(site: Site, repo: Repository, request: ResumeRequest, context: { journal: Journal; publish: (event: RunEvent) => void }): Promise<Result<Engine, AppError>> {
  const { journal, publish } = context;
  const loaded = await loadRun(repo.commonDir, request.run);
  if (!loaded.ok) return loaded;
  const refused = unresumable(loaded.value);
  if (refused !== null) return err({ kind: 'run/not-resumable', run: request.run, detail: refused });
  const prepared = await placeOf(site, repo, loaded.value);
  if (!prepared.ok) return prepared;
  const { place, trouble } = prepared.value;
  const said = { now: () => site.now(), publish };
  const folder = runFolder(repo.commonDir, request.run);
  const adoption = await adopt(site, loaded.value, { folder: folder.path, leave: leftOut(loaded.value, request) });
  if (!adoption.ok) return adoption;
  const taken = await append(journal, { ...said, run: loaded.value }, adoption.value.events);
  if (!taken.ok) return taken;
  const found = await reconcile({ repo, identity: place.identity, run: taken.value, worktrees: site.settings.get().worktreesFolder, adoption: adoption.value });
  if (!found.ok) return found;
  const known = await append(journal, { ...said, run: taken.value }, found.value);
  if (!known.ok) return known;
  const notice: RunEventDraft[] = trouble === null ? [] : [{ type: 'notice', level: 'warning', code: 'resume', text: trouble, task: null }];
  const run = await append(journal, { ...said, run: known.value }, [...chosen(known.value, request), ...tryNow(known.value, request), ...notice, { type: 'run.resumed', ...(request.choice === 'go-on' ? { unasked: true as const } : {}) }, ...asBefore(loaded.value, request)]);
  if (!run.ok) return run;
  const watch = place.options.worktrees && trouble === null && repo.branch === run.value.base ? await watchEdits(place, { lookFirst: true }) : null;
  const attempts = adoption.value.attempts.filter(({ memo }) => isActiveState(run.value.tasks[memo.task]?.state ?? 'pending'));
  const hosted = adoption.value.hosted ? Promise.resolve(null) : site.terminals.open(request.run, folder.path);
  const world = localWorld({
    site, place, id: request.run, folder, journal, publish, integrationBranch: run.value.integrationBranch, watch,
    adopted: run.value.lanes[attempts[0]?.memo.lane ?? '']?.branch ?? null,
  });
  const engine = new Engine(world, run.value, attempts);
  void hosted.then((lost) => lost && engine.notify('host', hostless(lost)));
  return ok(engine);
}

/**
 * Takes a run over and drives it on, ready to `begin`. Errors: run/busy (another process owns it), run/not-resumable, git/moved (its branch
 * was reset below what the journal says), as journal, git and agents.
 */
export async function resumeRun(site: Site, repo: Repository, request: ResumeRequest, publish: (event: RunEvent) => void): Promise<Result<LiveRun, AppError>> {
  const owned = await takeRun(repo.commonDir, request.run);
  if (!owned.ok) return owned;
  const journal = await Journal.open(runFolder(repo.commonDir, request.run).journal);
  if (!journal.ok) {
    await owned.value();
    return journal;
  }
  const release: Release = async (host) => {
    await site.terminals[host](request.run);
    await journal.value.close();
    await owned.value();
  };
  const engine = await revive(site, repo, request, { journal: journal.value, publish });
  // Agents that go on in a host are not ended because the run cannot be taken up now.
  if (!engine.ok) await release('leave');
  return engine.ok ? ok(await liveRun(engine.value, runFolder(repo.commonDir, request.run), release)) : engine;
}
