/** Finds the specs of a repository, and the one that a name on the command line means. */
import { lstat } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { countSpec } from '../../../shared/counts';
import type { Dialect } from '../../../shared/domain';
import type { AppError } from '../../../shared/errors';
import { err, ok, type Result } from '../../../shared/result';
import { isInside, listFiles, readBounded, toSlashes } from './files';
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
/** Folders of prompts, templates and test data: what looks like a task file there is none. */
const neverSpecs = /(?:^|\/)(?:templates?|commands?|command-templates|prompts?|fixtures?|__fixtures__|presets?|extensions|missions|skills|checklists|overrides|testdata|test-data|snapshots|\.claude|\.cursor|\.github|\.gemini|\.qwen|\.windsurf|\.opencode|\.roo|\.vscode|\.idea)(?:\/|$)|\.worktrees(?:\/|$)/;
const taskFile = /(?:^|\/)tasks\.(?:md|ya?ml)$/;
const changeTasks = /^((?:.*\/)?openspec\/changes\/(?:archive\/)?(?!archive\/)[^/]+)\/(?:.+\/)?tasks\.md$/;
const trackPlan = /(?:^|\/)\.?(?:conductor|maestro)\/(?:tracks|archive)\/[^/]+\/plan\.md$/;
const singleFile = /(?:^|\/)superpowers\/plans\/(?:[^/]+|[^/]+\/plan)\.md$|(?:^|\/)Auto Run Docs\/.+\.md$|(?:^|\/)\.maestro\/playbooks\/.+\.md$/;

function isCandidate(path: string): boolean {
  if (singleFile.test(path)) return !/(?:^|\/)(?:templates?|fixtures?)\//.test(path);
  if (!taskFile.test(path) && !trackPlan.test(path)) return false;
  const folder = dirname(path);
  // `.github` and its like are excluded as parents; `.specify`, `.kiro`, `.maestro` and `.claude/specs` are where specs live.
  return !neverSpecs.test(folder.replace(/^\.claude\/specs\//, 'specs/')) && folder !== '.specify' && folder !== '.';
}

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

async function refOf(root: string, path: string, { titles, recorded }: { readonly titles: Titles; readonly recorded: RecordedOf }): Promise<SpecRef | null> {
  const folder = join(root, dirname(path));
  const file = basename(path);
  const loaded = await loadTaskFile(folder, file);
  if (!loaded.ok || loaded.value.tasks.length === 0) return null;
  const { dialect } = loaded.value;
  const name = specName(folder, file);
  const { tasks } = loaded.value.tasks.some((task) => task.boxless) ? withRecorded(loaded.value, await recorded(name)) : loaded.value;
  const title = (trackPlan.test(path) ? await titles.of(folder) : null) ?? loaded.value.title;
  const { done, total } = countSpec(tasks);
  return {
    name, title: title !== null && !/^\[.*\]$/.test(title) ? title : name, dialect, folder, taskFiles: [file],
    done, total, archived: /(?:^|\/)archive\//.test(path),
  };
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
  return /^(?:tasks|plan)\.\w+$/.test(file) ? folder : `${folder}/${file}`;
}

/** Every spec of a repository by its usual places, open ones first, in order of their paths, done tasks as file and record say. Unreadable folders are passed over. */
export async function locateSpecs(repoRoot: string, recorded: RecordedOf = nothingRecorded): Promise<SpecRef[]> {
  const root = resolve(repoRoot);
  const paths = await listFiles(root, { depth: maxDepth, limit: maxFiles, wanted: (name) => /\.(?:md|ya?ml)$/i.test(name) });
  const refs: SpecRef[] = [];
  const titles = new Titles();
  for (const path of paths.filter(isCandidate)) {
    if (refs.length >= maxSpecs) break;
    const ref = await refOf(root, path, { titles, recorded });
    // `tasks.yaml` beside `tasks.md` is the same spec, and the one that is read.
    if (ref && refs.at(-1)?.folder === ref.folder && !refs.at(-1)?.taskFiles[0]?.includes('/') && taskFile.test(path)) refs.pop();
    const change = changeTasks.exec(path)?.[1];
    if (ref && change !== undefined) joinChange(refs, ref, { root, change, path });
    else if (ref) refs.push(ref);
  }
  return uniqueNames(root, [...refs.filter((ref) => !ref.archived), ...refs.filter((ref) => ref.archived)]);
}

type Place = { readonly folder: string; readonly file: string | null };

const placeOf = (ref: SpecRef): Place => ({ folder: ref.folder, file: /(?:^|\/)tasks\.\w+$/.test(ref.taskFiles[0] ?? '') ? null : ref.taskFiles[0] ?? null });

/** Rules in order; the first that fits exactly one spec decides. Words are compared whole before parts of words. */
function matching(refs: readonly SpecRef[], name: string, root: string): readonly SpecRef[] {
  const wanted = name.toLowerCase();
  const words = (text: string): string => `-${text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '-')}-`;
  const rules: readonly ((ref: SpecRef) => boolean)[] = [
    (ref) => ref.name === name || toSlashes(relative(root, ref.folder)) === name,
    (ref) => ref.name.toLowerCase() === wanted || basename(ref.folder).toLowerCase() === wanted,
    (ref) => words(ref.name).startsWith(words(name)),
    (ref) => words(ref.name).includes(words(name)),
    (ref) => ref.name.toLowerCase().startsWith(wanted),
    (ref) => ref.name.toLowerCase().includes(wanted) || ref.title.toLowerCase() === wanted,
    (ref) => ref.title.toLowerCase().includes(wanted),
  ];
  for (const rule of rules) {
    const found = refs.filter(rule);
    const open = found.filter((ref) => !ref.archived);
    if (open.length === 1) return open;
    if (found.length > 0) return found;
  }
  return [];
}

/**
 * Folder (and file) of a spec given as a path or as a name that is unique in the repository: exact, then by whole words,
 * then by part. Errors: `spec/not-found` with the names that are known, or that fit when several do.
 */
export async function resolveSpec(ref: string, options: { readonly cwd: string; readonly repo: string | null }): Promise<Result<Place, AppError>> {
  const path = resolve(options.cwd, ref);
  const stat = ref === '' ? null : await lstat(path).catch(() => null);
  if (stat?.isFile()) return ok({ folder: dirname(path), file: basename(path) });
  if (stat && (stat.isDirectory() || stat.isSymbolicLink())) return ok({ folder: path, file: null });
  const root = resolve(options.repo ?? options.cwd);
  const inRepo = ref === '' || !isInside(root, resolve(root, ref)) ? null : await lstat(resolve(root, ref)).catch(() => null);
  if (inRepo?.isFile()) return ok({ folder: dirname(resolve(root, ref)), file: basename(ref) });
  if (inRepo?.isDirectory()) return ok({ folder: resolve(root, ref), file: null });
  const refs = await locateSpecs(root);
  const found = ref === '' ? [] : matching(refs, ref, root);
  const only = found.length === 1 ? found[0] : undefined;
  // A change without tasks is no spec yet, but it is what the name means; reading it says what is missing.
  const change = found.length === 0 && /^[\w.-]*\w$/.test(ref) ? join(root, 'openspec', 'changes', ref) : null;
  if (change !== null && (await lstat(change).catch(() => null))?.isDirectory()) return ok({ folder: change, file: null });
  return only ? ok(placeOf(only)) : err({ kind: 'spec/not-found', path: ref, known: (found.length > 1 ? found : refs).map((one) => one.name) });
}
