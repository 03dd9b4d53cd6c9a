/** Starts the built application the way a person does, each time with folders of its own. */
import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { _electron, expect, test as base, type ElectronApplication, type Page, type TestInfo } from '@playwright/test';
import { createTempRepo, type TempRepo } from '../test/temp-repo';

const root = process.env['BRAID_APP'] ?? join(__dirname, '..');
const artifacts = join(root, 'artifacts');

export interface Braid {
  readonly app: ElectronApplication;
  readonly page: Page;
  /** The folder dialog will answer with this path from now on; null stands for Cancel. */
  answerFolder(path: string | null): Promise<void>;
  /** Starts Braid once more for the same person; resolves with the exit code of that second start. */
  startAgain(args: readonly string[]): Promise<number | null>;
}

export interface Launch {
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

interface Fixtures {
  /** Starts Braid; it is closed after the test, whatever happened. */
  launch(options?: Launch): Promise<Braid>;
  /** A folder that is removed after the test. */
  scratch: string;
  /** A repository with a committed spec-kit feature in `specs/001-greeting`. */
  repo: TempRepo;
}

/** The binary that `require('electron')` names outside Electron. */
function electronPath(): string {
  const path: unknown = createRequire(join(root, 'package.json'))('electron');
  if (typeof path !== 'string') throw new Error('Internal error: the electron package did not name its binary');
  return path;
}

async function start(scratch: string, { args = [], env = {} }: Launch): Promise<Braid> {
  const own = await mkdtemp(join(scratch, 'braid-'));
  const switches = ['--no-sandbox', root, '--user-data-dir', join(own, 'user-data')];
  const environment = { ...inherited(), BRAID_CONFIG_DIR: join(own, 'config'), ...env };
  const app = await _electron.launch({ executablePath: electronPath(), args: [...switches, ...args], cwd: scratch, env: environment });
  app.process().stderr?.on('data', (chunk: Buffer) => process.stderr.write(withoutChromium(chunk.toString())));
  const page = await app.firstWindow();
  return {
    app, page,
    startAgain: (more) => new Promise((done, fail) => {
      const second = spawn(electronPath(), [...switches, ...more], { cwd: scratch, env: environment, stdio: 'ignore' });
      second.once('error', fail);
      second.once('exit', done);
    }),
    answerFolder: (path) => app.evaluate(({ dialog }, answer) => {
      dialog.showOpenDialog = () => Promise.resolve({ canceled: answer === null, filePaths: answer === null ? [] : [answer] });
    }, path),
  };
}

/** What Braid itself says; Chromium's own lines (`[4650:1121/062527.530155:ERROR:bus.cc(399)] ...`) and the debugger's are left out. */
const withoutChromium = (text: string): string =>
  text.split(/(?<=\n)/).filter((line) => !/^\[\d+:\d+\/|^Debugger |^For help, see: |^Waiting for the debugger/.test(line)).join('');

/** The environment without what would make Electron behave as Node, or Braid as the agent of another run. */
function inherited(): Record<string, string> {
  const env: Record<string, string> = {};
  for (const [name, value] of Object.entries(process.env)) {
    if (value !== undefined && !name.startsWith('BRAID_') && name !== 'ELECTRON_RUN_AS_NODE') env[name] = value;
  }
  return env;
}

const TASKS = `# Tasks: Greeting

## Phase 1: Setup

- [ ] T001 [P] Write the English greeting in made/T001.txt
- [ ] T002 [P] Write the French greeting in made/T002.txt

## Phase 2: Polish

- [ ] T003 Write the list of greetings in made/T003.txt
`;

async function greetingRepo(): Promise<TempRepo> {
  const repo = await createTempRepo({ name: 'greetings' });
  await repo.write('README.md', '# Greetings\n');
  await repo.write('specs/001-greeting/spec.md', '# Feature Specification: Greeting\n\nA person is greeted in two languages.\n');
  await repo.write('specs/001-greeting/tasks.md', TASKS);
  await repo.git('add', '--all');
  await repo.git('commit', '-q', '-m', 'Plan the greeting');
  return repo;
}

export const test = base.extend<Fixtures>({
  scratch: async ({ browserName: _unused }, use) => {
    const folder = await realpath(await mkdtemp(join(tmpdir(), 'braid-e2e-')));
    await use(folder);
    await rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  },
  repo: async ({ browserName: _unused }, use) => {
    const repo = await greetingRepo();
    await use(repo);
    await repo.cleanup();
  },
  launch: async ({ scratch }, use) => {
    const running: { readonly app: ElectronApplication; readonly ended: () => boolean }[] = [];
    await use(async (options = {}) => {
      const braid = await start(scratch, options);
      const main = braid.app.process();
      running.push({ app: braid.app, ended: () => main.exitCode !== null || main.signalCode !== null });
      return braid;
    });
    for (const { app, ended } of running) {
      if (ended()) continue;
      // A run may still be going when a test failed: the close question is answered with "Stop and quit".
      await app.evaluate(({ dialog }) => {
        dialog.showMessageBox = () => Promise.resolve({ response: 0, checkboxChecked: false });
      });
      await app.close();
    }
  },
});

export { expect };

/** Shows the window light and dark at 1280x800 and 900x600 and calls `look` for each; it ends light and large. */
export async function inEachLook({ app, page }: Pick<Braid, 'app' | 'page'>, look: (name: string) => Promise<void>): Promise<void> {
  for (const [width, height] of [[900, 600], [1280, 800]] as const) {
    await app.evaluate(({ BrowserWindow }, size) => { BrowserWindow.getAllWindows()[0]?.setContentSize(size.width, size.height); }, { width, height });
    await expect.poll(() => page.evaluate('innerWidth + "x" + innerHeight')).toBe(`${width}x${height}`);
    for (const colorScheme of ['dark', 'light'] as const) {
      await page.emulateMedia({ colorScheme });
      await look(`${width}-${colorScheme}`);
    }
  }
}

/** Keeps a screenshot of a step, in the report and in artifacts/. */
export async function shot(page: Page, info: TestInfo, name: string): Promise<void> {
  const path = join(artifacts, `${info.titlePath.slice(1).join(' ').replace(/[^\w]+/g, '-')}-${name}.png`.toLowerCase());
  await mkdir(dirname(path), { recursive: true });
  const body = await page.screenshot({ animations: 'disabled' });
  await writeFile(path, body);
  await info.attach(name, { path, contentType: 'image/png' });
}

/** A gate for `gated-agent.mjs`: agents wait until `open` is called. */
export async function createGate(scratch: string): Promise<{ readonly env: Record<string, string>; readonly command: string; open(): Promise<void> }> {
  const folder = join(scratch, 'gate');
  await mkdir(folder);
  return {
    env: { E2E_GATE: folder },
    command: `"${process.execPath}" "${join(__dirname, 'gated-agent.mjs')}" {{PROMPT_FILE}}`,
    open: () => writeFile(join(folder, 'open'), ''),
  };
}
