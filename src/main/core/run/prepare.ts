/** Everything that must be true before a run starts, checked without changing anything. */
import { relative, sep } from 'node:path';
import { checklistsOf, type ChecklistState } from '../../../shared/checklists';
import type { AgentInfo, EdgeOverride, Plan, Spec } from '../../../shared/domain';
import type { AppError } from '../../../shared/errors';
import type { RunOptions } from '../../../shared/options';
import { modeDoubt, type ModeDoubt } from '../../../shared/mode';
import { err, ok, type Result } from '../../../shared/result';
import { adapterOf } from '../agents/detect';
import { findBinary } from '../agents/find-binary';
import { splitCommand } from '../agents/split-command';
import { commitPaths } from '../git/commits';
import {
  checkNamespace, gitVersion, resolveBase, resolveIdentity, specFilesState, type Base, type Identity, type Repository,
} from '../git/repository';
import { dirtyFiles } from '../git/status';
import { buildPlan } from '../plan/build';
import { isExclusive } from '../plan/document';
import { requireTasks } from '../spec/read';
import { readOverrides } from '../state/overrides';
import { askedFor } from './asked';
import { learnedWeights } from './estimates';
import { inRepository, slug } from './names';
import { selectTasks, type Selection } from './select';
import type { Site } from './site';

export interface RunRequest {
  readonly repo: Repository;
  readonly spec: Spec;
  readonly options: RunOptions;
}

/** What a run's world is built from. */
export interface RunPlace extends RunRequest {
  readonly identity: Identity;
  readonly agent: AgentInfo;
  /** The spec's folder relative to the repository, with forward slashes; '' for the repository itself. */
  readonly specPath: string;
  readonly specIgnored: boolean;
}

/** A run that is ready to start, unless `uncommitted` names spec files that agents would not see. */
export interface Preparation extends RunPlace {
  readonly plan: Plan;
  readonly base: Base;
  readonly selection: Selection;
  /** Relative to the repository. */
  readonly uncommitted: readonly string[];
  /** Checklists with unchecked items: a person says whether the run may start all the same. */
  readonly openChecklists: readonly ChecklistState[];
  readonly notices: readonly string[];
  /** What speaks against the mode that was chosen; said in `notices` too. */
  readonly modeDoubt: ModeDoubt | null;
}

/** What a repository knows beyond the spec: durations of past runs, and the person's own edges. */
export interface PlanKnowledge {
  /** In units of the median task; 1 where absent. */
  readonly weights: Readonly<Record<string, number>>;
  readonly overrides: readonly EdgeOverride[];
}

const nothingKnown: PlanKnowledge = { weights: {}, overrides: [] };

/** Reads what the repository of a spec knows; nothing without a repository. */
export async function planKnowledge(repo: Repository | null, spec: Spec, options: RunOptions): Promise<PlanKnowledge> {
  if (repo === null) return nothingKnown;
  return {
    weights: await learnedWeights(repo.commonDir, { spec: spec.name, agent: options.agent }),
    overrides: await readOverrides(repo.commonDir, spec.name),
  };
}

/** The plan of a spec for the given options; of the tasks asked for, where the options name some that are there. */
export function planFor(spec: Spec, options: RunOptions, { weights, overrides }: PlanKnowledge): Plan {
  const asked = options.tasks === null && options.from === null ? null : askedFor(spec, options);
  const only = asked?.ok ? new Set(asked.value.map((task) => task.id)) : null;
  return buildPlan(spec, { maxParallel: options.maxParallel, strictPhases: options.strictPhases, weights, overrides, only });
}

interface GitFacts {
  readonly base: Base;
  readonly identity: Identity;
  readonly specPath: string;
  readonly specIgnored: boolean;
  readonly uncommitted: readonly string[];
  readonly dirty: readonly string[];
}

async function gitFacts({ repo, spec, options }: RunRequest): Promise<Result<GitFacts, AppError>> {
  const version = await gitVersion();
  if (!version.ok) return version;
  const namespace = await checkNamespace(repo, `braid/${slug(spec.name)}`);
  if (!namespace.ok) return namespace;
  const base = await resolveBase(repo, options.base);
  if (!base.ok) return base;
  // Landing on a run's own branch would leave the person's branch without the work.
  if (base.value.branch.startsWith('braid/')) return err({ kind: 'git/run-branch', branch: base.value.branch });
  const identity = await resolveIdentity(repo);
  if (!identity.ok) return identity;
  const files = await specFilesState(repo, base.value.commit, spec.folder);
  if (!files.ok) return files;
  const dirty = await dirtyFiles(repo.root);
  if (!dirty.ok) return dirty;
  const specPath = relative(repo.root, spec.folder).split(sep).join('/');
  const inRepo = (path: string): string => inRepository(specPath, path);
  const own = new Set([...spec.taskFiles, ...spec.documents.map((document) => document.path)].map(inRepo));
  const ignored = new Set(files.value.ignored);
  return ok({
    base: base.value, identity: identity.value, specPath,
    specIgnored: spec.taskFiles.length > 0 && spec.taskFiles.every((path) => ignored.has(inRepo(path))),
    // A spec in the repository's root would otherwise take every file there for its own.
    uncommitted: files.value.uncommitted.filter((path) => specPath !== '' || own.has(path)),
    dirty: dirty.value.map((file) => file.path),
  });
}

/** The agent of the options, ready to work. Errors: agent/bad-command for a command line that is none, agent/missing. */
export async function chosenAgent(site: Site, options: RunOptions): Promise<Result<AgentInfo, AppError>> {
  const line = options.agent === 'custom' && options.agentCommand !== null ? splitCommand(options.agentCommand) : ok([]);
  if (!line.ok) return line;
  // Only the chosen one: asking all of them for their versions takes seconds.
  const info = await adapterOf(options.agent).detect({ env: site.env, demoScript: site.demoScript, custom: options.agentCommand });
  return info.ready ? ok(info) : err({ kind: 'agent/missing', agent: options.agent, detail: info.reason ?? 'It was not found.' });
}

/** Words that only a shell understands; as arguments they would make a check pass that never ran. */
const shellOperators = new Set(['&&', '||', '|', ';', '&', '>', '>>', '<', '2>', '2>&1', '&>']);

/** Setup and check commands must be startable: no shell is there, and a program without a path has to be on the PATH. */
async function startable(site: Site, options: RunOptions): Promise<Result<null, AppError>> {
  for (const command of [...(options.setup === null ? [] : [options.setup]), ...options.checks]) {
    const argv = splitCommand(command);
    if (!argv.ok) return argv;
    const operator = argv.value.find((word) => shellOperators.has(word) || word.endsWith(';'));
    if (operator !== undefined && !/^(ba|da|z|k)?sh$/.test(argv.value[0] ?? '')) return err({ kind: 'command/needs-shell', command, operator });
    const [program = ''] = argv.value;
    if (!program.includes('/') && await findBinary(program, site.env) === null) return err({ kind: 'command/missing', command, program });
  }
  return ok(null);
}

/** What the run takes as open although its file says otherwise. */
function staleNotices(spec: Spec, { tasks }: Selection): readonly string[] {
  const isTaken = ({ file, line }: { readonly file: string | null; readonly line: number | null }): boolean => tasks.some((task) => task.file === file && task.line === line);
  return spec.diagnostics.filter((one) => one.code === 'stale-active' && isTaken(one)).map((one) => one.message);
}

/** Checks git, base, agent, spec and options; plans; selects. Nothing is changed. */
export async function prepareRun(site: Site, request: RunRequest): Promise<Result<Preparation, AppError>> {
  const { spec } = request;
  const tasks = requireTasks(spec);
  if (!tasks.ok) return tasks;
  const facts = await gitFacts(request);
  if (!facts.ok) return facts;
  const { dirty, ...known } = facts.value;
  // git names an untracked folder once, with a slash at its end, instead of each file in it.
  const isSpec = (path: string): boolean => known.uncommitted.some((own) => own === path || (path.endsWith('/') && own.startsWith(path)));
  const uncommittedElsewhere = dirty.filter((path) => !isSpec(path));
  if (!request.options.worktrees && uncommittedElsewhere.length > 0) return err({ kind: 'git/dirty-checkout', files: uncommittedElsewhere });
  const agent = await chosenAgent(site, request.options);
  if (!agent.ok) return agent;
  const commands = await startable(site, request.options);
  if (!commands.ok) return commands;
  const plan = planFor(spec, request.options, await planKnowledge(request.repo, spec, request.options));
  const asked = selectTasks({ spec, plan, options: request.options, isExclusive });
  if (!asked.ok) return asked;
  const doubt = modeDoubt(request.options.mode, asked.value.waves);
  // Nothing could run beside anything, so the run says what it is.
  const options: RunOptions = doubt?.kind === 'sequential' ? { ...request.options, mode: 'single' } : request.options;
  const selection = options === request.options ? asked : selectTasks({ spec, plan, options, isExclusive });
  if (!selection.ok) return selection;
  const notices = [
    ...selection.value.notices, ...(doubt ? [doubt.said] : []), ...staleNotices(spec, selection.value),
    ...(known.identity.configured ? [] : ['git knows no user.name and user.email here: commits of this run are made as Braid <braid@localhost>. Set yours with git config.']),
    ...(uncommittedElsewhere.length > 0 ? [`Agents start from ${known.base.branch} as committed and will not see your ${uncommittedElsewhere.length} uncommitted change(s) in this checkout.`] : []),
    ...(options.maxParallel > 8 ? [`${options.maxParallel} agents at once may meet rate limits and fill the disk.`] : []),
  ];
  const openChecklists = checklistsOf(spec.gates).filter((checklist) => checklist.open.length > 0);
  return ok({ ...request, options, ...known, openChecklists, modeDoubt: doubt, plan, agent: agent.value, selection: selection.value, notices });
}

/** What a person should be asked about a change before it runs: that it was archived, or that what it depends on is not complete; null for nothing. */
export function changeError({ change, name }: Spec): AppError | null {
  if (change?.archived) return { kind: 'spec/archived', spec: name, date: change.archived };
  return change && change.unmet.length > 0 ? { kind: 'spec/unmet-changes', spec: name, changes: change.unmet } : null;
}

/** The refusal of a run that nobody allowed to start with unchecked items; null when there are none. */
export function openChecklistError({ openChecklists }: Pick<Preparation, 'openChecklists'>): AppError | null {
  if (openChecklists.length === 0) return null;
  return { kind: 'spec/open-checklists', files: openChecklists.map(({ file }) => file), items: openChecklists.reduce((sum, { open }) => sum + open.length, 0) };
}

/** One commit of exactly the spec's uncommitted files on the base; returns the commit. */
export async function commitSpec(preparation: Preparation): Promise<Result<string, AppError>> {
  const { repo, base, identity, uncommitted, spec } = preparation;
  return commitPaths(repo, { branch: base.branch, paths: uncommitted, message: `Add spec ${spec.name}`, identity });
}
