import { watch } from 'node:fs';
import { mkdir, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/** One line of the puppets' log. */
export interface PuppetLine {
  readonly event: 'start' | 'end' | 'grandchild' | 'signalled';
  readonly task: string;
  readonly pid: number;
  readonly at: string;
  readonly lane?: string;
  readonly attempt?: number;
  readonly exit?: number;
  readonly signal?: string;
}

/** The strings of puppet agents: what they shall do, and what they did. */
export interface Puppets {
  /** A folder of its own for flags and logs. */
  readonly dir: string;
  readonly script: string;
  /** Command line for `--agent-command`. */
  readonly command: string;
  /** To be merged into the environment of whatever starts puppets. */
  readonly env: Readonly<Record<string, string>>;
  /** Sets the behaviour by task id or `*`; fields as in puppet-agent.mjs. */
  plan(plan: Readonly<Record<string, unknown>>): Promise<void>;
  lines(): Promise<PuppetLine[]>;
  /** Resolves with the first line that fits, as soon as it is there. */
  waitFor(fits: (line: PuppetLine) => boolean): Promise<PuppetLine>;
  /** Path for `until` in a plan. */
  flag(name: string): string;
  /** Lets puppets go on that wait for this flag. */
  release(name: string): Promise<void>;
  cleanup(): Promise<void>;
}

const script = resolve(__dirname, 'puppet-agent.mjs');

/** Puppets with a plan and a log of their own, in a temporary folder. */
export async function createPuppets(): Promise<Puppets> {
  const dir = await realpath(await mkdtemp(join(tmpdir(), 'braid-puppets-')));
  const log = join(dir, 'log.jsonl');
  const plan = join(dir, 'plan.json');
  await writeFile(log, '');
  await mkdir(join(dir, 'flags'));
  const lines = async (): Promise<PuppetLine[]> =>
    // The puppets write these lines themselves, in this shape.
    (await readFile(log, 'utf8')).split('\n').filter(Boolean).map((line) => JSON.parse(line) as PuppetLine);
  const flag = (name: string): string => join(dir, 'flags', name);
  return {
    dir,
    script,
    command: `"${process.execPath}" "${script}"`,
    env: { PUPPET_LOG: log, PUPPET_PLAN: plan },
    plan: (behaviour) => writeFile(plan, JSON.stringify(behaviour)),
    lines,
    waitFor: (fits) => new Promise((found, failed) => {
      const watcher = watch(log, () => void look());
      const look = async (): Promise<void> => {
        const line = (await lines()).find(fits);
        if (!line) return;
        watcher.close();
        found(line);
      };
      look().catch(failed);
    }),
    flag,
    release: (name) => writeFile(flag(name), ''),
    cleanup: () => rm(dir, { recursive: true, force: true }),
  };
}
