/** `--setup` and `--check` commands: started like agents, in a pseudo-terminal, so that a person can watch them. */
import type { CheckResult } from '../../../shared/domain';
import { sentence } from '../../../shared/errors';
import { terminalName } from '../../../shared/ipc';
import type { LaneProcess, ProcessEnd, RunWorld } from './ports';
import type { Run } from '../../../shared/run';

/** What running a command needs of a run: less than an engine, so that a landing can check its candidate too. */
export interface CommandContext {
  readonly world: Pick<RunWorld, 'now' | 'splitCommand' | 'commandEnv'> & { readonly lanes: Pick<RunWorld['lanes'], 'start' | 'say'> };
  run(): Run;
  isStopping(): boolean;
  /** Registers a process so that Stop reaches it; the returned function takes it off again. */
  track(process: LaneProcess): () => void;
}

/** Where a command runs: a lane, or the run's scratch worktree. */
export interface CommandPlace {
  readonly name: string;
  readonly path: string;
  readonly log: string;
}

export interface WatchedEnd {
  readonly end: ProcessEnd;
  readonly cut: 'timed-out' | 'silent' | 'interrupted' | null;
  readonly tail: string;
  readonly conclusion: unknown;
  /** What held its terminal died first. */
  readonly lost: boolean;
}

/** Calls once a process has printed no byte for so many seconds; 0 = never. Returns the end of the watch. */
function onSilence(process: LaneProcess, seconds: number, call: () => void): () => void {
  let over = false;
  let timer: NodeJS.Timeout | null = null;
  const wait = (milliseconds: number): void => {
    if (!over) timer = setTimeout(() => void look(), milliseconds);
  };
  const look = async (): Promise<void> => {
    const left = seconds * 1000 - (await process.look()).silence;
    if (left > 0) wait(left);
    else if (!over) call();
  };
  if (seconds > 0) wait(seconds * 1000);
  return () => {
    over = true;
    if (timer) clearTimeout(timer);
  };
}

/** Waits for a process; ends its whole tree at a limit (seconds, 0 = none: of its time, of its silence) or when the run is stopped. */
export async function watch(context: CommandContext, process: LaneProcess, limits: { readonly time: number; readonly silence: number }): Promise<WatchedEnd> {
  const untrack = context.track(process);
  let cut: WatchedEnd['cut'] = null;
  const cutOff = (why: 'timed-out' | 'silent'): void => {
    cut ??= why;
    void process.stop();
  };
  const timer = limits.time > 0 ? setTimeout(() => cutOff('timed-out'), limits.time * 1000) : null;
  const unwatch = onSilence(process, limits.silence, () => cutOff('silent'));
  const { exitCode, signal, ...more } = await process.ended;
  if (timer) clearTimeout(timer);
  unwatch();
  // Children that outlived the command would go on writing into the worktree.
  await process.stop();
  untrack();
  return { end: { exitCode, signal }, cut: cut ?? (context.isStopping() ? 'interrupted' : null), ...more };
}

/** One sentence for how a process ended; a signal comes before an exit code. */
export function describeEnd(end: ProcessEnd): string {
  if (end.signal !== null) return `ended by signal ${end.signal}`;
  return `exit code ${end.exitCode ?? 'unknown'}`;
}

/** True only for a plain exit with 0. */
export const endedWell = (end: ProcessEnd): boolean => end.signal === null && end.exitCode === 0;

/** Runs one command; a command that cannot be started counts as failed, with the reason as its output. */
export async function runCommand(context: CommandContext, command: string, where: CheckResult['where'], place: CommandPlace): Promise<CheckResult> {
  const { world } = context;
  const began = world.now().getTime();
  const terminal = terminalName(context.run().id, place.name);
  await world.lanes.say({ terminal, logFile: place.log, text: `$ ${command}` });
  const argv = world.splitCommand(command);
  const started = argv.ok
    ? await world.lanes.start({
      terminal, argv: argv.value, cwd: place.path, env: world.commandEnv(context.run(), place), logFile: place.log, reader: null, memo: null,
    })
    : argv;
  if (!started.ok) return { command, where, exitCode: null, signal: null, seconds: 0, timedOut: false, tail: sentence(started.error) };
  const watched = await watch(context, started.value, { time: context.run().options.timeout, silence: 0 });
  return {
    command, where, ...watched.end, ...(watched.cut ? { exitCode: null } : {}), seconds: (world.now().getTime() - began) / 1000,
    timedOut: watched.cut === 'timed-out', tail: watched.tail,
  };
}

/** True when the command ended with 0. */
export const passed = (check: CheckResult): boolean => check.exitCode === 0 && check.signal === null;

/** Runs the run's checks one after another; stops at the first that fails. */
export async function runChecks(context: CommandContext, where: CheckResult['where'], place: CommandPlace): Promise<readonly CheckResult[]> {
  const results: CheckResult[] = [];
  for (const command of context.run().options.checks) {
    const result = await runCommand(context, command, where, place);
    results.push(result);
    if (!passed(result)) break;
  }
  return results;
}
