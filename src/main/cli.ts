/** Door 2: the same core on the command line, under plain Node. */
import { join } from 'node:path';
import { Argument, Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { gateAnswers, type GateAnswer } from '../shared/control';
import { agentNames, runOptionsSchema, type RunOptions } from '../shared/options';
import { cleanupCommand } from './cli/cleanup-command';
import { agentsCommand, doctorCommand } from './cli/doctor-command';
import { exitCodes } from './cli/exit-code';
import { gateCommand } from './cli/gate-command';
import { landCommand, rollbackCommand } from './cli/land-command';
import { canAsk, fail, say } from './cli/output';
import { planCommand } from './cli/plan-command';
import { resetCommand } from './cli/reset-command';
import { resumeCommand } from './cli/resume-command';
import { runCommand } from './cli/run-command';
import { openSpec } from './cli/spec-argument';
import { needsTask, steerCommand, steeringCommands, type SteeringName } from './cli/steer-command';
import { statusCommand } from './cli/status-command';
import { resumeChoices, type ResumeChoice } from '../shared/unfinished';
import { outputReader } from './core/run/output-reader';
import { hostLaunch, type Site } from './core/run/site';
import { configFolder, SettingsStore } from './core/state/settings';
import { Terminals } from './core/terminals/terminals';

declare const BRAID_VERSION: string;

const integer = (low: number, high: number) => (text: string): number => {
  const value = Number(text);
  if (!Number.isInteger(value) || value < low || value > high) throw new InvalidArgumentError(`a whole number from ${low} to ${high} is needed.`);
  return value;
};
const list = (text: string): string[] => {
  const parts = text.split(',').map((part) => part.trim()).filter(Boolean);
  if (parts.length === 0) throw new InvalidArgumentError('at least one task id is needed.');
  return parts;
};
const collect = (text: string, before: string[]): string[] => [...before, text];
const seconds = integer(0, 604_800);
const dollars = (text: string): number => {
  const value = Number(text);
  if (!(value > 0 && value < 1_000_000)) throw new InvalidArgumentError('an amount above 0 is needed.');
  return value;
};

async function openSite(): Promise<Site> {
  const settings = await SettingsStore.open(configFolder(process.env));
  const host = hostLaunch({ settings, env: process.env, execPath: process.execPath, script: join(__dirname, 'host.js') });
  return {
    terminals: new Terminals({ reader: outputReader, host }), settings, env: process.env, execPath: process.execPath,
    demoScript: join(__dirname, '..', '..', 'resources', 'demo-agent.cjs'), now: () => new Date(), random: Math.random,
  };
}

interface RunArguments extends Partial<Omit<RunOptions, 'checks'>> {
  readonly repo?: string;
  readonly check: string[];
  readonly yes?: boolean;
  readonly json?: boolean;
  readonly dryRun?: boolean;
}

/** Options as given, without the flags that are no options of a run. An agent command implies the custom agent. */
function runOptions(given: RunArguments): RunOptions {
  const { repo: _repo, check, yes: _yes, json: _json, dryRun: _dryRun, ...options } = given;
  const agent = options.agentCommand === undefined ? options.agent : 'custom';
  const land = options.land ?? (canAsk() ? 'ask' : 'never');
  return runOptionsSchema.parse({ ...options, ...(agent === undefined ? {} : { agent }), checks: check, land });
}

async function run(spec: string, given: RunArguments): Promise<number> {
  if (given.agent === undefined && given.agentCommand === undefined && given.dryRun !== true) {
    return fail({ kind: 'options/invalid', detail: `Say which agent works: --agent ${agentNames.filter((name) => name !== 'custom').join('|')}, or --agent-command. "braid agents" lists what is installed; demo only plays.` });
  }
  const options = runOptions(given);
  const opened = await openSpec(spec, given.repo);
  if (!opened.ok) return fail(opened.error);
  if (options.maxParallel > 8) say(`warning: ${options.maxParallel} agents at once is a lot for one machine.`);
  const flags = { yes: given.yes === true, json: given.json === true, dryRun: given.dryRun === true, landGiven: given.land !== undefined };
  const site = await openSite();
  const code = await runCommand(site, opened.value, options, flags);
  await site.terminals.dispose();
  return code;
}

async function resume(name: string | null, given: { repo?: string; choice?: ResumeChoice; yes?: boolean; json?: boolean }): Promise<number> {
  const site = await openSite();
  const code = await resumeCommand(site, name, { ...given, choice: given.choice ?? null, yes: given.yes === true, json: given.json === true });
  await site.terminals.dispose();
  return code;
}

/** Commander gives the arguments, then the options, then the command. */
async function steer(name: SteeringName, run: string, rest: readonly unknown[]): Promise<number> {
  const words = rest.filter((value) => typeof value === 'string');
  const given = (rest[words.length] ?? {}) as { repo?: string; json?: boolean; afterCurrent?: boolean; fresh?: boolean };
  const site = await openSite();
  const code = await steerCommand(site, { name, run, task: words[0] ?? '', text: words[1] ?? '', afterCurrent: given.afterCurrent === true, fresh: given.fresh === true }, { ...given, json: given.json === true });
  await site.terminals.dispose();
  return code;
}

const exitCodeHelp = `
Exit codes, the first that applies:
  130 interrupted, state saved          3 bad arguments or an invalid spec
  4   a prerequisite is missing         6 waiting for a person
  5   timed out                         2 retries exhausted
  1   a task failed or was skipped      0 all asked-for tasks done

"braid help <command>" lists the options of a command.`;

/** The commands that steer a live run. */
function addSteering(braid: Command, { repo, json }: { readonly repo: Option; readonly json: Option }, done: (code: number | Promise<number>) => Promise<void>): void {
  for (const [name, about] of steeringCommands) {
    const command = braid.command(name).argument('<run>').description(about).addOption(repo).addOption(json);
    if (needsTask(name)) command.argument('<task>');
    if (name === 'answer') command.argument('<text>');
    if (name === 'retry') command.option('--fresh', 'in a new lane, without the work of the attempts before');
    if (name === 'stop') command.option('--after-current', 'what is at work comes to its end');
    command.action((run: string, ...rest: unknown[]) => done(steer(name, run, rest)));
  }
}

/** The command line; `done` takes the exit code of whichever command ran. */
function program(done: (code: number | Promise<number>) => Promise<void>): Command {
  const braid = new Command('braid').description('Runs the tasks of a spec with coding agents in parallel git worktrees.').version(BRAID_VERSION).exitOverride()
    .addHelpText('after', exitCodeHelp);
  const repo = new Option('--repo <dir>', 'another repository than that of the current directory');
  const json = new Option('--json', 'print JSON');
  const yes = new Option('--yes', 'answer each question with the safe answer that lets the run go on');
  const maxParallel = new Option('--max-parallel <n>', 'agents at once').argParser(integer(1, 64)).default(4);
  const strict = new Option('--strict-phases', 'no task starts before every earlier phase is integrated');
  const mode = new Option('--mode <mode>', 'how many agents share the work').choices(['auto', 'single', 'parallel', 'team']);
  braid.command('plan').argument('<spec>').description('show tasks, dependencies and waves').addOption(repo).addOption(json).addOption(maxParallel).addOption(strict).addOption(mode)
    .option('--compact', 'one line of waves').option('--tasks <ids>', 'only these tasks', list).option('--from <id>', 'only this task and those below it')
    .action((spec: string, given: { repo?: string; json?: boolean; compact?: boolean } & Partial<RunOptions>) => {
      const { repo: place, json: asJson, compact, ...options } = given;
      return done(planCommand(spec, { ...(place === undefined ? {} : { repo: place }), json: asJson === true, compact: compact === true, options }));
    });
  braid.command('run').argument('<spec>').description('run the tasks of a spec').addOption(repo).addOption(json).addOption(yes).addOption(maxParallel).addOption(strict).addOption(mode)
    .addOption(new Option('--agent <name>').choices(agentNames))
    .option('--agent-command <command>', 'command line of a custom agent; {{PROMPT}} and {{PROMPT_FILE}} are filled in')
    .option('--restricted', 'less than full permissions, where the agent has it')
    .option('--base <branch>', 'branch to start from and to land on')
    .option('--worktrees', 'each lane in a worktree of its own (default)').option('--no-worktrees', 'one task at a time in the checkout')
    .addOption(new Option('--style <style>').choices(['auto', 'guided', 'debug']).default('auto'))
    .option('--setup <command>', 'prepares every new worktree')
    .option('--check <command>', 'must pass in the lane and on the merged tree; repeatable', collect, [])
    .addOption(new Option('--retries <n>', 'more attempts for a failed task').argParser(integer(0, 10)))
    .addOption(new Option('--timeout <seconds>', 'limit of one attempt; 0 = none').argParser(seconds))
    .addOption(new Option('--silence <seconds>', 'end an attempt that prints nothing for so long; 0 = never (default: as the agent is known to be)').argParser(seconds))
    .addOption(new Option('--on-failure <policy>', 'what a failed task means').choices(['go-on', 'auto-fix', 'prompt', 'abort']))
    .addOption(new Option('--run-timeout <seconds>', 'limit of the whole run; 0 = none').argParser(integer(0, 2_592_000)))
    .addOption(new Option('--max-cost <usd>', 'ask before more is spent, as far as the agent reports it').argParser(dollars))
    .addOption(new Option('--max-tokens <n>', 'the same in tokens').argParser(integer(1, Number.MAX_SAFE_INTEGER)))
    .option('--tasks <ids>', 'only these tasks', list).option('--from <id>', 'only this task and those below it')
    .addOption(new Option('--land <policy>', 'what happens after success').choices(['ask', 'auto', 'never']))
    .option('--follow-edits', 'tasks that you add to the task file while the run goes on are run too')
    .option('--dry-run', 'print the plan and start nothing')
    .action((spec: string, given: RunArguments) => done(run(spec, given)));
  braid.command('status').argument('[run]').description('runs with their tasks and lanes').addOption(repo).addOption(json).option('--all', 'every run of the repository')
    .action((name: string | undefined, given: { repo?: string; all?: boolean; json?: boolean }) => done(statusCommand(name, { ...given, all: given.all === true, json: given.json === true })));
  for (const [name, command, about] of [['land', landCommand, 'merge a finished run into its base'], ['rollback', rollbackCommand, 'take a landing back']] as const) {
    braid.command(name).argument('<run>').description(about).addOption(repo).addOption(json).addOption(yes)
      .action((id: string, given: { repo?: string; yes?: boolean; json?: boolean }) => done(openSite().then((site) => command(site, id, { ...given, yes: given.yes === true, json: given.json === true }))));
  }
  braid.command('agents').description('which agents are installed').addOption(json).action((given: { json?: boolean }) => done(openSite().then((site) => agentsCommand(site, { json: given.json === true }))));
  braid.command('doctor').description('check what a run needs on this machine').addOption(json).action((given: { json?: boolean }) => done(openSite().then((site) => doctorCommand(site, { json: given.json === true }))));
  braid.command('resume').argument('[run]').description('go on with a run that was interrupted').addOption(repo).addOption(json).addOption(yes)
    .addOption(new Option('--choice <choice>', 'instead of the question').choices(resumeChoices))
    .action((name: string | undefined, given: { repo?: string; choice?: ResumeChoice; yes?: boolean; json?: boolean }) => done(resume(name ?? null, given)));
  addSteering(braid, { repo, json }, done);
  braid.command('gate').argument('<run>').addArgument(new Argument('<answer>').choices(gateAnswers)).description('answer at the gate of a phase').addOption(repo).addOption(json)
    .option('--yes', 'a phase may be taken back without a typed confirmation')
    .action((name: string, answer: GateAnswer, given: { repo?: string; yes?: boolean; json?: boolean }) => done(openSite().then((site) => gateCommand(site, name, answer, { ...given, yes: given.yes === true, json: given.json === true }))));
  braid.command('reset').argument('<spec>').description('take back marks of work in progress where nothing works').addOption(repo).addOption(json).addOption(yes)
    .option('--tasks <ids>', 'only these tasks', list)
    .action((spec: string, given: { repo?: string; tasks?: string[]; yes?: boolean; json?: boolean }) => done(resetCommand(spec, { ...given, tasks: given.tasks ?? null, yes: given.yes === true, json: given.json === true })));
  braid.command('cleanup').description('remove what runs left behind: merged worktrees, old logs').addOption(repo).addOption(json)
    .option('--dry-run', 'show it only').option('--force', 'ages do not count; asks about work that is not merged')
    .action((given: { repo?: string; dryRun?: boolean; force?: boolean; json?: boolean }) => done(openSite().then((site) => cleanupCommand(site, { ...given, dryRun: given.dryRun === true, force: given.force === true, json: given.json === true }))));
  return braid;
}

async function main(): Promise<number> {
  let code: number = exitCodes.ok;
  const braid = program(async (result) => {
    code = await result;
  });
  try {
    await braid.parseAsync(process.argv);
    return code;
  } catch (cause) {
    if (cause instanceof CommanderError) return cause.exitCode === 0 ? exitCodes.ok : exitCodes.badArguments;
    throw cause;
  }
}

// A reader that closes the pipe early (`| head`) must not end a run: what it no longer reads is dropped, the journal has it all.
process.stdout.on('error', () => undefined);
process.stderr.on('error', () => undefined);
main().then((code) => {
  process.exitCode = code;
}, (cause: unknown) => {
  say(`braid: ${cause instanceof Error ? cause.stack ?? cause.message : String(cause)}`);
  process.exitCode = exitCodes.failed;
});
