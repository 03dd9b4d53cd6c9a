/** What the handlers of the contract share: the parts of the application, and the two things that most of them begin with. */
import type { AppError } from '../shared/errors';
import type { Snapshot } from '../shared/ipc';
import type { RunOptions } from '../shared/options';
import { err, type Result } from '../shared/result';
import type { AppOptions } from './app-types';
import { prepareRun, type Preparation } from './core/run/prepare';
import type { Site } from './core/run/site';
import type { Published } from './published';
import type { RunDesk } from './run-desk';
import type { Workspace } from './workspace';

export interface Desk {
  readonly options: AppOptions;
  readonly site: Site;
  readonly workspace: Workspace;
  readonly runs: RunDesk;
  readonly published: Published;
  /** Tells the window the whole state, once for all changes of one turn. */
  changed(): void;
  snapshot(): Snapshot;
}

/** Everything that a run of the open spec needs, with `change` laid over the options. Errors: spec/not-found, git/not-a-repository, as `prepareRun`. */
export async function prepared(desk: Desk, change: Partial<RunOptions> = {}): Promise<Result<Preparation, AppError>> {
  const { repo, spec, options } = desk.workspace;
  if (!spec) return err(desk.workspace.problem ?? { kind: 'spec/not-found', path: '', known: [] });
  if (!repo) return err({ kind: 'git/not-a-repository', path: spec.folder });
  return prepareRun(desk.site, { repo, spec, options: { ...options, ...change } });
}

/** Opens a spec as a person does: its repository's runs are read, and the one that matters for it is looked at. A failure stays visible as `problem`. */
export async function openSpec(desk: Desk, path: string, file: string | null): Promise<Result<null, AppError>> {
  const opened = await desk.workspace.open(path, file);
  await desk.runs.openRepository(desk.workspace.repo);
  await desk.runs.takeUp();
  desk.runs.lookAt(desk.workspace.spec?.folder ?? null);
  desk.changed();
  return opened;
}

/**
 * Looks at what other Braids do in the repository: a run of the open spec that one of them drives is shown as it goes on; one that lost its
 * Braid is taken up where its agents live, and asked about where they do not.
 */
export async function lookAround({ runs, workspace, changed }: Desk): Promise<void> {
  const isNews = await runs.lookAround();
  if (isNews) await runs.takeUp();
  // Asked of now, not of what this look found: the run may have been read, or the spec opened, by other hands meanwhile.
  const folder = workspace.spec?.folder ?? null;
  const isMet = (runs.elsewhere(folder)?.run ?? null) === runs.met;
  if (!isMet) runs.lookAt(folder);
  if (isMet && !isNews) return;
  changed();
}
