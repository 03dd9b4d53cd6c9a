/** Finds the specs of a repository. */
import { basename, dirname, join, relative, resolve } from 'node:path';
import { countSpec } from '../../../shared/counts';
import type { Dialect } from '../../../shared/domain';
import type { AppError } from '../../../shared/errors';
import { ok, type Result } from '../../../shared/result';
import { listFiles, readBounded, toSlashes } from './files';
import { candidatesOf, isArchived, isTrackPlan, isUsualName, type Candidate } from './places';
import { withRecorded, type Recorded } from './progress';
import { loadTaskFile, specName } from './read';
import { parseTrackMetadata, parseTracks } from './tracks';

/** A spec of a repository. `name` is unique there; counts are of units of dispatch. */
export interface SpecRef {
  readonly name: string;
  readonly title: string;
  readonly dialect: Dialect;
  /** Absolute. */
  readonly folder: string;
  readonly taskFiles: readonly string[];
  readonly done: number;
  readonly total: number;
  /** A finished change or track that was moved to an archive folder. */
  readonly archived: boolean;
}

const maxDepth = 7;
const maxFiles = 20_000;
const maxSpecs = 500;

/** Larger registries and metadata are not read. */
const registryLimit = 500_000;

/** Titles of tracks by id, from the registry beside their folder and from their own metadata. Registries are read once. */
class Titles {
  private readonly registries = new Map<string, Promise<ReadonlyMap<string, string>>>();

  async of(folder: string): Promise<string | null> {
    const home = dirname(dirname(folder));
    const registry = this.registries.get(home) ?? this.read(join(home, 'tracks.md'));
    this.registries.set(home, registry);
    const title = (await registry).get(basename(folder));
    if (title !== undefined) return title;
    const metadata = await readBounded(join(folder, 'metadata.json'), registryLimit);
    const described = metadata.ok ? parseTrackMetadata(metadata.value.toString('utf8'))?.description : null;
    return described ?? null;
  }

  private async read(path: string): Promise<ReadonlyMap<string, string>> {
    const text = await readBounded(path, registryLimit);
    if (!text.ok) return new Map();
    return new Map(parseTracks(text.value.toString('utf8')).flatMap((track) => (track.id === null || track.title === '' ? [] : [[track.id, track.title] as const])));
  }
}

/** What is known of a spec's tasks without boxes, by the spec's name. */
export type RecordedOf = (spec: string) => Promise<readonly Recorded[]>;

const nothingRecorded: RecordedOf = async () => [];

interface Look {
  readonly titles: Titles;
  readonly recorded: RecordedOf;
}

/** Null for a file without tasks; the error where it cannot be read as a task list. */
async function refOf(root: string, { path, needsBoxes }: Candidate, { titles, recorded }: Look): Promise<Result<SpecRef | null, AppError>> {
  const folder = join(root, dirname(path));
  const file = basename(path);
  const loaded = await loadTaskFile(folder, file);
  if (!loaded.ok) return loaded;
  if (loaded.value.tasks.length === 0 || (needsBoxes && loaded.value.readOnly)) return ok(null);
  const { dialect } = loaded.value;
  const name = specName(folder, file);
  const { tasks } = loaded.value.tasks.some((task) => task.boxless) ? withRecorded(loaded.value, await recorded(name)) : loaded.value;
  const title = (isTrackPlan(path) ? await titles.of(folder) : null) ?? loaded.value.title;
  const { done, total } = countSpec(tasks);
  return ok({
    name, title: title !== null && !/^\[.*\]$/.test(title) ? title : name, dialect, folder, taskFiles: [file],
    done, total, archived: isArchived(path),
  });
}

/** Task files of one change are one spec, whatever folders they lie in; the one beside the proposal names it. */
function joinChange(refs: SpecRef[], ref: SpecRef, { root, change, path }: { readonly root: string; readonly change: string; readonly path: string }): void {
  const folder = join(root, change);
  const file = path.slice(change.length + 1);
  const at = refs.findIndex((one) => one.folder === folder);
  const known = refs[at];
  const name = specName(folder, null);
  if (!known) {
    refs.push({ ...ref, name, folder, taskFiles: [file] });
    return;
  }
  const isMain = !file.includes('/');
  refs[at] = { ...(isMain ? ref : known), name, folder, taskFiles: isMain ? [file, ...known.taskFiles] : [...known.taskFiles, file], done: known.done + ref.done, total: known.total + ref.total };
}

function uniqueNames(root: string, refs: readonly SpecRef[]): SpecRef[] {
  const count = new Map<string, number>();
  for (const ref of refs) count.set(ref.name, (count.get(ref.name) ?? 0) + 1);
  return refs.map((ref) => (count.get(ref.name) === 1 ? ref : { ...ref, name: pathName(root, ref) }));
}

function pathName(root: string, ref: SpecRef): string {
  const folder = toSlashes(relative(root, ref.folder));
  const file = ref.taskFiles[0] ?? '';
  return /^(?:tasks|plan)\.\w+$/.test(file) ? folder || '.' : folder === '' ? file : `${folder}/${file}`;
}

/** A candidate that cannot be read as a task list: nothing to offer, but its name should say why. */
export type Refused = Pick<SpecRef, 'name' | 'title' | 'folder' | 'taskFiles' | 'archived'>;

function refusedRef(root: string, { path, change }: Candidate): Refused {
  const folder = join(root, change ?? dirname(path));
  const name = specName(folder, change === null ? basename(path) : null);
  return { name, title: name, folder, taskFiles: [change === null ? basename(path) : path.slice(change.length + 1)], archived: isArchived(path) };
}

/** Specs of a repository, and the files that would be some if they could be read. */
export async function surveySpecs(repoRoot: string, recorded: RecordedOf = nothingRecorded): Promise<{ readonly specs: readonly SpecRef[]; readonly refused: readonly Refused[] }> {
  const root = resolve(repoRoot);
  const paths = await listFiles(root, { depth: maxDepth, limit: maxFiles, wanted: (name) => /\.(?:md|ya?ml)$/i.test(name) });
  const refs: SpecRef[] = [];
  const refused: Refused[] = [];
  const look = { titles: new Titles(), recorded };
  for (const candidate of await candidatesOf(paths, (path) => join(root, path))) {
    if (refs.length >= maxSpecs) break;
    const { path, change } = candidate;
    const read = await refOf(root, candidate, look);
    const ref = read.ok ? read.value : null;
    if (!read.ok) refused.push(refusedRef(root, candidate));
    // `tasks.yaml` beside `tasks.md` is the same spec, and the one that is read.
    const before = refs.at(-1);
    if (ref && before?.folder === ref.folder && isUsualName(path) && before.taskFiles[0] === 'tasks.md') refs.pop();
    if (ref && change !== null) joinChange(refs, ref, { root, change, path });
    else if (ref) refs.push(ref);
  }
  return { specs: uniqueNames(root, [...refs.filter((ref) => !ref.archived), ...refs.filter((ref) => ref.archived)]), refused };
}

/** Every spec of a repository by its usual places, open ones first, in order of their paths, done tasks as file and record say. Unreadable folders are passed over. */
export const locateSpecs = async (repoRoot: string, recorded: RecordedOf = nothingRecorded): Promise<readonly SpecRef[]> => (await surveySpecs(repoRoot, recorded)).specs;
