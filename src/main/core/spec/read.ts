/** A spec folder from disk: which files hold the tasks, and everything in it as one `Spec`. */
import { lstat, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve } from 'node:path';
import type { Diagnostic, Dialect, Phase, Spec, Task } from '../../../shared/domain';
import type { AppError } from '../../../shared/errors';
import { err, ok, type Result } from '../../../shared/result';
import { relatedChanges } from './change-folder';
import { trackedBySchema } from './change-schema';
import { checklistGates, documentLimit, listDocuments, type FoundDocument } from './documents';
import { ioError, isInside, readBounded, resolveInside, toSlashes } from './files';
import { parseFoundFile } from './parse';
import type { ParsedFile } from './parse-markdown';

const taskFileLimit = 20_000_000;
const prose = /^(?:readme|changelog|contributing|spec|research|data-model|quickstart|proposal|design|requirements)\.md$/i;

interface Loaded extends ParsedFile {
  readonly file: string;
  readonly dialect: Dialect;
}

const placeOf = (folder: string, file: string): string => toSlashes(join(folder, file));

/** Reads and parses one task file; `placeName` is its path as far as it is known, for the dialect. */
export async function loadTaskFile(folder: string, file: string): Promise<Result<Loaded, AppError>> {
  const path = await resolveInside(folder, file);
  if (!path.ok) return path;
  const read = await readBounded(path.value, taskFileLimit);
  if (!read.ok) return read;
  return accepted(folder, { ...parseFoundFile(read.value.toString('utf8'), { file, place: placeOf(folder, file) }), file });
}

function accepted(folder: string, loaded: Loaded): Result<Loaded, AppError> {
  const refused = loaded.diagnostics.find((one) => one.code === 'not-a-task-list');
  return refused ? err({ kind: 'spec/invalid', path: join(folder, loaded.file), detail: refused.message }) : ok(loaded);
}

/** What listing the documents has parsed already is not parsed again. */
function loadListed(folder: string, documents: readonly FoundDocument[], file: string): Promise<Result<Loaded, AppError>> | Result<Loaded, AppError> {
  const parsed = documents.find((document) => document.path === file)?.parsed;
  return parsed ? accepted(folder, { ...parsed, file }) : loadTaskFile(folder, file);
}

async function exists(path: string): Promise<boolean> {
  return lstat(path).then(() => true, () => false);
}

/** The files that hold the tasks, by the conventions of the dialects; several candidates are an error that names them. */
async function chooseFiles(folder: string, documents: readonly FoundDocument[]): Promise<Result<readonly string[], AppError>> {
  const isChange = /(?:^|\/)changes\//.test(toSlashes(folder));
  const tracked = isChange ? filesOfSchema(documents, await trackedBySchema(folder)) : [];
  if (tracked.length > 0) return ok(tracked);
  for (const name of ['tasks.yaml', 'tasks.yml', 'tasks.md']) {
    if (!await exists(join(folder, name))) continue;
    // `generates` and `apply.tracks` of a change may be a glob: all of its task files are read.
    const more = isChange && name === 'tasks.md' ? documents.filter((document) => document.tasks > 0 && document.path.includes('/') && basename(document.path) === name) : [];
    return ok([name, ...more.map((document) => document.path)]);
  }
  const withTasks = documents.filter((document) => document.tasks > 0 && !document.path.startsWith('checklists/'));
  const here = withTasks.filter((document) => !document.path.includes('/'));
  const plan = here.find((document) => document.path === 'plan.md');
  if (plan) return ok(['plan.md']);
  const candidates = here.filter((document) => !prose.test(document.path));
  if (candidates.length > 1) return err({ kind: 'spec/choose-file', path: folder, files: candidates.map((document) => document.path) });
  const only = candidates[0] ?? here[0];
  if (only) return ok([only.path]);
  const nested = withTasks.filter((document) => basename(document.path) === 'tasks.md');
  if (nested.length > 0 && isChange) return ok(nested.map((document) => document.path));
  if (nested.length > 0) return err({ kind: 'spec/choose-file', path: folder, files: nested.map((document) => document.path) });
  return fallbackFile(folder, documents);
}

/** Files that the project's own schema names, those in the change's own folder first; one without tasks only where none has any. */
function filesOfSchema(documents: readonly FoundDocument[], isTracked: ((path: string) => boolean) | null): readonly string[] {
  const named = isTracked === null ? [] : documents.filter(({ path }) => isTracked(path));
  const telling = named.filter(({ tasks, text }) => tasks > 0 || text === null);
  const depth = (path: string): number => path.split('/').length;
  return (telling.length > 0 ? telling : named.slice(0, 1)).map(({ path }) => path).sort((a, b) => depth(a) - depth(b));
}

/** Files whose tasks have no boxes count only when nothing better is there. */
async function fallbackFile(folder: string, documents: readonly FoundDocument[]): Promise<Result<readonly string[], AppError>> {
  for (const document of documents) {
    if (document.path.includes('/') || prose.test(document.path)) continue;
    const loaded = await loadListed(folder, documents, document.path);
    if (loaded.ok && loaded.value.tasks.length > 0) return ok([document.path]);
  }
  return ok([]);
}

const stemOf = (file: string): string => file.replace(/\.\w+$/, '').replace(/[^\w.-]+/g, '-');

/** Phase indexes and ids of several files made unique; ids that repeat across files get the file's name before them. */
function merge(files: readonly Loaded[]): Pick<Spec, 'phases' | 'tasks' | 'gates' | 'prose' | 'diagnostics'> {
  const phases: Phase[] = [];
  const tasks: Task[] = [];
  const seen = new Set<string>();
  const allProse: Spec['prose'][number][] = [];
  for (const file of files) {
    const offset = phases.length === 0 ? 0 : Math.max(...phases.map((phase) => phase.index)) + 1;
    const moved = (phase: Phase): Phase => ({ ...phase, index: phase.index + offset });
    phases.push(...file.phases.map(moved));
    const rename = (id: string): string => (files.length > 1 && id.startsWith('#') ? stemOf(file.file) + id : seen.has(id) ? `${stemOf(file.file)}:${id}` : id);
    const names = new Map(file.tasks.map((task) => [task.id, rename(task.id)]));
    for (const task of file.tasks) {
      tasks.push({ ...task, id: names.get(task.id) ?? task.id, parent: task.parent === null ? null : names.get(task.parent) ?? task.parent, phase: task.phase && moved(task.phase) });
    }
    for (const id of names.values()) seen.add(id);
    allProse.push(...file.prose.map((line) => ({ ...line, phase: line.phase === null ? null : line.phase + offset })));
  }
  return { phases, tasks, gates: files.flatMap((file) => file.gates), prose: allProse, diagnostics: files.flatMap((file) => file.diagnostics) };
}

function titleOf(files: readonly Loaded[], documents: readonly FoundDocument[], name: string): string {
  const own = files.map((file) => file.title).find((title) => title !== null && !/^\[.*\]$/.test(title));
  if (own) return own;
  const about = documents.find((document) => /^(?:spec|proposal)\.md$/.test(document.path))?.title.replace(/^(?:Feature Specification|Feature|Spec|Proposal|Change)\s*:\s*/i, '');
  return about && !about.endsWith('.md') ? about : name;
}

async function folderAndFile(path: string, file: string | null): Promise<Result<{ folder: string; file: string | null }, AppError>> {
  try {
    const found = await stat(path);
    if (found.isFile()) return ok({ folder: dirname(path), file: basename(path) });
    return ok({ folder: path, file });
  } catch (error) {
    return typeof error === 'object' && error !== null && 'code' in error && error.code === 'ENOENT' ? err({ kind: 'spec/not-found', path, known: [] }) : err(ioError(path, error));
  }
}

async function liesIn(repo: string, folder: string): Promise<Result<boolean, AppError>> {
  try {
    return ok(isInside(await realpath(repo), await realpath(folder)));
  } catch (error) {
    return err(ioError(repo, error));
  }
}

/** Name of a spec: its folder, or the file's own name where one folder holds several specs. */
export function specName(folder: string, file: string | null): string {
  const usual = file === null || /^(?:tasks|plan)(?:\.\w+)?$/i.test(stemOf(basename(file)));
  const stem = usual ? basename(resolve(folder)) : stemOf(basename(file ?? ''));
  return stem.replace(/^\d{4}-\d{2}-\d{2}-(?=.)/, (date) => (/(?:^|\/)archive$/.test(toSlashes(dirname(resolve(folder)))) ? '' : date));
}

interface Linked {
  readonly path: string;
  /** Relative to the repository, with forward slashes. */
  readonly place: string;
}

/** Where a task file that is a link really lies, when that is inside the repository: git keeps its text and its ticks there. Null for anything else. */
async function behindLink(folder: string, name: string | undefined, repo: string | null): Promise<Linked | null> {
  if (name === undefined || repo === null || !(await lstat(join(folder, name)).catch(() => null))?.isSymbolicLink()) return null;
  // A link to nowhere is told when the file is read.
  const [root, path] = await Promise.all([realpath(repo), realpath(join(folder, name))]).catch(() => []);
  if (root === undefined || path === undefined || !isInside(root, path)) return null;
  const place = toSlashes(relative(root, path));
  return place.split('/').includes('.git') ? null : { path, place };
}

/** The spec as it is read where the link leads. */
async function throughLink(linked: Linked, name: string, repo: string): Promise<Result<Spec, AppError>> {
  const read = await readSpec(linked.path, { repo });
  if (!read.ok) return read;
  const told: Diagnostic = { severity: 'info', file: read.value.taskFiles[0] ?? null, line: null, code: 'linked-file', message: `${name} is a link to ${linked.place}, so the spec is that file with the documents beside it.`, hint: null };
  return ok({ ...read.value, diagnostics: [...read.value.diagnostics, told] });
}

/**
 * Reads a spec folder, or a task file in it. A folder without tasks is fine (see `requireTasks`). Errors: `spec/not-found`,
 * `spec/choose-file` when several files hold tasks, `spec/invalid`, `spec/outside-repository`, `io/failed`.
 */
export async function readSpec(path: string, options: { readonly file?: string | null; readonly repo?: string | null } = {}): Promise<Result<Spec, AppError>> {
  const place = await folderAndFile(resolve(path), options.file ?? null);
  if (!place.ok) return place;
  const { folder, file } = place.value;
  if (options.repo) {
    const inside = await liesIn(options.repo, folder);
    if (!inside.ok) return inside;
    if (!inside.value) return err({ kind: 'spec/outside-repository', path: folder, repo: options.repo });
  }
  const documents = await listDocuments(folder);
  const chosen = file === null ? await chooseFiles(folder, documents) : ok([file]);
  if (!chosen.ok) return chosen;
  const [first] = chosen.value;
  const linked = chosen.value.length === 1 ? await behindLink(folder, first, options.repo ?? null) : null;
  if (linked !== null) return throughLink(linked, first ?? '', options.repo ?? '');
  const files: Loaded[] = [];
  for (const name of chosen.value) {
    const loaded = await loadListed(folder, documents, name);
    if (!loaded.ok) return loaded;
    files.push(loaded.value);
  }
  const merged = merge(files);
  const related = await relatedChanges(folder);
  // A change is its folder, whatever its schema calls the task files.
  const name = specName(folder, file ?? (related ? null : chosen.value[0] ?? null));
  return ok({
    ...merged, dialect: files[0]?.dialect ?? 'checklist', name, title: titleOf(files, documents, name), folder,
    taskFiles: chosen.value, documents: documents.map(({ text: _text, parsed: _parsed, ...document }) => document),
    gates: [...merged.gates, ...checklistGates(documents)],
    ...(related ? { change: related.change } : {}),
    diagnostics: [...merged.diagnostics, ...nothingFound(files, folder), ...(related?.diagnostics ?? [])],
  });
}

function nothingFound(files: readonly Loaded[], folder: string): Diagnostic[] {
  if (files.some((file) => file.tasks.length > 0)) return [];
  return [{ severity: 'info', file: files[0]?.file ?? null, line: null, code: 'no-tasks', message: `${basename(folder)} has no tasks yet.`, hint: 'Write the tasks first, for spec-kit with /speckit.tasks.' }];
}

/** The spec itself when it has tasks, else the error `spec/no-tasks`, or `spec/invalid` where the file itself says what is wrong with it. */
export function requireTasks(spec: Spec): Result<Spec, AppError> {
  if (spec.tasks.length > 0) return ok(spec);
  const wrong = spec.diagnostics.find((one) => one.severity === 'error' && one.file !== null && spec.taskFiles.includes(one.file));
  if (wrong?.file) return err({ kind: 'spec/invalid', path: join(spec.folder, wrong.file), detail: `${wrong.message}${wrong.line === null ? '' : ` (line ${wrong.line})`}` });
  return err({ kind: 'spec/no-tasks', path: spec.taskFiles[0] === undefined ? spec.folder : join(spec.folder, spec.taskFiles[0]) });
}

/** Text of one document. Errors: `spec/invalid` when the path leaves the folder or the file is over 5 MB, `io/failed`. */
export async function readDocument(folder: string, relativePath: string): Promise<Result<string, AppError>> {
  const path = await resolveInside(folder, relativePath);
  if (!path.ok) return path;
  const read = await readBounded(path.value, documentLimit);
  return read.ok ? ok(read.value.toString('utf8')) : read;
}
