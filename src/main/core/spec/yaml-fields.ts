/** What autospec's own check (schema.go, artifact_tasks.go) would say of the fields of one task or phase that can be read all the same. */
import { isAlias, isMap, isScalar, isSeq, visit, type Document, type Node, type YAMLMap } from 'yaml';

/** A field with something wrong; `node` is where it stands. */
export interface FieldDoubt {
  readonly key: string;
  readonly node: unknown;
  readonly message: string;
  readonly hint: string;
  /** The task cannot be run as it stands, or something would be lost without a word. */
  readonly isError?: true;
}

/** Characters that autospec takes as notes. */
export const notesLimit = 1000;

const types = new Set(['setup', 'implementation', 'test', 'documentation', 'refactor']);
const taskKeys = new Set(['id', 'title', 'status', 'type', 'parallel', 'story_id', 'file_path', 'file_paths', 'dependencies', 'blocks', 'acceptance_criteria', 'blocked_reason', 'notes']);
const phaseKeys = new Set(['number', 'title', 'purpose', 'story_reference', 'independent_test', 'tasks']);

/** The text of a scalar; '' for anything else. */
export const textOf = (node: unknown): string => (isScalar(node) && node.value !== null ? String(node.value) : '');

const isNothing = (node: unknown): boolean => node === undefined || node === null || (isScalar(node) && node.value === null);

function unknownKeys(node: YAMLMap, known: ReadonlySet<string>): FieldDoubt[] {
  return node.items.flatMap(({ key }): FieldDoubt[] => {
    const name = textOf(key);
    if (name === '<<') return [{ key: '<<', node: key, message: 'what is merged in from elsewhere is not read.', hint: 'Write the fields out.', isError: true }];
    return known.has(name) ? [] : [{ key: name === '' ? '?' : name.slice(0, 40), node: key, message: 'this field is unknown, so nothing reads it.', hint: /^conflicts/.test(name) ? 'Name the file that both touch in file_path: such tasks never run at the same time.' : `Known are ${[...known].filter((one) => one !== 'file_paths').join(', ')}.` }];
  });
}

/** Fields of a phase; its number and title are checked where they are read. */
export const phaseDoubts = (node: YAMLMap): readonly FieldDoubt[] => unknownKeys(node, phaseKeys);

/**
 * Fields of a task but the word of its status and its dependencies; `id` is what the messages call it. Its id, title and status are errors, as they
 * are for autospec (artifact_tasks.go; D2): Braid would have to guess them. A missing type is one for autospec only: nothing here hangs on it, so nothing is said.
 */
export function taskDoubts(node: YAMLMap, id: string): readonly FieldDoubt[] {
  const found: FieldDoubt[] = [];
  const at = (key: string): unknown => node.get(key, true);
  const doubt = (key: string, message: string, hint: string): FieldDoubt => ({ key, node: isNothing(at(key)) ? node : at(key), message, hint });
  const add = (key: string, message: string, hint: string): void => void found.push(doubt(key, message, hint));
  const refuse = (key: string, message: string, hint: string): void => void found.push({ ...doubt(key, message, hint), isError: true });
  if (!/^T\d+$/.test(id)) refuse('id', `"${id}" is not of the form T001.`, 'Number the tasks T001, T002 and so on.');
  if (textOf(at('title')).trim() === '') refuse('title', `${id} has no title.`, 'Say in a few words what it is about.');
  if (textOf(at('status')).trim() === '') refuse('status', `${id} has no status.`, 'Add "status: Pending".');
  if (textOf(at('type')) !== '' && !types.has(textOf(at('type')))) add('type', `"${textOf(at('type'))}" is unknown.`, `Use ${[...types].join(', ')}.`);
  if (!isNothing(at('parallel')) && typeof node.get('parallel') !== 'boolean') add('parallel', `parallel of ${id} is neither true nor false, so it counts as false.`, 'Write parallel: true.');
  if (isSeq(at('file_path')) || isMap(at('file_path'))) add('file_path', `file_path of ${id} is one path.`, 'Name the main file, and the others in the title.');
  if (!isNothing(at('notes')) && !isScalar(at('notes'))) add('notes', `the notes of ${id} are no text, so they are not read.`, 'Write them as one text.');
  if (textOf(at('notes')).length > notesLimit) add('notes', `the notes of ${id} are longer than ${notesLimit} characters.`, 'Shorten them.');
  if (!isNothing(at('acceptance_criteria')) && !isSeq(at('acceptance_criteria'))) add('acceptance_criteria', `the acceptance criteria of ${id} are no list.`, 'Write one "- " line for each.');
  return [...found, ...unknownKeys(node, taskKeys)];
}

/** What an alias stands for: the last node before it that carries its anchor. One step and never further, so nothing can grow. */
export class Anchors {
  private nodes: Map<string, Node[]> | null = null;

  constructor(private readonly document: Document) {}

  /** The node itself when it is no alias; undefined for an alias of nothing. */
  follow(node: unknown): unknown {
    if (!isAlias(node)) return node;
    const start = node.range?.[0] ?? 0;
    const named = this.all().get(node.source) ?? [];
    let at = named.length - 1;
    while (at >= 0 && (named[at]?.range?.[0] ?? 0) >= start) at -= 1;
    return named[at];
  }

  private all(): Map<string, Node[]> {
    if (this.nodes) return this.nodes;
    const nodes = new Map<string, Node[]>();
    const keep = (_: unknown, node: Node & { anchor?: string }): void => {
      if (node.anchor === undefined) return;
      const known = nodes.get(node.anchor);
      if (known) known.push(node);
      else nodes.set(node.anchor, [node]);
    };
    visit(this.document, { Map: keep, Seq: keep, Scalar: keep });
    this.nodes = nodes;
    return nodes;
  }
}
