/** What an agent, a setup or a check process finds in its environment (contracts.md "What an agent process gets"). */
import { join } from 'node:path';
import type { LaneRun, Run, TaskRun } from '../../../shared/run';
import type { Identity } from '../git/repository';
import { inWorktree, portBase } from './names';

/** Set by git for hooks and aliases; an agent that inherits them works on the wrong repository. */
const repositoryVariables = new Set([
  'GIT_DIR', 'GIT_WORK_TREE', 'GIT_INDEX_FILE', 'GIT_COMMON_DIR', 'GIT_OBJECT_DIRECTORY', 'GIT_ALTERNATE_OBJECT_DIRECTORIES',
  'GIT_PREFIX', 'GIT_NAMESPACE', 'GIT_CEILING_DIRECTORIES', 'GIT_QUARANTINE_PATH', 'GIT_INTERNAL_SUPER_PREFIX', 'GIT_REFLOG_ACTION',
]);
/** Electron's own, which would change how a child that is Electron or Node behaves. */
const electronVariables = new Set(['ELECTRON_RUN_AS_NODE', 'ELECTRON_NO_ATTACH_CONSOLE', 'CHROME_DESKTOP', 'ORIGINAL_XDG_CURRENT_DESKTOP']);

/** The user's environment with a terminal type and a git identity, without variables that point at another repository. */
export function userEnvironment(env: NodeJS.ProcessEnv, identity: Identity): Record<string, string> {
  const clean: Record<string, string> = {};
  for (const [name, value] of Object.entries(env)) {
    const isForeign = repositoryVariables.has(name) || (process.versions['electron'] !== undefined && electronVariables.has(name));
    if (value !== undefined && !isForeign && !name.startsWith('BRAID_')) clean[name] = value;
  }
  return {
    ...clean, TERM: 'xterm-256color', COLORTERM: 'truecolor',
    GIT_AUTHOR_NAME: identity.name, GIT_AUTHOR_EMAIL: identity.email,
    GIT_COMMITTER_NAME: identity.name, GIT_COMMITTER_EMAIL: identity.email,
    ...passedOn(env),
  };
}

/** Braid's own variables that steer its bundled demo agent. */
function passedOn(env: NodeJS.ProcessEnv): Record<string, string> {
  const speed = env['BRAID_DEMO_SPEED'];
  return speed === undefined ? {} : { BRAID_DEMO_SPEED: speed };
}

/** `BRAID_*` of any process in a lane. */
export function laneVariables(run: Run, lane: { readonly name: string; readonly path: string }): Record<string, string> {
  const index = Object.keys(run.lanes).indexOf(lane.name);
  return {
    BRAID_RUN: run.id, BRAID_LANE: lane.name, BRAID_WORKTREE: lane.path, BRAID_SPEC: inWorktree(lane.path, run.specPath),
    BRAID_PORT_BASE: String(portBase(run.id, Math.max(0, index))),
  };
}

/** `BRAID_*` of one attempt. */
export function attemptVariables(attempt: { task: TaskRun; number: number; lane: LaneRun; promptFile: string; reportFile: string }): Record<string, string> {
  return {
    BRAID_TASK_ID: attempt.task.id, BRAID_TASK_TITLE: attempt.task.title, BRAID_ATTEMPT: String(attempt.number),
    BRAID_PROMPT_FILE: attempt.promptFile, BRAID_REPORT: attempt.reportFile,
  };
}

/** `<folder>/<task>-<attempt><ending>`; a task id is foreign text and becomes a safe file name. */
export function attemptFile(folder: string, attempt: { task: string; number: number; ending: string }): string {
  const safe = attempt.task.replace(/[^A-Za-z0-9._-]/g, '_').replace(/^\.+/, '_').slice(0, 60);
  return join(folder, `${safe}-${attempt.number}${attempt.ending}`);
}
