/** Each command of the contract, by the core. Knows no Electron. */
import { join } from 'node:path';
import type { AppError } from '../shared/errors';
import type { Handlers, Snapshot } from '../shared/ipc';
import { err, ok, type Result } from '../shared/result';
import type { App, AppOptions } from './app-types';
import { createSample } from './core/run/sample';
import { commitSpec } from './core/run/prepare';
import { outputReader } from './core/run/output-reader';
import { livingRun } from './core/run/living';
import { hostGrace, hostLaunch, type Site } from './core/run/site';
import { resetStale, staleTasks } from './core/run/stale';
import { readDocument } from './core/spec/read';
import { openRepository } from './core/git/repository';
import { loadRuns } from './core/state/run-folder';
import { SettingsStore } from './core/state/settings';
import { Terminals } from './core/terminals/terminals';
import { cleanupHandlers } from './cleanup-handlers';
import { lookAround, openSpec, prepared, type Desk } from './desk';
import { createPresence, isUnattended } from './presence';
import { Published } from './published';
import { RunDesk } from './run-desk';
import { fromTimeToTime } from './run-watch';
import { runHandlers } from './run-handlers';
import { Workspace } from './workspace';

const done = ok(null);

async function openSample(desk: Desk): Promise<Result<null, AppError>> {
  const sample = await createSample(desk.options.resources);
  if (!sample.ok) return sample;
  const opened = await openSpec(desk, sample.value.spec, null);
  if (opened.ok) await desk.workspace.setOptions({ agent: 'demo' });
  return opened;
}

function appHandlers(desk: Desk): Pick<Handlers, 'app.snapshot' | 'app.theme' | 'app.ui' | 'app.notify' | 'app.openSample' | 'app.forgetRecent' | 'agents.detect' | 'options.set' | 'plan.override'> {
  const { site, workspace } = desk;
  return {
    'app.snapshot': async () => ok(desk.published.whole(desk.snapshot())),
    'app.theme': async ({ theme }) => {
      const saved = await site.settings.update((settings) => ({ ...settings, theme }));
      desk.changed();
      return saved;
    },
    'app.ui': (change) => site.settings.update((settings) => ({ ...settings, ui: { ...settings.ui, ...withoutUndefined(change) } })),
    'app.notify': async (change) => {
      const saved = await site.settings.update((settings) => ({ ...settings, notify: { ...settings.notify, ...withoutUndefined(change) } }));
      desk.changed();
      return saved;
    },
    'app.openSample': () => openSample(desk),
    'app.forgetRecent': async ({ folder }) => {
      const saved = await site.settings.update((settings) => ({ ...settings, recent: settings.recent.filter((entry) => entry.folder !== folder) }));
      desk.changed();
      return saved;
    },
    'plan.override': (change) => workspace.override(change),
    'agents.detect': async () => ok(await workspace.detect()),
    'options.set': async (change) => {
      await workspace.setOptions(withoutUndefined(change));
      return done;
    },
  };
}

/** An optional key of a parsed message is absent and never undefined. */
function withoutUndefined<T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  // Object.fromEntries forgets the keys' types; filtering adds none.
  return Object.fromEntries(Object.entries(value).filter(([, entry]) => entry !== undefined)) as { [K in keyof T]: Exclude<T[K], undefined> };
}

function specHandlers(desk: Desk): Pick<Handlers, 'spec.choose' | 'spec.open' | 'spec.reload' | 'spec.document' | 'spec.edit' | 'spec.commit' | 'spec.reset'> {
  const { workspace, options, site } = desk;
  return {
    'spec.choose': async () => {
      const folder = await options.dialogs.chooseFolder();
      if (folder === null) return ok(false);
      const opened = await openSpec(desk, folder, null);
      return opened.ok ? ok(true) : opened;
    },
    'spec.open': ({ path, file }) => openSpec(desk, path, file),
    'spec.reload': async () => {
      await workspace.refresh();
      return done;
    },
    'spec.document': async ({ path }) => {
      if (!workspace.spec) return err({ kind: 'spec/not-found', path, known: [] });
      const text = await readDocument(workspace.spec.folder, path);
      return text.ok ? ok({ path, text: text.value }) : text;
    },
    'spec.edit': async ({ path }) => {
      if (!workspace.spec) return err({ kind: 'spec/not-found', path, known: [] });
      // Reading it checks that the path stays inside the spec's folder.
      const text = await readDocument(workspace.spec.folder, path);
      return text.ok ? options.dialogs.openPath(join(workspace.spec.folder, path), 'editor', site.settings.get().editor) : text;
    },
    'spec.commit': async () => {
      const preparation = await prepared(desk);
      if (!preparation.ok) return preparation;
      const committed = await commitSpec(preparation.value);
      await workspace.refresh();
      return committed.ok ? done : committed;
    },
    'spec.reset': ({ tasks }) => resetMarks(desk, tasks),
  };
}

async function resetMarks({ workspace }: Desk, tasks: readonly string[]): Promise<Result<null, AppError>> {
  const { spec, repo } = workspace;
  if (!spec) return err({ kind: 'spec/not-found', path: '', known: [] });
  const reset = await resetStale(spec, (await staleTasks(repo, spec)).filter(({ id }) => tasks.includes(id)));
  await workspace.refresh();
  return reset;
}

function terminalHandlers({ site, runs }: Desk): Pick<Handlers, 'terminal.attach' | 'terminal.detach' | 'terminal.ack' | 'terminal.write' | 'terminal.resize'> {
  const { terminals } = site;
  return {
    'terminal.attach': async ({ terminal }) => {
      const live = await terminals.attach(terminal);
      if (live) return ok(live);
      const recalled = await runs.recall(terminal);
      return recalled.ok ? ok(await terminals.attach(terminal)) : recalled;
    },
    'terminal.detach': async ({ terminal }) => {
      terminals.detach(terminal);
      return done;
    },
    'terminal.ack': async ({ terminal, seq }) => {
      terminals.ack(terminal, seq);
      return done;
    },
    'terminal.write': async ({ terminal, data }) => {
      terminals.write(terminal, data);
      return done;
    },
    'terminal.resize': async ({ terminal, cols, rows }) => {
      terminals.resize(terminal, cols, rows);
      return done;
    },
  };
}

function mergeHandlers({ runs, workspace }: Desk): Pick<Handlers, 'merge.report' | 'merge.diff' | 'merge.land' | 'merge.rollback' | 'merge.abort'> {
  const afterwards = async <T>(result: Promise<Result<T, AppError>>): Promise<Result<T, AppError>> => {
    const value = await result;
    await workspace.refresh();
    return value;
  };
  return {
    'merge.report': ({ run }) => runs.report(run),
    'merge.diff': ({ run, path }) => runs.diff(run, path),
    'merge.land': ({ run }) => afterwards(runs.land(run)),
    'merge.rollback': ({ run }) => afterwards(runs.rollback(run)),
    'merge.abort': ({ run }) => afterwards(runs.abandon(run)),
  };
}

function snapshotOf({ options, site, workspace, runs }: Omit<Desk, 'snapshot' | 'changed' | 'published'>): Snapshot {
  const { repo, spec, plan } = workspace;
  const settings = site.settings.get();
  return {
    version: options.version, platform: process.platform, gitVersion: workspace.gitVersion, theme: settings.theme,
    repo: repo ? { root: repo.root, name: repo.name, branch: repo.branch, commit: repo.head } : null,
    specs: workspace.specs, spec, plan, overrides: workspace.overrides, gates: spec?.gates ?? [],
    diagnostics: [...(spec?.diagnostics ?? []), ...(plan?.diagnostics ?? [])],
    readiness: workspace.readiness, options: workspace.options, agents: workspace.agents,
    runs: runs.list(), currentRun: runs.selected, liveRun: runs.liveRun(), elsewhere: runs.elsewhere(spec?.folder ?? null), resumeOffer: runs.offer,
    recent: settings.recent, notify: settings.notify, ui: settings.ui, problem: workspace.problem,
  };
}

/** Where a run is at work that lost its Braid: its spec is what the person wants to see first. */
async function openLiving(desk: Desk): Promise<void> {
  for (const root of new Set(desk.site.settings.get().recent.map(({ repo }) => repo))) {
    const repo = await openRepository(root);
    const runs = repo.ok ? await loadRuns(repo.value.commonDir, 5) : [];
    const living = repo.ok ? await livingRun(repo.value.commonDir, runs) : null;
    const run = runs.find(({ id }) => id === living);
    if (run && desk.workspace.spec === null) return void await openSpec(desk, run.specFolder, null);
  }
}

/** Opens what the command line asked for; nothing asked for is the start screen. */
async function openAsked(desk: Desk): Promise<void> {
  const { sample, spec, repo, agentCommand } = desk.options.argv;
  if (agentCommand !== null) await desk.workspace.giveAgent(agentCommand);
  if (sample) await openSample(desk);
  else if (spec !== null || repo !== null) await openSpec(desk, spec ?? repo ?? '', null);
  else await openLiving(desk);
}

/** Builds the application: everything but Electron. Resolves when the window may ask for its first snapshot. */
export async function createApp(options: AppOptions): Promise<App> {
  const settings = await SettingsStore.open(options.configDir);
  const site: Site = {
    terminals: new Terminals({ reader: outputReader, host: hostLaunch({ settings, env: process.env, execPath: options.execPath, script: options.hostScript }) }),
    settings, env: process.env, execPath: options.execPath,
    demoScript: join(options.resources, 'demo-agent.cjs'), now: () => new Date(), random: Math.random,
  };
  const published = new Published(options.publish);
  options.onTheme(settings.get().theme);
  let pending = false;
  const changed = (): void => {
    if (pending) return;
    pending = true;
    setImmediate(() => {
      pending = false;
      const snapshot = desk.snapshot();
      options.onTheme(snapshot.theme);
      published.state(snapshot);
    });
  };
  const workspace = new Workspace(site, () => {
    changed();
    runs.look();
  }, () => runs.reload());
  const presence = createPresence(options.attention, { wishes: () => settings.get().notify, quiet: isUnattended(site.env) });
  const runs = new RunDesk(site, (event, run) => {
    published.run(event);
    if (run !== null) presence.follow(run, event);
    if (event.type === 'run.landed' || event.type === 'run.rolled-back' || event.type === 'run.abandoned') changed();
  }, (failure) => {
    presence.ended();
    void workspace.runEnded(failure);
  });
  const desk: Desk = { options, site, workspace, runs, published, changed, snapshot: () => snapshotOf(desk) };
  const unsubscribe = site.terminals.subscribe(options.publish);
  await workspace.begin();
  await openAsked(desk);
  const unwatch = fromTimeToTime(() => lookAround(desk));
  return {
    handlers: { ...appHandlers(desk), ...specHandlers(desk), ...runHandlers(desk), ...cleanupHandlers(desk), ...terminalHandlers(desk), ...mergeHandlers(desk) },
    liveRun: () => runs.liveRun(),
    outlives: async () => ({ can: await runs.outlives(), minutes: Math.round(hostGrace(site) / 60) }),
    leaveAll: () => runs.leaveAll(),
    stopAll: () => runs.stopAll(),
    openPath: async (path) => void await openSpec(desk, path, null),
    dispose: async () => {
      unwatch();
      unsubscribe();
      await workspace.close();
      await site.terminals.dispose();
    },
  };
}
