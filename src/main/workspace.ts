/** What the window looks at: one repository, one spec, its plan, the options, and what stands between the person and Run. */
import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { AgentInfo, EdgeOverride, Plan, Spec } from '../shared/domain';
import { sentence, type AppError } from '../shared/errors';
import type { Readiness, RecentEntry, SpecEntry } from '../shared/ipc';
import { runOptionsSchema, type RunOptions } from '../shared/options';
import { err, ok, type Result } from '../shared/result';
import { detectAgents } from './core/agents/detect';
import { gitVersion, openRepository, type Repository } from './core/git/repository';
import { planFor, planKnowledge, prepareRun } from './core/run/prepare';
import { readSpecIn } from './core/run/read-spec';
import type { Site } from './core/run/site';
import { locateSpecs } from './core/spec/locate';
import { placeOf, resolveSpec } from './core/spec/resolve-spec';
import { writeOverride } from './core/state/overrides';
import { readProgress } from './core/state/progress';
import { lostFiles } from './core/spec/lost';
import { homesOf, watchHomes, watchRepository, watchSpec, type SpecWatch } from './core/spec/watch';

const recentLimit = 12;
/** How often it is looked for files that were lost. */
const awaitMilliseconds = 1000;
const savingMilliseconds = 200;

export class Workspace {
  repo: Repository | null = null;
  spec: Spec | null = null;
  plan: Plan | null = null;
  overrides: readonly EdgeOverride[] = [];
  specs: readonly SpecEntry[] = [];
  agents: readonly AgentInfo[] = [];
  gitVersion: string | null = null;
  problem: AppError | null = null;
  readiness: Readiness = { error: null, uncommitted: [], permissionsSaid: true };
  options: RunOptions = runOptionsSchema.parse({});
  #agentChosen = false;
  #given: Partial<RunOptions> = {};
  #file: string | null = null;
  #folder: string | null = null;
  #watches: SpecWatch[] = [];
  #homes = '';
  #homeWatch: SpecWatch | null = null;
  #awaiting: NodeJS.Timeout | null = null;
  #refreshing: Promise<void> = Promise.resolve();

  /** `moved` is called when branches or commits of the repository changed by anybody's hand. */
  constructor(readonly site: Site, private readonly changed: () => void, private readonly moved: () => Promise<void>) {}

  /** Looks for git and for agents; slow programs are waited for in the background. */
  async begin(): Promise<void> {
    const version = await gitVersion();
    this.gitVersion = version.ok ? version.value : null;
    void this.detect();
  }

  /** Looks for agents again. */
  async detect(): Promise<readonly AgentInfo[]> {
    this.agents = await detectAgents({ env: this.site.env, demoScript: this.site.demoScript, custom: this.options.agentCommand });
    this.#preferRealAgent();
    this.changed();
    return this.agents;
  }

  /** The demo agent only plays: where nobody has chosen yet, an installed agent comes first. */
  #preferRealAgent(): void {
    if (this.#agentChosen) return;
    const real = this.agents.find((agent) => agent.ready && (agent.name === 'claude' || agent.name === 'codex'));
    if (real) this.options = { ...this.options, agent: real.name };
  }

  /** Opens a spec folder, a task file, or a repository (then its first spec). A failure stays visible as `problem`. */
  async open(path: string, file: string | null = null): Promise<Result<null, AppError>> {
    const place = await this.#resolve(path);
    const opened = place.ok ? await this.#load(place.value.folder, file ?? place.value.file) : place;
    this.problem = opened.ok ? null : opened.error;
    this.changed();
    return opened;
  }

  /** The agent that the command line names: whatever a repository remembers, it is this one until the person chooses another. */
  async giveAgent(agentCommand: string): Promise<void> {
    const given = { agent: 'custom', agentCommand } as const;
    await this.setOptions(given);
    this.#given = given;
  }

  /** Changes options; they are remembered for this repository. */
  async setOptions(change: Partial<RunOptions>): Promise<void> {
    this.options = { ...this.options, ...change };
    this.#agentChosen ||= change.agent !== undefined;
    if (change.agent !== undefined || change.agentCommand !== undefined) this.#given = {};
    const root = this.repo?.root;
    if (root !== undefined) await this.site.settings.update((settings) => ({ ...settings, options: { ...settings.options, [root]: this.options } }));
    if ('agentCommand' in change) await this.detect();
    await this.refresh();
  }

  /** Sets or takes back a person's own edge. Error: git/not-a-repository (nowhere to keep it). */
  async override(change: Parameters<typeof writeOverride>[2]): Promise<Result<null, AppError>> {
    if (!this.repo || !this.spec) return err({ kind: 'git/not-a-repository', path: this.spec?.folder ?? '' });
    const written = await writeOverride(this.repo.commonDir, this.spec.name, change);
    if (written.ok) await this.refresh();
    return written;
  }

  /** Reads spec, plan and readiness again; calls while one is under way wait for their own. */
  refresh(): Promise<void> {
    this.#refreshing = this.#refreshing.then(async () => {
      if (this.#folder !== null) await this.#readAgain(this.#folder);
      this.changed();
    });
    return this.#refreshing;
  }

  /** Spec and plan stay as they were read where their file is lost: nothing that the person selected or said goes with it. */
  async #readAgain(folder: string): Promise<void> {
    const { spec } = this;
    const lost = spec === null ? null : await this.#lost(spec);
    // A folder that was away took its watch along.
    if (lost === null && this.problem?.kind === 'spec/lost') await this.#watch(folder);
    const read = lost === null ? await readSpecIn(this.repo, folder, this.#file) : err(lost);
    this.#await(!read.ok);
    if (read.ok) {
      this.problem = null;
      return this.#show(read.value);
    }
    this.problem = spec === null || read.error.kind === 'spec/lost' ? read.error : { kind: 'spec/lost', path: spec.taskFiles[0] ?? spec.folder, detail: sentence(read.error) };
    this.readiness = { error: this.problem, uncommitted: [], permissionsSaid: true };
  }

  /** Many editors take a file away for a moment when they save it. */
  async #lost(spec: Spec): Promise<AppError | null> {
    if (await lostFiles(spec) === null) return null;
    await new Promise((resolve) => { setTimeout(resolve, savingMilliseconds); });
    return lostFiles(spec);
  }

  /** While files are lost, looks for them: a folder that is gone is watched by nobody. */
  #await(lost: boolean): void {
    if (!lost && this.#awaiting !== null) {
      clearInterval(this.#awaiting);
      this.#awaiting = null;
    }
    if (!lost || this.#awaiting !== null) return;
    this.#awaiting = setInterval(() => {
      const { spec } = this;
      if (spec !== null) void lostFiles(spec).then((still) => { if (still === null && this.#awaiting !== null) void this.refresh(); });
    }, awaitMilliseconds);
    this.#awaiting.unref();
  }

  /** A run has ended: what it changed is read, and why it could not go on stays visible. */
  async runEnded(failure: AppError | null): Promise<void> {
    await this.refresh();
    if (failure === null) return;
    this.problem = failure;
    this.changed();
  }

  /** Ends the watchers. */
  async close(): Promise<void> {
    this.#await(false);
    await this.#homeWatch?.close();
    await this.#unwatch();
  }

  async #unwatch(): Promise<void> {
    await Promise.all(this.#watches.map((watch) => watch.close()));
    this.#watches = [];
  }

  async #resolve(path: string): Promise<Result<{ folder: string; file: string | null }, AppError>> {
    const entry = await stat(path).catch(() => null);
    if (entry === null) return err({ kind: 'spec/not-found', path, known: this.specs.map((spec) => spec.name) });
    const repo = await openRepository(path);
    if (repo.ok && repo.value.root === path) {
      const [first] = await locateSpecs(path);
      if (first) return ok(placeOf(first));
    }
    return resolveSpec(path, { cwd: entry.isDirectory() ? path : dirname(path), repo: repo.ok ? repo.value.root : null });
  }

  async #load(folder: string, file: string | null): Promise<Result<null, AppError>> {
    const repo = await openRepository(folder);
    this.repo = repo.ok ? repo.value : null;
    this.#folder = folder;
    this.#file = file;
    const remembered = this.repo ? this.site.settings.get().options[this.repo.root] : undefined;
    if (remembered) {
      this.options = { ...remembered, ...this.#given };
      this.#agentChosen = true;
    }
    // A selection names tasks of the spec that it was made in.
    if (folder !== this.spec?.folder) this.options = { ...this.options, tasks: null, from: null };
    this.#await(false);
    await this.#watch(folder);
    const read = await readSpecIn(this.repo, folder, file);
    if (!read.ok) {
      this.spec = null;
      this.plan = null;
      return read;
    }
    await this.#show(read.value);
    await this.#remember(read.value);
    return ok(null);
  }

  async #watch(folder: string): Promise<void> {
    await this.#unwatch();
    const again = (): void => void this.refresh();
    this.#watches = [watchSpec(folder, again), ...(this.repo ? [watchRepository(this.repo.gitDir, () => void this.moved().then(again))] : [])];
  }

  async #show(spec: Spec): Promise<void> {
    const { repo } = this;
    this.spec = spec;
    const knowledge = await planKnowledge(repo, spec, this.options);
    this.overrides = knowledge.overrides;
    this.plan = planFor(spec, this.options, knowledge);
    await this.#listSpecs();
    this.readiness = await this.#readiness(spec);
  }

  async #listSpecs(): Promise<void> {
    const { repo } = this;
    const specs = repo ? await locateSpecs(repo.root, (name) => readProgress(repo.commonDir, name)) : [];
    this.specs = specs.map((one) => ({ ...one, file: placeOf(one).file }));
    await this.#watchHomes(repo === null ? null : repo.root, specs.map(({ folder }) => folder));
  }

  /** New specs appear beside the others without anybody's word. */
  async #watchHomes(root: string | null, folders: readonly string[]): Promise<void> {
    const homes = root === null ? [] : homesOf(root, folders);
    if (homes.join('\n') === this.#homes) return;
    this.#homes = homes.join('\n');
    await this.#homeWatch?.close();
    this.#homeWatch = root === null ? null : watchHomes(root, homes, () => {
      this.#refreshing = this.#refreshing.then(() => this.#listSpecs()).then(this.changed);
    });
  }

  async #readiness(spec: Spec): Promise<Readiness> {
    const current = await openRepository(spec.folder);
    if (!current.ok) return { error: current.error, uncommitted: [], permissionsSaid: true };
    this.repo = current.value;
    const permissionsSaid = this.options.agent === 'demo' || this.site.settings.get().permissionsSaid.includes(current.value.root);
    const prepared = await prepareRun(this.site, { repo: current.value, spec, options: this.options });
    if (!prepared.ok) return { error: prepared.error, uncommitted: [], permissionsSaid };
    const nothing: AppError | null = prepared.value.selection.tasks.length === 0 ? { kind: 'run/nothing-to-do', spec: spec.name } : null;
    return { error: nothing, uncommitted: prepared.value.uncommitted, permissionsSaid };
  }

  async #remember(spec: Spec): Promise<void> {
    const entry: RecentEntry = {
      folder: spec.folder, file: this.#file, repo: this.repo?.root ?? dirname(spec.folder), name: spec.name, dialect: spec.dialect, openedAt: this.site.now().toISOString(),
    };
    await this.site.settings.update((settings) => ({
      ...settings, recent: [entry, ...settings.recent.filter((other) => other.folder !== entry.folder || other.file !== entry.file)].slice(0, recentLimit),
    }));
  }
}
