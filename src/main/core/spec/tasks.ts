/** Pass 4: drafts become tasks, steps and gates; ids, states and duplicates are settled, with a diagnostic for each doubt. */
import type { Diagnostic, Gate, Phase, Step, Task, TaskFileState } from '../../../shared/domain';
import type { Draft, MutablePhase } from './drafts';
import { hashText } from './hash';
import { isGateText } from './headings';
import { collectListed, collectPaths } from './paths';
import { saysDropped, stateOf, type Legend } from './states';

export interface Settled {
  readonly tasks: readonly Task[];
  readonly gates: readonly Gate[];
  readonly diagnostics: readonly Diagnostic[];
}

export interface SettleOptions {
  readonly file: string;
  readonly legend: Legend;
  /** In track plans `[~]` means in progress and needs no remark. */
  readonly activeIsUsual: boolean;
}

const commentId = /^id:\s*([\w.-]{1,40})$/;
const filesKey = /^[-*+\s]*(?:\*\*|__|_)?(?:Files?|Paths?|File Scope|Create|Modify|Test|文件|ファイル)(?:\(s\))?\s*(?:\*\*|__|_)?\s*[:：](.*)$/i;
const filesLabel = /\[files:\s*([^\]]*)\]/gi;
/** Keys of continuation lines that speak of other tasks or documents, not of what the task writes. */
const otherKey = /^[-*+\s]*_?(?:\*\*)?(?:Requirements?|Refs?|References?|Depends on|Dependencies|See|Spec)\b/i;

function idOf(draft: Draft): string | null {
  if (draft.parsed.id !== null) return draft.parsed.id;
  for (const comment of draft.comments) {
    const found = commentId.exec(comment);
    if (found?.[1]) return found[1];
  }
  return null;
}

function filesOf(drafts: readonly Draft[]): string[] {
  const files = new Set<string>();
  for (const draft of drafts) {
    for (const listed of draft.text.matchAll(filesLabel)) collectListed(listed[1] ?? '', files);
    for (const comment of draft.comments) if (/^files:/i.test(comment)) collectListed(comment.slice(6), files);
    collectPaths(draft.parsed.rest.replace(filesLabel, ''), files);
    for (const { text } of draft.details) {
      const key = filesKey.exec(text);
      if (key?.[1] && !key[1].includes('`')) collectListed(key[1], files);
      else if (!otherKey.test(text)) collectPaths(text, files);
    }
  }
  return [...files];
}

/** Everything below a draft that belongs to it and has no id, in line order. */
function stepDrafts(draft: Draft): Draft[] {
  return draft.children.flatMap((child) => (idOf(child) === null ? [child, ...stepDrafts(child)] : []));
}

const phaseOf = (phase: MutablePhase | null): Phase | null =>
  phase && { index: phase.index, number: phase.number, title: phase.title, kind: phase.kind };

class Settling {
  readonly tasks: Task[] = [];
  readonly gates: Gate[] = [];
  readonly diagnostics: Diagnostic[] = [];
  readonly repeats: { readonly id: string; readonly line: number }[] = [];
  private readonly seen = new Set<string>();
  private readonly ids = new Map<Draft, string>();
  private ordinal = 0;

  constructor(private readonly options: SettleOptions, private readonly gatesCount: boolean) {}

  warn(line: number, code: string, message: string, hint: string | null, severity: Diagnostic['severity'] = 'warning'): void {
    this.diagnostics.push({ severity, file: this.options.file, line, code, message, hint });
  }

  state(draft: Draft): TaskFileState {
    if (draft.box) return stateOf(draft.box.mark, draft.text, this.options.legend);
    const boxes = draft.children.filter((child) => child.box !== null);
    if (boxes.length === 0) return 'open';
    const states = boxes.map((child) => this.state(child));
    if (states.every((state) => state === 'done' || state === 'skipped')) return states.includes('done') ? 'done' : 'skipped';
    return states.some((state) => state === 'active') ? 'active' : 'open';
  }

  isGate(draft: Draft): boolean {
    if (draft.box === null || draft.box.level > 0) return false;
    if (draft.parsed.id !== null) return /^SC-\d/.test(draft.parsed.id);
    return isGateText(draft.text) || isGateText(draft.parsed.title) || (this.gatesCount && draft.underGate && draft.parent === null);
  }

  gate(draft: Draft): void {
    this.gates.push({ title: draft.parsed.id === null ? draft.parsed.title : draft.text, file: this.options.file, line: draft.line, done: this.state(draft) === 'done' });
  }

  private parentId(draft: Draft): string | null {
    for (let up = draft.parent; up; up = up.parent) {
      const id = this.ids.get(up);
      if (id !== undefined) return id;
    }
    return null;
  }

  private steps(drafts: readonly Draft[]): Step[] {
    return drafts.filter((step) => !step.parsed.placeholder || step.parsed.title !== '').map((step) => ({
      id: null, title: step.parsed.title, line: step.line, done: this.state(step) === 'done' || this.state(step) === 'skipped',
    }));
  }

  task(draft: Draft): void {
    const own = idOf(draft);
    if (own === null && draft.parent !== null) return;
    if (draft.parsed.placeholder) {
      this.warn(draft.line, 'placeholder', `"${draft.text.slice(0, 60)}" is a line of the template that nobody filled in.`, 'It is not run; replace or delete it.', 'info');
      return;
    }
    this.ordinal += 1;
    const id = own ?? `#${this.ordinal}`;
    // A checklist that repeats ids sums up: its boxes are ticked along, but the task's own line tells the state.
    if (draft.underGate && this.seen.has(id)) {
      this.repeats.push({ id, line: draft.line });
      return;
    }
    this.seen.add(id);
    this.ids.set(draft, id);
    const below = stepDrafts(draft).filter((step) => !this.isGate(step));
    const state = this.state(draft);
    this.doubts(draft, id, state);
    const stories = draft.parsed.stories;
    this.tasks.push({
      id, title: draft.parsed.title, file: this.options.file, line: draft.line, endLine: draft.endLine, lines: [draft.line],
      textHash: hashText(draft.text), state, done: state === 'done', parallel: draft.parsed.parallel, parent: this.parentId(draft),
      steps: this.steps(below), story: stories[0] ?? null, stories,
      phase: phaseOf(draft.phase), files: filesOf([draft, ...below]),
      details: [...draft.details, ...below.flatMap((step) => step.details)], text: draft.text,
      ...(draft.section === null ? {} : { section: draft.section }),
    });
  }

  private doubts(draft: Draft, id: string, state: TaskFileState): void {
    const mark = draft.box?.mark.trim() ?? '';
    if (draft.box?.glued) this.warn(draft.line, 'no-spaces', `${id}: the spaces around the box are missing.`, null, 'info');
    if (state === 'unknown') this.warn(draft.line, 'unknown-state', `${id}: the state "[${mark}]" has no known meaning; it is treated as open.`, 'Use [ ] or [x], or explain the mark in a legend.');
    else if (state === 'blocked') this.warn(draft.line, 'blocked', `${id} is marked as blocked, so what depends on it will not start.`, 'Clear the mark when the reason is gone.');
    else if (state === 'active' && !this.options.activeIsUsual) this.warn(draft.line, 'needs-decision', `${id}: "[${mark}]" may mean in progress, partial or dropped; it is treated as open.`, 'Set [x] or [ ], or write DROPPED.');
    else if (state === 'open' && saysDropped(draft.parsed.title)) this.warn(draft.line, 'open-but-dropped', `${id} is open but says that it was dropped or deferred.`, 'Confirm it before it runs, or mark it [-].');
  }
}

/** A phase without a telling heading is a story phase when most of its tasks carry a story label. */
function settlePhases(drafts: readonly Draft[], phases: readonly MutablePhase[]): void {
  const counts = new Map<MutablePhase, { all: number; told: number }>();
  for (const draft of drafts) {
    if (!draft.phase || draft.parent !== null) continue;
    const count = counts.get(draft.phase) ?? { all: 0, told: 0 };
    count.all += 1;
    if (draft.parsed.stories.length > 0) count.told += 1;
    counts.set(draft.phase, count);
  }
  for (const phase of phases) {
    const count = counts.get(phase);
    if (phase.kind === 'other' && count && count.told * 2 > count.all) phase.kind = 'story';
  }
}

/** One task per id: later copies are folded into the first; copies that disagree leave the task open. */
function foldDuplicates(found: Settling): Task[] {
  const first = new Map<string, { task: Task; lines: number[]; states: Set<TaskFileState>; texts: Set<string> }>();
  for (const task of found.tasks) {
    const known = first.get(task.id);
    if (!known) {
      first.set(task.id, { task, lines: [task.line], states: new Set([task.state]), texts: new Set([task.textHash]) });
      continue;
    }
    known.lines.push(task.line);
    known.states.add(task.state);
    known.texts.add(task.textHash);
  }
  const repeats = new Map<string, number[]>();
  for (const { id, line } of found.repeats) repeats.set(id, [...(repeats.get(id) ?? []), line]);
  return [...first.values()].map(({ task, lines, states, texts }) => {
    const copies = lines.length;
    lines.push(...(repeats.get(task.id) ?? []));
    if (copies === 1) return lines.length === 1 ? task : { ...task, lines };
    const differ = texts.size > 1 ? ' with different texts' : '';
    found.warn(task.line, 'duplicate-id', `${task.id} stands on ${lines.length} lines${differ} (${lines.slice(0, 5).join(', ')}); it is one task.`, 'Give each task an id of its own.');
    if (states.size === 1) return { ...task, lines };
    found.warn(task.line, 'conflicting-state', `The copies of ${task.id} disagree about its state; it is treated as open.`, 'Set the same state on every copy.');
    return { ...task, lines, state: 'open' as const, done: false };
  });
}

/** A done parent settles its children; a parent is done when all its children and steps are. */
function settleFamilies(tasks: readonly Task[]): Task[] {
  const children = new Map<string, Task[]>();
  for (const task of tasks) if (task.parent !== null) children.set(task.parent, [...(children.get(task.parent) ?? []), task]);
  if (children.size === 0) return [...tasks];
  const done = new Map(tasks.map((task) => [task.id, task.done]));
  for (const task of [...tasks].reverse()) {
    const below = children.get(task.id);
    if (below?.every((child) => done.get(child.id) === true || child.state === 'skipped' || /^\*|^\\\*/.test(child.text)) && task.steps.every((step) => step.done)) done.set(task.id, true);
  }
  for (const task of tasks) if (task.parent !== null && done.get(task.parent) === true) done.set(task.id, true);
  return tasks.map((task) => ({ ...task, done: done.get(task.id) ?? task.done }));
}

/** Settles the drafts of one file. Pure. */
export function settle(drafts: readonly Draft[], phases: readonly MutablePhase[], options: SettleOptions): Settled {
  settlePhases(drafts, phases);
  const outer = drafts.filter((draft) => draft.parent === null);
  const withId = outer.filter((draft) => idOf(draft) !== null).length;
  const settling = new Settling(options, outer.length > 0 && withId >= outer.length * 0.6);
  for (const draft of drafts) {
    if (settling.isGate(draft)) settling.gate(draft);
    else settling.task(draft);
  }
  return { tasks: settleFamilies(foldDuplicates(settling)), gates: settling.gates, diagnostics: settling.diagnostics };
}
