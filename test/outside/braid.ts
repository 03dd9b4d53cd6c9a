/** Drives the built command line from outside, as a script would: real git, real pseudo-terminals, the puppet as agent. */
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, watch } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { createTempRepo, type TempRepo } from '../temp-repo';

const root = resolve(__dirname, '..', '..');
const bin = process.env['BRAID_BIN'] ?? join(root, 'bin', 'braid.js');
const puppet = join(root, 'test', 'puppet-agent.mjs');

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Lines of stdout that are JSON objects; throws when one is not, so only for `--json`. */
  events(): readonly BraidEvent[];
}

/** An event as a reader of `run --json` sees it: type checked by the tests themselves. */
export interface BraidEvent {
  readonly type: string;
  readonly task?: string;
  readonly lane?: string;
  readonly reason?: string;
  readonly outcome?: string;
  readonly [key: string]: unknown;
}

export interface Going {
  readonly process: ChildProcess;
  readonly ended: Promise<Ended>;
  /** Resolves with the first event that fits, past or future; rejects when the run ends without it. */
  event(fits: (event: BraidEvent) => boolean): Promise<BraidEvent>;
}

/** Behaviour of the puppet for one task, as test/puppet-agent.mjs reads it. */
export type PuppetTask = object;

/** A temporary repository with the puppet wired up. */
export interface Bench extends TempRepo {
  readonly outside: string;
  /** What the puppet does for each task id; `*` for all others. */
  plan(tasks: Record<string, PuppetTask>): Promise<void>;
  /** Lines that the puppet logged so far. */
  log(): Promise<readonly { event: string; task: string; pid: number; at: number }[]>;
  start(args: readonly string[], env?: Record<string, string>): Going;
  braid(args: readonly string[], env?: Record<string, string>): Promise<Ended>;
  /** `run specs/001-x --json` with the puppet as agent. */
  run(args?: readonly string[], env?: Record<string, string>): Promise<Ended>;
  /** A file whose appearance lets waiting puppets go on. */
  gate(name: string): { readonly path: string; open(): Promise<void> };
}

const agentCommand = `'${process.execPath}' '${puppet}'`;
export const spec = 'specs/001-demo';

function launch(cwd: string, args: readonly string[], env: Record<string, string>): Going {
  const child = spawn(process.execPath, [bin, ...args], { cwd, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '', stderr = '';
  const waiting: { fits: (event: BraidEvent) => boolean; found: (event: BraidEvent) => void; lost: (error: Error) => void }[] = [];
  const seen: BraidEvent[] = [];
  let rest = '';
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString('utf8');
    rest += chunk.toString('utf8');
    const lines = rest.split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines.filter((text) => text.startsWith('{'))) {
      // Lines of `--json` are events; the tests look at their fields.
      const event = JSON.parse(line) as BraidEvent;
      seen.push(event);
      for (const entry of waiting.filter(({ fits }) => fits(event))) entry.found(event);
    }
  });
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString('utf8');
  });
  const ended = new Promise<Ended>((done, failed) => {
    child.once('error', failed);
    child.once('close', (code) => {
      for (const { lost } of waiting) lost(new Error(`braid ended with ${code} first\n${stdout}\n${stderr}`));
      const events = (): BraidEvent[] => stdout.split('\n').filter(Boolean).map((line) => JSON.parse(line) as BraidEvent);
      done({ code, stdout, stderr, events });
    });
  });
  const event = (fits: (event: BraidEvent) => boolean): Promise<BraidEvent> => {
    const past = seen.find(fits);
    return past ? Promise.resolve(past) : new Promise((found, lost) => waiting.push({ fits, found, lost }));
  };
  return { process: child, ended, event };
}

/** Makes a repository with one commit and a spec-kit feature whose tasks.md is `tasks`; nothing of the spec is committed when `commit` is false. `folder`: where the repository is made. */
export async function createBench(tasks: string, options: { commit?: boolean; folder?: string } = {}): Promise<Bench> {
  if (!existsSync(join(dirname(bin), '..', 'out', 'main', 'cli.js'))) throw new Error('Build first: npm run build');
  const repo = await createTempRepo(options.folder === undefined ? {} : { folder: options.folder });
  const outside = await mkdtemp(join(tmpdir(), 'braid-bench-'));
  const paths = { plan: join(outside, 'plan.json'), log: join(outside, 'log.jsonl'), config: join(outside, 'config') };
  await writeFile(paths.plan, JSON.stringify({ '*': { write: {}, commit: true } }));
  await writeFile(paths.log, '');
  await repo.write('README.md', '# Test\n');
  await repo.git('add', '-A');
  await repo.git('commit', '-m', 'first');
  await repo.write(`${spec}/tasks.md`, tasks);
  await repo.write(`${spec}/spec.md`, '# Feature Specification: Demo\n');
  if (options.commit !== false) {
    await repo.git('add', '-A');
    await repo.git('commit', '-m', 'spec');
  }
  const env = { PUPPET_PLAN: paths.plan, PUPPET_LOG: paths.log, BRAID_CONFIG_DIR: paths.config };
  const start = (args: readonly string[], more: Record<string, string> = {}): Going => launch(repo.dir, args, { ...env, ...more });
  const braid = (args: readonly string[], more: Record<string, string> = {}): Promise<Ended> => start(args, more).ended;
  return {
    ...repo, outside, start, braid,
    plan: (value) => writeFile(paths.plan, JSON.stringify(value)),
    log: async () => (await readFile(paths.log, 'utf8')).split('\n').filter(Boolean).map((line) => JSON.parse(line)),
    run: (args = [], more = {}) => braid(['run', spec, '--json', '--agent-command', agentCommand, ...args], more),
    gate: (name) => {
      const path = join(outside, name);
      return { path, open: () => writeFile(path, '') };
    },
    cleanup: async () => {
      await repo.cleanup();
      await rm(`${repo.dir}.worktrees`, { recursive: true, force: true });
      await rm(outside, { recursive: true, force: true });
    },
  };
}

/** Arguments of a run with the puppet, for `start`. */
export const runArgs = (...more: string[]): readonly string[] => ['run', spec, '--json', '--agent-command', agentCommand, ...more];

/** Resolves when a file exists. */
export async function appears(path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  if (existsSync(path)) return;
  await new Promise<void>((done) => {
    const watcher = watch(dirname(path), () => {
      if (!existsSync(path)) return;
      watcher.close();
      done();
    });
    if (existsSync(path)) {
      watcher.close();
      done();
    }
  });
}
