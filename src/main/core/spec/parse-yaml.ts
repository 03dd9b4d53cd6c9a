/**
 * autospec's `tasks.yaml` (`phases[]` with `tasks[]`, or a flat `tasks[]`): fields and errors after its Go reader
 * (internal/validation/tasks_yaml.go, artifact_tasks.go). Aliases are never expanded, so a YAML bomb stays small.
 */
import { isMap, isScalar, isSeq, LineCounter, parseDocument, type Node, type YAMLMap } from 'yaml';
import type { Diagnostic, Phase, SourceLine, Task, TaskFileState } from '../../../shared/domain';
import { hashText } from './hash';
import { phaseKind } from './headings';
import type { ParsedFile } from './parse-markdown';
import { collectListed } from './paths';

const states: Readonly<Record<string, TaskFileState>> = {
  pending: 'open', todo: 'open', inprogress: 'active', 'in-progress': 'active', in_progress: 'active', wip: 'active',
  completed: 'done', complete: 'done', done: 'done', blocked: 'blocked', skipped: 'skipped',
};
const maxTasks = 20_000;

const textOf = (node: unknown): string => (isScalar(node) && node.value !== null ? String(node.value) : '');
const itemsOf = (node: unknown): readonly unknown[] => (isSeq(node) ? node.items : []);

/** Where a task's status stands in the text, for write-back: offsets in UTF-16 units. */
export interface YamlStatus {
  readonly id: string;
  readonly start: number;
  readonly end: number;
}

class YamlReader {
  readonly tasks: Task[] = [];
  readonly phases: Phase[] = [];
  readonly diagnostics: Diagnostic[] = [];
  readonly statuses: YamlStatus[] = [];
  private readonly known = new Set<string>();

  constructor(private readonly file: string, private readonly lines: LineCounter) {}

  lineOf(node: unknown): number {
    const start = (isMap(node) || isSeq(node) || isScalar(node)) && node.range ? node.range[0] : 0;
    return Math.max(1, this.lines.linePos(start).line);
  }

  error(line: number, code: string, message: string, hint: string): void {
    this.diagnostics.push({ severity: 'error', file: this.file, line, code, message, hint });
  }

  phase(node: unknown): void {
    if (!isMap(node)) return;
    const title = textOf(node.get('title', true));
    const number = Number(textOf(node.get('number', true)));
    const story = textOf(node.get('story_reference', true));
    const kind = phaseKind(title);
    const phase: Phase = { index: this.phases.length, number: Number.isFinite(number) ? number : null, title, kind: kind === 'other' && story !== '' ? 'story' : kind };
    this.phases.push(phase);
    for (const task of itemsOf(node.get('tasks', true))) this.task(task, phase);
  }

  task(node: unknown, phase: Phase | null): void {
    if (!isMap(node) || this.tasks.length >= maxTasks) return;
    const id = textOf(node.get('id', true)).trim();
    const line = this.lineOf(node);
    if (id === '') return this.error(line, 'missing-id', 'A task has no id.', 'Give it an id such as T001.');
    if (this.known.has(id)) return this.error(line, 'duplicate-id', `${id} is defined twice.`, 'Give each task an id of its own.');
    this.known.add(id);
    const status = node.get('status', true);
    if (isScalar(status) && status.range) this.statuses.push({ id, start: status.range[0], end: status.range[1] });
    const word = textOf(status).trim();
    const state = word === '' ? 'open' : states[word.toLowerCase().replace(/\s+/g, '')] ?? 'unknown';
    if (state === 'unknown') this.error(this.lineOf(status), 'unknown-state', `${id}: the status "${word}" is unknown.`, 'Use Pending, InProgress, Completed or Blocked.');
    this.tasks.push(this.built(node, { id, line, state, phase }));
  }

  private built(node: YAMLMap, at: { id: string; line: number; state: TaskFileState; phase: Phase | null }): Task {
    const title = textOf(node.get('title', true)).trim() || at.id;
    const files: string[] = [];
    collectListed(textOf(node.get('file_path', true)), files);
    for (const path of itemsOf(node.get('file_paths', true))) collectListed(textOf(path), files);
    const story = textOf(node.get('story_id', true)).replace(/^US-0*/, 'US');
    const end = node.range ? this.lines.linePos(Math.max(node.range[0], node.range[1] - 1)).line : at.line;
    const stories = story === '' ? [] : [story];
    return {
      id: at.id, title, file: this.file, line: at.line, endLine: Math.max(at.line, end), lines: [at.line], textHash: hashText(`${at.id} ${title}`),
      state: at.state, done: at.state === 'done', parallel: node.get('parallel') === true, parent: null, steps: [],
      story: stories[0] ?? null, stories, phase: at.phase, files, details: this.details(node), text: `${at.id} ${title}`,
    };
  }

  /** Dependencies come as one line in the form that the planner reads everywhere. */
  private details(node: YAMLMap): SourceLine[] {
    const depends = node.get('dependencies', true);
    const details: SourceLine[] = [];
    const names = itemsOf(depends).map(textOf).filter((name) => name !== '');
    if (names.length > 0) details.push({ file: this.file, line: this.lineOf(depends), text: `Depends on: ${names.join(', ')}` });
    for (const criterion of itemsOf(node.get('acceptance_criteria', true))) details.push({ file: this.file, line: this.lineOf(criterion), text: `- ${textOf(criterion)}` });
    for (const key of ['blocked_reason', 'notes']) {
      const note = node.get(key, true);
      if (textOf(note) !== '') details.push({ file: this.file, line: this.lineOf(note), text: `${key}: ${textOf(note).replace(/\s+/g, ' ')}` });
    }
    return details;
  }
}

/** Reads the text and gives tasks and the places of their states; syntax errors become diagnostics with their line. */
export function readYaml(text: string, file: string): ParsedFile & { readonly statuses: readonly YamlStatus[] } {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: false });
  const reader = new YamlReader(file, lines);
  for (const error of document.errors.slice(0, 20)) reader.error(lines.linePos(error.pos[0]).line, 'yaml', error.message.split('\n')[0] ?? 'Invalid YAML.', 'Correct the YAML.');
  const root: Node | null = document.contents;
  if (isMap(root)) {
    for (const phase of itemsOf(root.get('phases', true))) reader.phase(phase);
    for (const task of itemsOf(root.get('tasks', true))) reader.task(task, null);
  }
  const head = isMap(root) ? root.get('tasks', true) : null;
  const title = isMap(head) ? textOf(head.get('branch', true)) : '';
  return { title: title === '' ? null : title, tasks: reader.tasks, phases: reader.phases, gates: [], prose: [], diagnostics: reader.diagnostics, readOnly: false, statuses: reader.statuses };
}
