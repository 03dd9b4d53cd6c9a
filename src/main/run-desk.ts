/** The runs of the open repository as the window knows them: the live one, the past ones, and what can be done with them. */
import { join } from 'node:path';
import type { RunControl } from '../shared/control';
import type { FileDiff, Snapshot } from '../shared/ipc';
import type { AppError } from '../shared/errors';
import type { RunEvent } from '../shared/events';
import { err, ok, type Result } from '../shared/result';
import { reduce, type Run } from '../shared/run';
import { isGoing, resumableOf, type Salvage } from '../shared/unfinished';
import { fileDiff } from './core/git/diff';
import type { Repository } from './core/git/repository';
import { abandonRun, landRun, rollbackRun, type Landed } from './core/run/landing';
import { reportOf } from './core/run/report';
import { slug } from './core/run/names';
import type { Preparation } from './core/run/prepare';
import { resumeRun, type ResumeRequest } from './core/run/resume';
import { salvageOf } from './core/run/salvage';
import type { Site } from './core/run/site';
import { livingRun } from './core/run/living';
import { startRun, type LiveRun } from './core/run/start';
import { sendCommand } from './core/state/control';
import { loadRun, loadRuns, runFolder, seen } from './core/state/run-folder';
import { loggedBytes, RunWatch } from './run-watch';

/** Past runs that the window lists. */
const shownRuns = 50;

export class RunDesk {
  #runs = new Map<string, Run>();
  /** The repository of each run: the live one may belong to another than the one that is open. */
  #places = new Map<string, Repository>();
  #live: LiveRun | null = null;
  #repo: Repository | null = null;
  readonly #watch = new RunWatch();
  /** The run elsewhere that was found when a run was last chosen to be looked at; null for none. */
  met: string | null = null;
  /** What the run elsewhere that is shown had printed at the last look. */
  #printed = '';
  selected: string | null = null;
  /** The run that a person is asked about: its spec was opened and it waits to be resumed. */
  offer: string | null = null;

  /**
   * `publish` gets each event with the run as it left it. `ended` is called once the live run has given back its journal and lock: what the window knows of it is out of date. With an error where
   * the run could not go on.
   */
  constructor(private readonly site: Site, private readonly publish: (event: RunEvent, run: Run | null) => void, private readonly ended: (failure: AppError | null) => void) {}

  /** Newest first. */
  list(): readonly Run[] {
    return [...this.#runs.values()].sort((a, b) => (a.id < b.id ? 1 : -1)).slice(0, shownRuns);
  }

  /** Id of the run that this process drives, or null. One that is over and only gives back its journal, lock and host is not live any more. */
  liveRun(): string | null {
    const run = this.#live?.run();
    return run === undefined || run.state === 'finished' ? null : run.id;
  }

  /** Resolves with the id of a run that is going; one that is over is waited for. */
  async #going(): Promise<string | null> {
    if (this.#live?.run().state === 'finished') await this.#live.finished;
    return this.#live?.run().id ?? null;
  }

  /** Reads the runs of a repository; the live one stays as it is in memory. */
  async openRepository(repo: Repository | null): Promise<void> {
    if (repo?.commonDir === this.#repo?.commonDir) return;
    this.#repo = repo;
    this.#watch.forget();
    if (repo) await this.#watch.look(repo.commonDir, shownRuns);
    const live = this.#live?.run();
    const place = live ? this.#places.get(live.id) : undefined;
    const runs = repo ? await loadRuns(repo.commonDir) : [];
    this.#runs = new Map(runs.map((run) => [run.id, run]));
    this.#places = new Map(repo ? runs.map((run) => [run.id, repo]) : []);
    if (live && place) {
      this.#runs.set(live.id, live);
      this.#places.set(live.id, place);
    }
  }

  /** Reads past runs again: a terminal may have landed one, or run another, meanwhile. */
  async reload(): Promise<void> {
    const repo = this.#repo;
    if (!repo) return;
    const runs = await loadRuns(repo.commonDir, shownRuns);
    if (repo !== this.#repo) return;
    const live = this.#live?.run().id;
    for (const run of runs.filter(({ id }) => id !== live)) {
      this.#runs.set(run.id, run);
      this.#places.set(run.id, repo);
    }
  }

  /**
   * Looks at what other Braids did with the runs of the repository. Resolves with whether anything changed. What agents of a run elsewhere have
   * printed meanwhile is shown where somebody looks at it.
   */
  async lookAround(): Promise<boolean> {
    const repo = this.#repo;
    if (!repo) return false;
    const changed = (await this.#watch.look(repo.commonDir, shownRuns)).filter((id) => id !== this.#live?.run().id);
    for (const id of changed) {
      const run = await loadRun(repo.commonDir, id);
      if (repo !== this.#repo) return false;
      if (!run.ok || id === this.#live?.run().id) continue;
      this.#runs.set(id, await seen(repo.commonDir, run.value));
      this.#places.set(id, repo);
    }
    await this.#showPrinted(repo);
    return changed.length > 0;
  }

  async #showPrinted(repo: Repository): Promise<void> {
    const run = this.#runs.get(this.selected ?? '');
    if (!run || this.owner(run.id) === null) return;
    const printed = `${run.id} ${await loggedBytes(repo.commonDir, run.id, Object.keys(run.lanes).map((lane) => `${slug(lane)}.log`))}`;
    if (printed !== this.#printed) this.site.terminals.showAgain(run.id);
    this.#printed = printed;
  }

  /** Process of another Braid that drives a run; null where none does. */
  owner(id: string): number | null {
    const pid = this.#watch.owners.get(id) ?? null;
    return pid === process.pid ? null : pid;
  }

  /** The run of a spec that another Braid drives. */
  elsewhere(specFolder: string | null): Snapshot['elsewhere'] {
    const run = this.list().find((known) => known.specFolder === specFolder && isGoing(known) && this.owner(known.id) !== null);
    const pid = run ? this.owner(run.id) : null;
    return run && pid !== null ? { run: run.id, process: pid } : null;
  }

  /** Tells the Braid that drives a run elsewhere. Errors: run/not-found, run/not-obeyed, io/failed. */
  async tellElsewhere(id: string, control: RunControl): Promise<Result<null, AppError>> {
    const repo = this.#places.get(id);
    if (!repo) return err({ kind: 'run/not-found', run: id, known: [...this.#runs.keys()] });
    return sendCommand(join(runFolder(repo.commonDir, id).path, 'control'), id, control);
  }

  /** Looks at the run that matters for a spec: the live one of its repository, else one that another Braid drives, else one that waits for a person: to go on, or to be decided about. */
  lookAt(specFolder: string | null): void {
    const live = this.#live?.run();
    const isHere = live !== undefined && this.#places.get(live.id)?.commonDir === this.#repo?.commonDir;
    const newest = this.list().find((run) => run.specFolder === specFolder);
    const waits = newest?.state === 'finished' && newest.report !== null;
    const elsewhere = this.elsewhere(specFolder);
    this.met = elsewhere?.run ?? null;
    const resumable = live === undefined && elsewhere === null ? resumableOf(this.list(), specFolder) : null;
    this.offer = resumable?.id ?? null;
    this.selected = isHere ? live.id : elsewhere?.run ?? resumable?.id ?? (waits ? newest.id : null);
  }

  /** Asks the person how a run goes on that was left before its end. */
  async ask(run: string): Promise<void> {
    await this.reload();
    this.offer = run;
    this.selected = run;
  }

  /** Starts a run; one at a time. */
  async start(preparation: Preparation): Promise<Result<string, AppError>> {
    const going = await this.#going();
    if (going !== null) return err({ kind: 'run/one-at-a-time', run: going });
    return this.#drive(await startRun(this.site, preparation, (event) => this.#onEvent(event)), preparation.repo);
  }

  /** Drives a run on that was interrupted; one at a time. */
  async recover(request: ResumeRequest): Promise<Result<string, AppError>> {
    const going = await this.#going();
    if (going !== null) return err({ kind: 'run/one-at-a-time', run: going });
    const repo = this.#places.get(request.run);
    if (!repo) return err({ kind: 'run/not-found', run: request.run, known: [...this.#runs.keys()] });
    return this.#drive(await resumeRun(this.site, repo, request, (event) => this.#onEvent(event)), repo);
  }

  #drive(opened: Result<LiveRun, AppError>, repo: Repository): Result<string, AppError> {
    if (!opened.ok) return opened;
    const live = opened.value;
    this.#live = live;
    this.offer = null;
    // Its first events were folded into what the window knew of it; this is the whole.
    this.#runs.set(live.run().id, live.run());
    this.#places.set(live.run().id, repo);
    this.selected = live.run().id;
    void live.finished.then(async (result) => {
      this.#live = null;
      // It ended without saying so, as its journal cannot be written: what is on disk is true.
      if (!result.ok) await this.reload();
      this.ended(result.ok ? null : result.error);
    });
    live.begin();
    return ok(live.run().id);
  }

  /** The live run by its id. */
  live(id: string): Result<LiveRun, AppError> {
    if (this.#live && this.liveRun() === id) return ok(this.#live);
    return err({ kind: 'run/not-found', run: id, known: [...this.#runs.keys()] });
  }

  /** The task files may have been edited: the live run looks now instead of when its next task ends. */
  look(): void {
    this.#live?.look();
  }

  /** Ends the live run, keeping all work. */
  async stopAll(): Promise<void> {
    const live = this.#live;
    if (!live) return;
    await live.stop();
    await live.finished;
  }

  /** Whether the agents of the live run can go on without this process. */
  async outlives(): Promise<boolean> {
    const live = this.#live;
    return live !== null && this.site.terminals.outlives(live.run().id);
  }

  /** Lets go of the live run: its agents go on, and the next Braid that opens the repository takes them over. */
  async leaveAll(): Promise<void> {
    await this.#live?.leave();
    this.#live = null;
  }

  /** Takes up a run of the open repository whose agents outlived their Braid; what has ended in it stays as it is. */
  async takeUp(): Promise<void> {
    const repo = this.#repo;
    if (!repo || this.#live) return;
    const run = await livingRun(repo.commonDir, this.list());
    if (run !== null) await this.recover({ run, choice: 'go-on', asked: false });
  }

  async report(id: string): ReturnType<typeof reportOf> {
    return this.#with(id, (repo, run) => reportOf(repo, run, this.site.now()));
  }

  async land(id: string): Promise<Result<Landed, AppError>> {
    return this.#with(id, (repo) => landRun(this.site, repo, id, (event) => this.#onEvent(event)));
  }

  async rollback(id: string): Promise<Result<Landed, AppError>> {
    return this.#with(id, (repo) => rollbackRun(repo, id, { now: this.site.now(), env: this.site.env, publish: (event) => this.#onEvent(event) }));
  }

  async abandon(id: string): Promise<Result<null, AppError>> {
    return this.#with(id, (repo) => abandonRun(repo, id, { now: this.site.now(), env: this.site.env, publish: (event) => this.#onEvent(event) }));
  }

  async salvage(id: string): Promise<Result<readonly Salvage[], AppError>> {
    return this.#with(id, (repo, run) => salvageOf(repo, run));
  }

  async diff(id: string, path: string): Promise<Result<FileDiff, AppError>> {
    return this.#with(id, async (repo, run) => {
      const report = run.report ? ok(run.report) : await reportOf(repo, run, this.site.now());
      return report.ok ? fileDiff(repo, { from: report.value.mergeBase, to: report.value.integrationCommit, path }) : report;
    });
  }

  /** A lane's worktree and log, by names that the run's journal knows. */
  lanePaths(id: string, lane: string): Result<{ worktree: string; log: string }, AppError> {
    const run = this.#runs.get(id);
    const found = run?.lanes[lane];
    const repo = this.#places.get(id);
    if (!run || !found || !repo) return err({ kind: 'run/not-found', run: `${id}/${lane}`, known: [...this.#runs.keys()] });
    return ok({ worktree: found.worktree, log: join(runFolder(repo.commonDir, id).logs, `${slug(lane)}.log`) });
  }

  /** Brings the terminal of a past lane back from its log. */
  async recall(terminal: string): Promise<Result<null, AppError>> {
    const slash = terminal.indexOf('/');
    const id = terminal.slice(0, slash);
    const paths = this.lanePaths(id, terminal.slice(slash + 1));
    const run = this.#runs.get(id);
    if (!paths.ok || !run) return paths.ok ? ok(null) : paths;
    return this.site.terminals.openLog(terminal, paths.value.log, run.options.agent);
  }

  async #with<T>(id: string, work: (repo: Repository, run: Run) => Promise<Result<T, AppError>>): Promise<Result<T, AppError>> {
    const run = this.#runs.get(id);
    const repo = this.#places.get(id);
    if (!run || !repo) return err({ kind: 'run/not-found', run: id, known: [...this.#runs.keys()] });
    if (this.#live?.run().id === id) {
      if (run.state !== 'finished') return err({ kind: 'run/not-finished', run: id });
      // The last event is shown a moment before journal and lock are given back.
      await this.#live.finished;
    }
    return work(repo, run);
  }

  #onEvent(event: RunEvent): void {
    const run = reduce(this.#runs.get(event.run) ?? null, event);
    if (run) this.#runs.set(event.run, run);
    this.publish(event, run);
  }
}
