/**
 * autospec's `tasks.yaml` (`phases[]` with `tasks[]`, or a flat `tasks[]`): fields and errors after its Go reader
 * (internal/validation/tasks_yaml.go, artifact_tasks.go). Aliases are never expanded, so a YAML bomb stays small.
 */
import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument, type Node, type YAMLMap } from 'yaml';
import type { Diagnostic, Phase, SourceLine, Task, TaskFileState } from '../../../shared/domain';
import { hashText } from './hash';
import { phaseKind } from './headings';
import { splitRows } from './mask';
import type { ParsedFile } from './parse-markdown';
import { collectListed } from './paths';
import { mergeConflicts } from './stray-lines';
import { Anchors, phaseDoubts, taskDoubts, textOf, type FieldDoubt } from './yaml-fields';

export { notesLimit } from './yaml-fields';

const states: Readonly<Record<string, TaskFileState>> = {
  pending: 'open', todo: 'open', inprogress: 'active', 'in-progress': 'active', in_progress: 'active', wip: 'active',
  completed: 'done', complete: 'done', done: 'done', blocked: 'blocked', skipped: 'skipped',
};
/** Whether a status as written, quotes included, says that the task is at work. */
export const isInProgress = (word: string): boolean => states[word.replace(/["'\s]+/g, '').toLowerCase()] === 'active';

/** More tasks are not read, and no more than so many errors are told. */
const maxTasks = 20_000;
const maxErrors = 200;

const itemsOf = (node: unknown): readonly unknown[] => (isSeq(node) ? node.items : []);

/** Where a task's status stands in the text, for write-back: offsets in UTF-16 units. */
export interface YamlStatus {
  readonly id: string;
  readonly start: number;
  readonly end: number;
  /** Column (0-based) of the key `status`; null in a map of one line (`{ id: T001, status: Pending }`). */
  readonly column: number | null;
  /** The task's notes, where it has some that are plain text. */
  readonly notes: { readonly start: number; readonly end: number; readonly value: string } | null;
}

function notesOf(node: YAMLMap): YamlStatus['notes'] {
  const notes = node.get('notes', true);
  return isScalar(notes) && notes.range ? { start: notes.range[0], end: notes.range[1], value: textOf(notes) } : null;
}

interface Depends {
  readonly name: string;
  readonly node: unknown;
}

interface Built {
  readonly id: string;
  readonly line: number;
  readonly state: TaskFileState;
  readonly phase: Phase | null;
  readonly on: readonly Depends[];
  readonly blocks: readonly Depends[];
}

interface Clash extends Depends {
  readonly id: string;
  readonly path: string;
}

/** The ids in `conflicts:`, `conflicts_with:` and the like. */
function clashesOf(node: YAMLMap, id: string, path: string): readonly Clash[] {
  return node.items.flatMap(({ key, value }): readonly Clash[] => {
    const field = textOf(key);
    if (!/^conflicts/.test(field)) return [];
    if (isSeq(value)) return value.items.slice(0, maxTasks).flatMap((item, index) => (isScalar(item) ? [{ id, name: textOf(item).trim(), node: item, path: `${path}.${field}[${index}]` }] : []));
    return textOf(value).split(/[,;\s]+/).filter((name) => name !== '').map((name) => ({ id, name, node: value, path: `${path}.${field}` }));
  });
}

class YamlReader {
  readonly tasks: Task[] = [];
  readonly phases: Phase[] = [];
  readonly diagnostics: Diagnostic[] = [];
  readonly statuses: YamlStatus[] = [];
  private readonly known = new Set<string>();
  /** Dependencies to check when all ids are known. */
  private readonly waits: { readonly id: string; readonly on: string; readonly node: unknown; readonly path: string }[] = [];

  /** Names in fields that nothing reads, so that a wrong one is told beside that. */
  private readonly clashes: Clash[] = [];

  /** Set once the text was read. */
  anchors: Anchors | null = null;

  constructor(private readonly file: string, private readonly lines: LineCounter) {}

  lineOf(node: unknown): number {
    const start = (isMap(node) || isSeq(node) || isScalar(node) || isAlias(node)) && node.range ? node.range[0] : 0;
    return Math.max(1, this.lines.linePos(start).line);
  }

  error(line: number, code: string, message: string, hint: string, severity: Diagnostic['severity'] = 'error'): void {
    if (this.diagnostics.length < maxErrors) this.diagnostics.push({ severity, file: this.file, line, code, message, hint });
  }

  /** What autospec's own check would refuse although the task can be read. */
  private doubt(node: unknown, path: string, message: string, hint: string): void {
    this.error(this.lineOf(node), 'schema', `${path}: ${message}`, hint, 'warning');
  }

  private doubts(found: readonly FieldDoubt[], path: string): void {
    for (const { key, node, message, hint, isError } of found) {
      if (isError) this.error(this.lineOf(node), 'schema', `${path}.${key}: ${message}`, hint);
      else this.doubt(node, `${path}.${key}`, message, hint);
    }
  }

  /** The entries of a list of phases or tasks; what is no list would be lost without a word, so it is told. */
  listed(node: unknown, path: string): readonly unknown[] {
    if (isAlias(node)) this.error(this.lineOf(node), 'yaml-alias', `${path}: *${node.source} stands for something written elsewhere; aliases are followed in dependencies only, so that a small file cannot grow into a huge one.`, 'Write the list out.');
    else if (node !== undefined && node !== null && !isSeq(node) && !(isScalar(node) && node.value === null)) this.error(this.lineOf(node), 'schema', `${path}: this is no list.`, 'Begin each entry with "- ".');
    return itemsOf(node);
  }

  phase(node: unknown, path: string): void {
    if (!isMap(node)) return this.error(this.lineOf(node), 'not-a-phase', `${path}: a phase is a map with number, title and tasks.`, 'Write "- number: 1", then title and tasks below it; aliases are not followed.');
    const title = textOf(node.get('title', true));
    const number = Number(textOf(node.get('number', true)) || NaN);
    if (!Number.isFinite(number)) this.doubt(node.get('number', true) ?? node, `${path}.number`, 'the phase has no number.', 'Give it a number such as 1.');
    if (title === '') this.doubt(node.get('title', true) ?? node, `${path}.title`, 'the phase has no title.', 'Give it a title.');
    this.doubts(phaseDoubts(node), path);
    const tasks = node.get('tasks', true);
    if (isSeq(tasks) && tasks.items.length === 0) this.doubt(tasks, `${path}.tasks`, 'the list of tasks is empty.', 'Add tasks, or remove the phase.');
    else if (!isSeq(tasks) && !isAlias(tasks)) this.doubt(node.get('tasks', true) ?? node, `${path}.tasks`, 'the phase has no list of tasks.', 'Add tasks, or remove the phase.');
    const story = textOf(node.get('story_reference', true));
    const kind = phaseKind(title);
    const phase: Phase = { index: this.phases.length, number: Number.isFinite(number) ? number : null, title, kind: kind === 'other' && story !== '' ? 'story' : kind };
    this.phases.push(phase);
    const entries = isAlias(tasks) ? this.listed(tasks, `${path}.tasks`) : itemsOf(tasks);
    entries.forEach((task, index) => this.task(task, phase, `${path}.tasks[${index}]`));
  }

  task(node: unknown, phase: Phase | null, path: string): void {
    if (!isMap(node)) return this.error(this.lineOf(node), 'not-a-task', `${path}: a task is a map with id, title and status.`, 'Write "- id: T001", then title and status below it.');
    if (this.tasks.length >= maxTasks) return;
    const id = textOf(node.get('id', true)).trim();
    const line = this.lineOf(node);
    const status = node.get('status', true);
    if (id === '') this.error(line, 'missing-id', `${path}.id: the task has no id.`, 'Give it an id such as T001.');
    else if (this.known.has(id)) this.error(line, 'duplicate-id', `${path}.id: ${id} is defined twice.`, 'Give each task an id of its own.');
    this.doubts(taskDoubts(node, id).filter(({ key }) => id !== '' || key !== 'id'), path);
    if (id === '' || this.known.has(id)) return;
    this.known.add(id);
    const on = this.named(node, 'dependencies', { id, path });
    const blocks = this.named(node, 'blocks', { id, path });
    on.forEach(({ name, node: at }, index) => this.waits.push({ id, on: name, node: at, path: `${path}.dependencies[${index}]` }));
    blocks.forEach(({ name, node: at }, index) => this.waits.push({ id, on: name, node: at, path: `${path}.blocks[${index}]` }));
    this.clashes.push(...clashesOf(node, id, path));
    if (isScalar(status) && status.range) this.statuses.push({ id, start: status.range[0], end: status.range[1], column: this.columnOf(node), notes: notesOf(node) });
    const word = textOf(status).trim();
    const state = word === '' ? 'open' : states[word.toLowerCase().replace(/\s+/g, '')] ?? 'unknown';
    if (state === 'unknown') this.error(this.lineOf(status), 'unknown-state', `${path}.status: "${word}" of ${id} is unknown.`, 'Use Pending, InProgress, Completed or Blocked.');
    if (state === 'blocked') this.blocked(node, id, status);
    this.tasks.push(this.built(node, { id, line, state, phase, on, blocks }));
  }

  private blocked(node: YAMLMap, id: string, status: unknown): void {
    const reason = textOf(node.get('blocked_reason', true)).replace(/\s+/g, ' ').trim();
    this.error(this.lineOf(status), 'blocked', `${id} is blocked${reason === '' ? '' : `: ${reason.slice(0, 200)}`}${/[.!?]$/.test(reason) ? '' : '.'} What depends on it will not start.`, 'Set it to Pending when the reason is gone.', 'warning');
  }

  private columnOf(node: YAMLMap): number | null {
    const key = node.flow ? null : node.items.find((pair) => isScalar(pair.key) && pair.key.value === 'status')?.key;
    return isScalar(key) && key.range ? this.lines.linePos(key.range[0]).col - 1 : null;
  }

  /** The ids in a field of a task: a list, a text with commas, or an alias of one. Anything else would lose one in silence, so it is an error. */
  private named(node: YAMLMap, key: 'dependencies' | 'blocks', { id, path }: { readonly id: string; readonly path: string }): readonly Depends[] {
    const given = node.get(key, true);
    const depends = this.anchors?.follow(given);
    const wrong = (at: unknown, where: string, what: string): void => this.error(this.lineOf(at), 'schema', `${path}.${where}: ${what}`, `Write ${key}: [T001, T002].`);
    if (depends === undefined || depends === null || (isScalar(depends) && depends.value === null)) {
      if (isAlias(given)) wrong(given, key, 'the alias stands for nothing.');
      return [];
    }
    if (key === 'dependencies' && isScalar(depends)) this.doubt(given, `${path}.${key}`, `the ${key} of ${id} are a text and no list; its ids are read all the same.`, `Write ${key}: [${textOf(depends).slice(0, 60)}].`);
    if (isScalar(depends)) return textOf(depends).split(/[,;\s]+/).filter((name) => name !== '').map((name) => ({ name, node: given }));
    if (!isSeq(depends)) {
      wrong(given, key, `the ${key} of ${id} are no list.`);
      return [];
    }
    return depends.items.slice(0, maxTasks).flatMap((item, index): Depends[] => {
      const name = this.anchors?.follow(item);
      if (isScalar(name)) return [{ name: textOf(name).trim(), node: item }];
      wrong(item, `${key}[${index}]`, `${key === 'blocks' ? 'what' : 'a dependency of'} ${id} ${key === 'blocks' ? 'blocks ' : ''}is no id.`);
      return [];
    });
  }

  /** Dependencies on nothing and on itself and clashes with nothing, once all ids are known. A cycle is the planner's to find. */
  dependencies(): void {
    const told = new Set<string>();
    for (const { id, on, node, path } of this.waits) {
      const known = told.size;
      const verb = path.includes('.blocks[') ? 'blocks' : 'depends on';
      if (told.add(`${verb} ${id}\n${on}`).size === known) continue;
      if (on === id) this.error(this.lineOf(node), 'self-dependency', `${path}: ${id} ${verb} itself.`, 'Remove it.');
      else if (!this.known.has(on)) this.error(this.lineOf(node), 'missing-dependency', `${path}: ${id} ${verb} ${on === '' ? 'a task without a name' : on}, which is no task of this file.`, 'Correct the id.');
    }
    for (const { id, name, node, path } of this.clashes) {
      const known = told.size;
      if (this.known.has(name) || told.add(`clashes ${id}\n${name}`).size === known) continue;
      this.error(this.lineOf(node), 'missing-dependency', `${path}: ${id} conflicts with ${name === '' ? 'a task without a name' : name}, which is no task of this file.`, 'Correct the id.', 'warning');
    }
  }

  private built(node: YAMLMap, at: Built): Task {
    const title = textOf(node.get('title', true)).trim() || at.id;
    const files: string[] = [];
    collectListed(textOf(node.get('file_path', true)), files);
    for (const path of [...itemsOf(node.get('file_path', true)), ...itemsOf(node.get('file_paths', true))]) collectListed(textOf(path), files);
    const story = textOf(node.get('story_id', true)).replace(/^US-0*/, 'US');
    const end = node.range ? this.lines.linePos(Math.max(node.range[0], node.range[1] - 1)).line : at.line;
    const stories = story === '' ? [] : [story];
    return {
      id: at.id, title, file: this.file, line: at.line, endLine: Math.max(at.line, end), lines: [at.line], textHash: hashText(`${at.id} ${title}`),
      state: at.state, done: at.state === 'done', parallel: node.get('parallel') === true, parent: null, steps: [],
      story: stories[0] ?? null, stories, phase: at.phase, files, details: this.details(node, at), text: `${at.id} ${title}`,
      ...(isScalar(node.get('status', true)) ? {} : { boxless: true }),
    };
  }

  /** Dependencies come as one line in the form that the planner reads everywhere. */
  private details(node: YAMLMap, { id, on, blocks }: Built): SourceLine[] {
    const details: SourceLine[] = [];
    for (const [list, key, words] of [[on, 'dependencies', 'Depends on'], [blocks, 'blocks', 'Blocks']] as const) {
      const names = list.map(({ name }) => name).filter((name) => name !== '' && name !== id);
      if (names.length > 0) details.push({ file: this.file, line: this.lineOf(node.get(key, true)), text: `${words}: ${names.join(', ')}` });
    }
    for (const criterion of itemsOf(node.get('acceptance_criteria', true))) details.push({ file: this.file, line: this.lineOf(criterion), text: `- ${textOf(criterion)}` });
    for (const key of ['blocked_reason', 'notes']) {
      const note = node.get(key, true);
      if (textOf(note) !== '') details.push({ file: this.file, line: this.lineOf(note), text: `${key}: ${textOf(note).replace(/\s+/g, ' ').trim()}` });
    }
    return details;
  }
}

/** The library reads about 3 MB a second. */
const sizeLimit = 8_000_000;

/** Null for a text that the library cannot take: its reader calls itself for each level of nesting. */
function documentOf(text: string, lines: LineCounter): ReturnType<typeof parseDocument> | null {
  try {
    return parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: false });
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

function refused(reader: YamlReader, detail: string): YamlFile {
  reader.error(1, 'not-a-task-list', detail, 'Split the file, or choose another one.');
  return { title: null, tasks: [], phases: [], gates: [], prose: [], diagnostics: reader.diagnostics, readOnly: true, statuses: [] };
}

const conflictsOf = (text: string, file: string): Diagnostic[] =>
  text.includes('<<<<<<<') ? mergeConflicts(splitRows(text).map((raw, index) => ({ number: index + 1, raw })), file) : [];

type YamlFile = ParsedFile & { readonly statuses: readonly YamlStatus[] };

/** Reads the text and gives tasks and the places of their states; syntax errors become diagnostics with their line. */
export function readYaml(text: string, file: string): YamlFile {
  const lines = new LineCounter();
  const reader = new YamlReader(file, lines);
  if (text.length > sizeLimit) return refused(reader, `The YAML is larger than ${sizeLimit / 1_000_000} MB.`);
  const document = documentOf(text, lines);
  if (document === null || document.errors.some(({ message }) => message.includes('call stack'))) return refused(reader, 'The YAML is nested too deeply.');
  for (const error of document.errors.slice(0, 20)) reader.error(lines.linePos(error.pos[0]).line, 'yaml', error.message.split('\n')[0] ?? 'Invalid YAML.', 'Correct the YAML.');
  reader.anchors = new Anchors(document);
  const root: Node | null = document.contents;
  if (isMap(root)) {
    reader.listed(root.get('phases', true), 'phases').forEach((phase, index) => reader.phase(phase, `phases[${index}]`));
    const flat = root.get('tasks', true);
    (isMap(flat) ? [] : reader.listed(flat, 'tasks')).forEach((task, index) => reader.task(task, null, `tasks[${index}]`));
    reader.dependencies();
  }
  else if (isSeq(root) || (isScalar(root) && root.value !== null)) reader.error(reader.lineOf(root), 'schema', 'The file holds no "phases:" and no "tasks:".', 'Write the tasks below "phases:".');
  const head = isMap(root) ? root.get('tasks', true) : null;
  const title = isMap(head) ? textOf(head.get('branch', true)) : '';
  const isMissing = isMap(head) ? title === '' : isMap(root) && isSeq(root.get('phases', true)) && head === undefined;
  if (isMissing) reader.error(reader.lineOf(head ?? root), 'schema', 'tasks.branch: the branch is missing.', 'Name the branch that the tasks belong to.', 'warning');
  return { title: title === '' ? null : title, tasks: reader.tasks, phases: reader.phases, gates: [], prose: [], diagnostics: [...conflictsOf(text, file), ...reader.diagnostics], readOnly: false, statuses: reader.statuses };
}
