/**
 * Everything that can go wrong for a reason outside Braid, as facts. `describeError` is the only place that
 * turns them into sentences: what happened, why, what to do next.
 */
import { assertNever } from './result';

export type AppError =
  | { readonly kind: 'spec/not-found'; readonly path: string; readonly known: readonly string[]; /** `known` are those that the name could mean. */ readonly ambiguous?: true }
  | { readonly kind: 'spec/no-tasks'; readonly path: string }
  | { readonly kind: 'spec/choose-file'; readonly path: string; readonly files: readonly string[] }
  | { readonly kind: 'spec/invalid'; readonly path: string; readonly detail: string }
  /** A task file of the spec that is open was deleted, moved, or cannot be read any more; `detail` says which. */
  | { readonly kind: 'spec/lost'; readonly path: string; readonly detail: string }
  | { readonly kind: 'spec/outside-repository'; readonly path: string; readonly repo: string }
  | { readonly kind: 'plan/cycle'; readonly path: readonly string[]; readonly of?: 'changes' }
  | { readonly kind: 'plan/unknown-task'; readonly ids: readonly string[] }
  | { readonly kind: 'git/missing' }
  | { readonly kind: 'git/too-old'; readonly version: string; readonly needed: string }
  | { readonly kind: 'git/not-a-repository'; readonly path: string }
  | { readonly kind: 'git/bare'; readonly path: string }
  | { readonly kind: 'git/unborn'; readonly branch: string }
  | { readonly kind: 'git/detached' }
  | { readonly kind: 'git/run-branch'; readonly branch: string }
  | { readonly kind: 'git/no-such-branch'; readonly branch: string }
  | { readonly kind: 'git/branch-in-the-way'; readonly branch: string }
  | { readonly kind: 'git/worktree-exists'; readonly path: string }
  | { readonly kind: 'git/dirty-checkout'; readonly files: readonly string[] }
  /** `clashing` are task files whose edits by hand were merged with the run's, and conflict. */
  | { readonly kind: 'git/dirty-overlap'; readonly files: readonly string[]; readonly clashing?: readonly string[] }
  | { readonly kind: 'git/operation-in-progress'; readonly operation: string }
  | { readonly kind: 'git/conflict'; readonly files: readonly string[]; readonly with: string }
  | { readonly kind: 'git/moved'; readonly branch: string; readonly expected: string; readonly found: string }
  | { readonly kind: 'git/locked'; readonly file: string }
  | { readonly kind: 'git/failed'; readonly args: readonly string[]; readonly exitCode: number | null; readonly stderr: string;
    /** It was killed by this signal: that says nothing about what it was to do. */
    readonly signal?: string }
  /** An agent stands elsewhere than on its lane's branch, with commits that do not go on from it; `on`: the branch it is on, null for none. They are kept as a snapshot. */
  | { readonly kind: 'git/left-branch'; readonly branch: string; readonly tip: string; readonly on: string | null; readonly head: string }
  /** A folder that was a checkout of the repository and is none any more: no git is run in it. */
  | { readonly kind: 'git/not-worktree'; readonly path: string }
  /** It would not have come to an end, so Braid ended it; `pipe` is the named pipe that it waited for. */
  | { readonly kind: 'git/hung'; readonly args: readonly string[]; readonly cwd: string; readonly seconds: number; readonly pipe: string | null }
  | { readonly kind: 'agent/missing'; readonly agent: string; readonly detail: string }
  | { readonly kind: 'agent/bad-command'; readonly command: string; readonly detail: string }
  | { readonly kind: 'command/missing'; readonly command: string; readonly program: string }
  | { readonly kind: 'command/needs-shell'; readonly command: string; readonly operator: string }
  | { readonly kind: 'agent/start'; readonly command: string; readonly detail: string }
  /** The process that holds the terminals of a run. */
  | { readonly kind: 'host/failed'; readonly detail: string }
  | { readonly kind: 'lane/setup-failed'; readonly lane: string; readonly command: string; readonly detail: string }
  | { readonly kind: 'spec/uncommitted'; readonly paths: readonly string[]; readonly base: string }
  | { readonly kind: 'spec/archived'; readonly spec: string; readonly date: string }
  | { readonly kind: 'spec/unmet-changes'; readonly spec: string; readonly changes: readonly string[] }
  | { readonly kind: 'spec/open-checklists'; readonly files: readonly string[]; readonly items: number }
  | { readonly kind: 'run/not-found'; readonly run: string; readonly known: readonly string[] }
  | { readonly kind: 'run/newer'; readonly run: string; readonly version: number }
  | { readonly kind: 'run/not-finished'; readonly run: string }
  | { readonly kind: 'run/nothing-to-land'; readonly run: string }
  | { readonly kind: 'run/not-landed'; readonly run: string }
  | { readonly kind: 'run/already-landed'; readonly run: string; readonly commit: string }
  | { readonly kind: 'run/busy'; readonly run: string; readonly pid: number }
  | { readonly kind: 'run/same-tasks'; readonly run: string; readonly pid: number; readonly tasks: readonly string[] }
  /** A run without a Braid whose host lives: its agents are at work on these tasks, or wait there to be taken over. `pid`: the host's. */
  | { readonly kind: 'run/left-at-work'; readonly run: string; readonly pid: number; readonly tasks: readonly string[] }
  | { readonly kind: 'run/checks-failed'; readonly command: string; readonly tail: string }
  | { readonly kind: 'run/nothing-to-do'; readonly spec: string }
  | { readonly kind: 'run/not-resumable'; readonly run: string; readonly detail: string }
  | { readonly kind: 'run/not-obeyed'; readonly run: string; readonly detail: string }
  | { readonly kind: 'run/one-at-a-time'; readonly run: string }
  | { readonly kind: 'options/invalid'; readonly detail: string }
  | { readonly kind: 'not-available'; readonly what: string }
  | { readonly kind: 'io/failed'; readonly path: string; readonly code: string; readonly detail: string }
  | { readonly kind: 'ipc/invalid'; readonly command: string; readonly detail: string }
  | { readonly kind: 'internal'; readonly detail: string };

/** `title` says what happened, `detail` why, `hint` what to do next. Plain text: a caller shows it as text, never as markup. */
export interface Described {
  readonly title: string;
  readonly detail: string;
  readonly hint: string;
}

const list = (names: readonly string[], limit = 8): string =>
  names.length <= limit ? names.join(', ') : `${names.slice(0, limit).join(', ')} and ${names.length - limit} more`;

const said = (title: string, detail: string, hint: string): Described => ({ title, detail, hint });

type Kind<P extends string> = Extract<AppError, { kind: `${P}/${string}` }>;

function describeSpec(error: Kind<'spec'>): Described {
  switch (error.kind) {
    case 'spec/not-found':
      if (error.ambiguous) return said(`"${error.path}" is ambiguous: ${error.known.length} specs fit.`, `They are: ${list(error.known)}.`, 'Name one of them in full.');
      return said(`No spec found at "${error.path}".`, error.known.length ? `Here are: ${list(error.known)}.` : 'There is nothing there that Braid can read as a spec.', 'Name a spec folder, a task file in it, or one of the specs of the repository.');
    case 'spec/no-tasks':
      return said(`"${error.path}" has no tasks.`, 'No line in it reads as a task, such as "- [ ] T001 Create the parser".', 'Write the tasks first (for spec-kit: /speckit.tasks), or choose another file.');
    case 'spec/choose-file':
      return said(`"${error.path}" has several task files.`, list(error.files), 'Choose one of them.');
    case 'spec/invalid':
      return said(`"${error.path}" cannot be read as a task list.`, error.detail, 'Correct the file, then try again.');
    case 'spec/lost':
      return said(`${error.path} cannot be read any more.`, error.detail, 'Put it back: Braid shows it again as soon as it is there. Or choose another spec.');
    case 'spec/outside-repository':
      return said('The spec lies outside the repository.', `${error.path} is not inside ${error.repo}.`, 'Move it into the repository, or choose the right repository (--repo).');
    case 'spec/uncommitted':
      return said(`The spec is not committed on ${error.base} yet.`, `Agents work in worktrees made from ${error.base}, so they would not see: ${list(error.paths)}.`, 'Commit these files, or let Braid commit just these (button in the window, --yes on the command line).');
    case 'spec/archived':
      return said(`${error.spec} was archived on ${error.date}.`, 'An archived change is meant to be finished; running it again may redo what has changed since.', 'Say that it may run all the same (question in the window and at a terminal, --yes on the command line), or choose an open change.');
    case 'spec/unmet-changes':
      return said(`${error.spec} depends on ${error.changes.length === 1 ? 'a change that is' : 'changes that are'} not complete.`, `Not complete: ${list(error.changes)}.`, `Run and land ${error.changes.length === 1 ? 'it' : 'them'} first, or say that it may run all the same (question in the window and at a terminal, --yes on the command line).`);
    case 'spec/open-checklists':
      return said(`${error.items === 1 ? 'One item' : `${error.items} items`} of the checklists ${error.items === 1 ? 'is' : 'are'} not checked.`, `Open: ${list(error.files)}.`, 'Check them first, or say that the run may go on without (question in the window and at a terminal, --yes on the command line).');
    default:
      return assertNever(error);
  }
}

function describeGit(error: Kind<'git'>): Described {
  switch (error.kind) {
    case 'git/missing':
      return said('git is not installed.', 'Braid found no "git" on the PATH.', 'Install git 2.38 or later.');
    case 'git/too-old':
      return said(`git ${error.version} is too old.`, `Braid needs ${error.needed} or later for merges without a checkout.`, 'Update git.');
    case 'git/not-a-repository':
      return said(`"${error.path}" is not in a git repository.`, 'Runs need a repository to make worktrees from.', 'Check the path; or run "git init" there and make a first commit.');
    case 'git/bare':
      return said(`"${error.path}" is a bare repository.`, 'Braid needs a checkout.', 'Where it has one, its configuration was changed, maybe by an agent: "git config core.bare false" there sets it back. Otherwise clone it, then use the clone.');
    case 'git/unborn':
      return said(`Branch ${error.branch} has no commit yet.`, 'Worktrees start from a commit.', 'Make a first commit, then run again.');
    case 'git/detached':
      return said('No branch is checked out.', 'HEAD is detached, so there is no branch to land on.', 'Check out a branch, or name one as base (--base, Options).');
    case 'git/run-branch':
      return said(`${error.branch} is the branch of a run.`, 'A run without worktrees is going in this checkout, or ended before it could give the checkout back.', 'Commit or stash what is left there, then check out your own branch (git switch main).');
    case 'git/no-such-branch':
      return said(`There is no local branch "${error.branch}".`, 'The base of a run is a local branch.', 'Check the name with "git branch --list".');
    case 'git/branch-in-the-way':
      return said(`A branch named "${error.branch}" is in the way.`, 'git cannot keep it beside the branches braid/<spec>/<run>/….', `Rename it: git branch -m ${error.branch} ${error.branch}-old`);
    case 'git/worktree-exists':
      return said('The folder of a lane exists already.', error.path, 'Move it away, then run again.');
    case 'git/dirty-checkout':
      return said('The checkout has uncommitted changes.', list(error.files), 'Commit or stash them, or run with worktrees.');
    case 'git/dirty-overlap':
      return error.clashing
        ? said('Your uncommitted edits conflict with the run.', `${list(error.clashing)}: merged three-way, your edits and those of the run change the same lines (both may have added to its end).${error.files.length > error.clashing.length ? ` Landing would also overwrite ${list(error.files.filter((file) => error.clashing?.includes(file) !== true))}.` : ''}`, 'Put your edits aside with "git stash", land, then bring them back with "git stash pop".')
        : said('Landing would overwrite uncommitted changes.', list(error.files), 'Commit or stash these files, then land again.');
    case 'git/operation-in-progress':
      return said(`A ${error.operation} is in progress in this checkout.`, 'Moving its branch now would mix up both.', `Finish or abort the ${error.operation}, then try again.`);
    case 'git/conflict':
      return said(`Conflicts with ${error.with}.`, list(error.files), 'Nothing was changed. Solve it by hand with git on the branch of the run, then try again.');
    case 'git/moved':
      return said(`${error.branch} moved meanwhile.`, `Expected ${error.expected.slice(0, 9)}, found ${error.found.slice(0, 9)}.`, 'Nothing was changed. Try again.');
    case 'git/locked':
      return said('git is locked by another process.', error.file, 'Wait for it to end; if none is running, delete the lock file.');
    case 'git/failed':
      if (error.signal !== undefined) return said(`git ${error.args[0] ?? ''} was killed by ${error.signal}.`, error.stderr.trim(), 'Something on this machine ends processes (too little memory, for one); then try again.');
      return said(`git ${error.args[0] ?? ''} failed.`, error.stderr.trim() || `exit code ${error.exitCode ?? 'none'}`, `Command: git ${error.args.join(' ')}`);
    case 'git/left-branch':
      return said(`The agent left its lane's branch ${error.branch}.`, `It is ${error.on === null ? 'on no branch' : `on the branch ${error.on}`}, at ${error.head.slice(0, 9)}, which does not go on from the lane's ${error.tip.slice(0, 9)}. Its commits are kept (refs/braid/snapshots/${error.head}), and so is what it did not commit.`, 'In the lane switch to its branch and merge or cherry-pick what counts, or try the task again from scratch (--fresh).');
    case 'git/not-worktree':
      return said(`${error.path} is no longer a worktree of the repository.`, 'The folder or its .git is gone or was replaced, so git does nothing there; what is in it stays.', 'Try its task again: the folder is moved aside, and the lane is made again from its branch.');
    case 'git/hung':
      if (error.pipe !== null) return said(`git ${error.args[0] ?? ''} cannot work in ${error.cwd}.`, `${error.pipe} is a named pipe: git would wait for ever for somebody to write to it.`, 'Remove the pipe, then try again.');
      return said(`git ${error.args[0] ?? ''} did not end within ${error.seconds} seconds and was ended.`, `Command: git ${error.args.join(' ')}, in ${error.cwd}`, 'See what it waits for there (a filter or hook that hangs, a disk that does not answer), then try again. BRAID_GIT_TIMEOUT says how many seconds git may take.');
    default:
      return assertNever(error);
  }
}

function describeRun(error: Kind<'run'>): Described {
  switch (error.kind) {
    case 'run/not-found':
      return said(error.run ? `There is no run "${error.run}" in this repository.` : 'This repository has no run yet.', error.known.length ? `Known runs: ${list(error.known)}.` : 'No run was started here.', 'Look at the list of runs (braid status --all).');
    case 'run/newer':
      return said(`Run ${error.run} was written by a newer Braid.`, `Its journal has version ${error.version}, which this one cannot read. Nothing of it was changed.`, 'Update Braid, then try again.');
    case 'run/not-finished':
      return said(`Run ${error.run} is not finished.`, 'Some of its tasks are still going.', 'Wait for it, or stop it first.');
    case 'run/nothing-to-land':
      return said(`Run ${error.run} has nothing to land.`, 'No task was integrated, or everything is on the base branch already.', 'The state of its tasks says why.');
    case 'run/not-landed':
      return said(`Run ${error.run} has not landed.`, 'There is nothing to roll back.', 'See "braid status".');
    case 'run/already-landed':
      return said(`Run ${error.run} has landed already.`, `Landing commit ${error.commit.slice(0, 9)}.`, 'Nothing to do.');
    case 'run/busy':
      return said(`Run ${error.run} is in the hands of another Braid.`, `Process ${error.pid} owns it.`, 'Use that window or terminal, or end it first.');
    case 'run/same-tasks':
      return said('Another Braid is at work on these tasks.', `Process ${error.pid} does ${list(error.tasks)} in run ${error.run}.`, 'Wait for it, stop it (braid stop), or leave these tasks out (--tasks).');
    case 'run/left-at-work':
      return said('Agents of an earlier run are still at work on these tasks.', `Run ${error.run} lost its Braid, but its agents go on in process ${error.pid}; ${list(error.tasks)} ${error.tasks.length === 1 ? 'is' : 'are'} not done in it.`, `Take it over: braid resume ${error.run}. Or end it: braid stop ${error.run}, then run again.`);
    case 'run/checks-failed':
      return said(`The check "${error.command}" failed on the merged tree.`, error.tail, 'Nothing was changed. Mend the cause, then try again.');
    case 'run/nothing-to-do':
      return said('Nothing to do.', `Every task of ${error.spec} that was asked for is done already.`, 'Choose another spec, or open a task again in its file.');
    case 'run/not-resumable':
      return said(`Run ${error.run} cannot be resumed.`, `Its story is over: ${error.detail}.`, 'Start a new run: it takes only what is still open.');
    case 'run/not-obeyed':
      return said(`Run ${error.run} did not do it.`, `Its Braid says: ${error.detail}.`, 'See "braid status" for the state of its tasks.');
    case 'run/one-at-a-time':
      return said('A run is going already.', `This window drives run ${error.run}.`, 'Wait for it, or stop it first.');
    default:
      return assertNever(error);
  }
}

function describeAgent(error: Kind<'agent'> | Kind<'lane'> | Kind<'command'> | Kind<'host'>): Described {
  switch (error.kind) {
    case 'command/missing':
      return said(`The program "${error.program}" was not found.`, `Command: ${error.command}`, 'Install it, or correct the command.');
    case 'command/needs-shell':
      return said(`"${error.operator}" needs a shell.`, `Commands are started as they are, without one: ${error.command}`, "Give it one: sh -c '…', or use several --check.");
    case 'agent/missing':
      return said(`The agent ${error.agent} is not ready.`, error.detail, 'Install it or sign in, or choose another agent.');
    case 'agent/bad-command':
      return said('The agent command cannot be used.', error.detail, `Command: ${error.command}`);
    case 'agent/start':
      return said('The agent could not be started.', error.detail, `Command: ${error.command}`);
    case 'host/failed':
      return said('The terminals of the run cannot be reached.', error.detail, 'See host.log in the folder of the run.');
    case 'lane/setup-failed':
      return said(`The setup of lane ${error.lane} failed.`, error.detail, `Command: ${error.command}`);
    default:
      return assertNever(error);
  }
}

/** The sentences for an error. Exhaustive: a new kind does not compile until it has its words. */
export function describeError(error: AppError): Described {
  switch (error.kind) {
    case 'plan/cycle':
      return error.of === 'changes'
        ? said('The changes wait for each other in a circle.', error.path.join(' -> '), 'Remove one of these dependencies from their proposals.')
        : said('The tasks wait for each other in a circle.', error.path.join(' -> '), 'Remove one of these dependencies from the task file.');
    case 'plan/unknown-task':
      return said(`Unknown task: ${list(error.ids)}.`, 'The spec has no task with this id.', 'See "braid plan" for the ids.');
    case 'options/invalid':
      return said('These options do not fit.', error.detail, 'See "braid run --help".');
    case 'not-available':
      return said(`${error.what}: not available yet.`, 'This version of Braid does not have it.', 'See the CHANGELOG for what it has.');
    case 'io/failed':
      return said(`Cannot use ${error.path}.`, error.detail.startsWith(`${error.code}: `) ? error.detail : `${error.code}: ${error.detail}`, error.code === 'ENOSPC' ? 'Free some disk space, then try again.' : 'Check that the path exists and may be written.');
    case 'ipc/invalid':
      return said('The window sent something unexpected.', `${error.command}: ${error.detail}`, 'Reload the window; if it happens again, report it.');
    case 'internal':
      return said('Braid made a mistake.', error.detail, 'Your repository is untouched by it; please report it.');
    case 'spec/not-found': case 'spec/no-tasks': case 'spec/choose-file': case 'spec/invalid': case 'spec/lost':
    case 'spec/outside-repository': case 'spec/uncommitted': case 'spec/open-checklists': case 'spec/archived': case 'spec/unmet-changes':
      return describeSpec(error);
    case 'git/missing': case 'git/too-old': case 'git/not-a-repository': case 'git/bare': case 'git/unborn':
    case 'git/detached': case 'git/run-branch': case 'git/no-such-branch': case 'git/branch-in-the-way': case 'git/worktree-exists':
    case 'git/dirty-checkout': case 'git/dirty-overlap': case 'git/operation-in-progress': case 'git/conflict':
    case 'git/moved': case 'git/locked': case 'git/failed': case 'git/hung': case 'git/not-worktree': case 'git/left-branch':
      return describeGit(error);
    case 'run/not-found': case 'run/newer': case 'run/not-finished': case 'run/nothing-to-land': case 'run/not-landed':
    case 'run/already-landed': case 'run/busy': case 'run/same-tasks': case 'run/left-at-work': case 'run/checks-failed': case 'run/nothing-to-do': case 'run/not-resumable': case 'run/not-obeyed': case 'run/one-at-a-time':
      return describeRun(error);
    case 'agent/missing': case 'agent/bad-command': case 'agent/start': case 'lane/setup-failed': case 'command/missing': case 'command/needs-shell': case 'host/failed':
      return describeAgent(error);
    default:
      return assertNever(error);
  }
}

/** The whole error in one line of plain text, for terminals and logs. */
export function sentence(error: AppError): string {
  const { title, detail, hint } = describeError(error);
  return [title, detail, hint].filter(Boolean).join(' ');
}
