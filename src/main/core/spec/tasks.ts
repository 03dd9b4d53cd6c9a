/** Pass 4: drafts become tasks, steps and gates; ids, states and duplicates are settled, with a diagnostic for each doubt. */
import { listAt } from '../../../shared/list-at';
import type { Diagnostic, Gate, Phase, Step, Task, TaskFileState } from '../../../shared/domain';
import { type Draft, type MutablePhase, phaseOf } from './drafts';
import { hashText } from './hash';
import { isCheckpointTitle, isGateText } from './headings';
import { MetIds } from './met-ids';
import { collectListed, collectPaths } from './paths';
import { withoutSha } from './sha';
import { statedState } from './status-words';
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
const filesLabel = /\[files:([^\]]*)\]/gi;
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
  const files: string[] = [];
  for (const draft of drafts) {
    const labelled = /\[files:/i.test(draft.text);
    if (labelled) for (const listed of draft.text.matchAll(filesLabel)) collectListed(listed[1] ?? '', files);
    for (const comment of draft.comments) if (/^files:/i.test(comment)) collectListed(comment.slice(6), files);
    collectPaths(labelled ? draft.parsed.rest.replace(filesLabel, '') : draft.parsed.rest, files);
    for (const { text } of draft.details) {
      const key = filesKey.exec(text);
      if (key?.[1] && !key[1].includes('`')) collectListed(key[1], files);
      else if (!otherKey.test(text)) collectPaths(text, files);
    }
  }
  // A copy without room for more: there is one for each task.
  return files.slice();
}

function isGateId(id: string, title: string): boolean {
  const first = id.charCodeAt(0);
  // S, digits and the dot: nearly every id begins otherwise.
  return (first === 83 && /^SC-\d/.test(id)) || (first <= 57 && /^[\d.]+$/.test(id) && isCheckpointTitle(title));
}

/** Everything below a draft that belongs to it and has no id, in line order. A loop: boxes may be nested thousands deep. */
function stepDrafts(draft: Draft): Draft[] {
  const found: Draft[] = [];
  const stack = [...draft.children].reverse();
  for (let child = stack.pop(); child !== undefined; child = stack.pop()) {
    if (idOf(child) !== null) continue;
    found.push(child);
    for (let at = child.children.length - 1; at >= 0; at -= 1) { const below = child.children[at]; if (below) stack.push(below); }
  }
  return found;
}

/** Shared by the many tasks without any. */
const noSteps: readonly Step[] = [];

/** Below these headings a track says when it is done, not what to do. */
const acceptance = /^\W*(?:Acceptance Criteria|Success Criteria|Definition of Done)\b/i;

class Settling {
  readonly tasks: Task[] = [];
  readonly gates: { readonly gate: Gate; readonly draft: Draft }[] = [];
  readonly diagnostics: Diagnostic[] = [];
  readonly repeats: { readonly id: string; readonly line: number }[] = [];
  private readonly met = new MetIds();
  private readonly ids = new Map<Draft, string>();
  private readonly phases: readonly Phase[];
  private ordinal = 0;
  /** Some id stands on several lines. */
  hasCopies = false;

  constructor(private readonly options: SettleOptions, private readonly gatesCount: boolean, phases: readonly MutablePhase[]) {
    this.phases = phases.map(phaseOf);
  }

  warn(line: number, code: string, message: string, hint: string | null, severity: Diagnostic['severity'] = 'warning'): void {
    this.diagnostics.push({ severity, file: this.options.file, line, code, message, hint });
  }

  state(draft: Draft): TaskFileState {
    if (draft.box) return stateOf(draft.box.mark, draft.text, this.options.legend);
    const below = draft.children.filter((child) => child.box !== null);
    // What a person ticks says nothing about the work, unless nothing else is there.
    const own = below.filter((child) => !this.isGate(child));
    const boxes = own.length > 0 ? own : below;
    if (boxes.length === 0) return statedState(draft.details) ?? 'open';
    const states = boxes.map((child) => this.state(child));
    if (states.every((state) => state === 'done' || state === 'skipped')) return states.includes('done') ? 'done' : 'skipped';
    return states.some((state) => state === 'active') ? 'active' : 'open';
  }

  isGate(draft: Draft): boolean {
    if (draft.box === null || draft.box.level > 0) return false;
    if (draft.verifies && (this.options.activeIsUsual || draft.parsed.id === null)) return true;
    // Kiro numbers its checkpoints too; a task with a letter id that begins with the word is work.
    if (draft.parsed.id !== null) return isGateId(draft.parsed.id, draft.parsed.title);
    if (this.options.activeIsUsual && draft.parent === null && acceptance.test(draft.section ?? '')) return true;
    return isGateText(draft.text) || isGateText(draft.parsed.title) || (this.gatesCount && draft.underGate && draft.parent === null);
  }

  gate(draft: Draft): void {
    this.gates.push({ draft, gate: { title: draft.parsed.id === null ? draft.parsed.title : draft.text, file: this.options.file, line: draft.line, done: this.state(draft) === 'done' } });
  }

  private parentId(draft: Draft): string | null {
    for (let up = draft.parent; up; up = up.parent) {
      const id = this.ids.get(up);
      if (id !== undefined) return id;
    }
    return null;
  }

  private steps(drafts: readonly Draft[]): readonly Step[] {
    return drafts.length === 0 ? noSteps : drafts.filter((step) => !step.parsed.placeholder || step.parsed.title !== '').map((step) => ({
      id: null, title: step.parsed.title, line: step.line, done: this.state(step) === 'done' || this.state(step) === 'skipped',
    }));
  }

  task(draft: Draft): void {
    const own = idOf(draft);
    if (own === null && draft.parent !== null) return;
    if (draft.parsed.placeholder || this.isEmpty(draft)) {
      this.warn(draft.line, 'placeholder', `"${draft.text.slice(0, 60)}" is a line of the template that nobody filled in.`, 'It is not run; replace or delete it.', 'info');
      return;
    }
    this.ordinal += 1;
    const id = own ?? `#${this.ordinal}`;
    // A checklist that repeats ids sums up: its boxes are ticked along, but the task's own line tells the state.
    if (draft.underGate && this.met.has(id)) {
      this.repeats.push({ id, line: draft.line });
      this.hasCopies = true;
      return;
    }
    this.hasCopies ||= !this.met.add(id);
    if (draft.children.length > 0) this.ids.set(draft, id);
    const below = draft.children.length === 0 ? [] : stepDrafts(draft).filter((step) => !this.isGate(step));
    const state = this.state(draft);
    this.doubts(draft, id, state);
    const stories = draft.parsed.stories;
    const task: Task = {
      id, title: this.options.activeIsUsual && state === 'done' ? withoutSha(draft.parsed.title) : draft.parsed.title, file: this.options.file, line: draft.line, endLine: draft.endLine, lines: [draft.line],
      textHash: hashText(withoutSha(draft.text)), state, done: state === 'done', parallel: draft.parsed.parallel, parent: this.parentId(draft),
      steps: this.steps(below), story: stories[0] ?? null, stories,
      phase: draft.phase === null ? null : this.phases[draft.phase.index] ?? null, files: filesOf(below.length === 0 ? [draft] : [draft, ...below]),
      details: below.length === 0 ? draft.details : [...draft.details, ...below.flatMap((step) => step.details)], text: draft.text,
    };
    const placed = draft.section === null ? task : { ...task, section: draft.section };
    this.tasks.push(draft.box === null && this.isBoxless(draft) ? { ...placed, boxless: true } : placed);
  }

  /** An id without a word of what to do (where spaces are missing, `T002b` may be both). One that is done, or dropped with others of a range, still satisfies what names it. */
  private isEmpty(draft: Draft): boolean {
    return draft.parsed.empty && draft.box?.glued === false && draft.details.length + draft.children.length === 0 && !['done', 'skipped'].includes(this.state(draft));
  }

  /** A heading with nothing below it that an agent's work could tick. */
  private isBoxless(draft: Draft): boolean {
    return draft.children.every((child) => child.box === null || this.isGate(child));
  }

  private doubts(draft: Draft, id: string, state: TaskFileState): void {
    if (draft.box?.glued) this.warn(draft.line, 'no-spaces', `${id}: the spaces around the box are missing.`, null, 'info');
    if (state === 'done') return;
    const mark = draft.box?.mark.trim() ?? '';
    if (state === 'unknown') this.warn(draft.line, 'unknown-state', `${id}: the state "[${mark}]" has no known meaning; it is treated as open.`, 'Use [ ] or [x], or explain the mark in a legend.');
    else if (state === 'blocked') this.warn(draft.line, 'blocked', `${id} is marked as blocked, so what depends on it will not start.`, 'Clear the mark when the reason is gone.');
    else if (state === 'active' && !this.options.activeIsUsual) this.warn(draft.line, 'needs-decision', `${id}: "[${mark}]" may mean in progress, partial or dropped; it is treated as open.`, 'Set [x] or [ ], or write DROPPED.');
    else if (state === 'open' && saysDropped(draft.parsed.title)) this.warn(draft.line, 'open-but-dropped', `${id} is open but says that it was dropped or deferred.`, 'Confirm it before it runs, or mark it [-].');
  }
}

/** A phase without a telling heading is a story phase when most of its tasks carry a story label. */
function settlePhases(drafts: readonly Draft[], phases: readonly MutablePhase[]): void {
  const counts = phases.map(() => ({ all: 0, told: 0 }));
  for (const draft of drafts) {
    const count = draft.phase === null || draft.parent !== null ? undefined : counts[draft.phase.index];
    if (!count) continue;
    count.all += 1;
    if (draft.parsed.stories.length > 0) count.told += 1;
  }
  for (const phase of phases) {
    const count = counts[phase.index];
    if (phase.kind === 'other' && count && count.told * 2 > count.all) phase.kind = 'story';
  }
}

/** One task per id: later copies, which go to `copies`, are folded into the first; copies that disagree leave the task open. */
function foldDuplicates(found: Settling, copies: Map<string, Task[]>): Task[] {
  if (!found.hasCopies) return found.tasks;
  const first = new Map<string, Task>();
  for (const task of found.tasks) {
    if (first.has(task.id)) listAt(copies, task.id).push(task);
    else first.set(task.id, task);
  }
  const repeats = new Map<string, number[]>();
  for (const { id, line } of found.repeats) listAt(repeats, id).push(line);
  return [...first.values()].map((task) => folded(found, task, copies.get(task.id) ?? [], repeats.get(task.id) ?? []));
}

function folded(found: Settling, task: Task, copies: readonly Task[], repeats: readonly number[]): Task {
  if (copies.length === 0 && repeats.length === 0) return task;
  const lines = [task.line, ...copies.map((copy) => copy.line), ...repeats];
  if (copies.length === 0) return { ...task, lines };
  const [differ, meaning] = copies.some((copy) => copy.textHash !== task.textHash) ? [' with different texts', 'it is one task, and one agent does what all of them say'] : ['', 'it is one task'];
  found.warn(task.line, 'duplicate-id', `${task.id} stands on ${lines.length} lines${differ} (${lines.slice(0, 5).join(', ')}); ${meaning}.`, 'Give each task an id of its own.');
  const all = [task, ...copies];
  // A heading without boxes says nothing about the state of its copies.
  const withBox = all.filter((copy) => copy.boxless !== true);
  // Nor does a mark that nobody knows, where another copy has one.
  const telling = withBox.some((copy) => copy.state !== 'unknown') ? withBox.filter((copy) => copy.state !== 'unknown') : withBox;
  const { boxless: _, ...boxed } = task;
  const known = telling.length > 0 ? boxed : task;
  const state = telling[0]?.state ?? task.state;
  if (telling.every((copy) => copy.state === state)) return { ...known, lines, state, done: state === 'done' };
  found.warn(task.line, 'conflicting-state', `The copies of ${task.id} disagree about its state; it is treated as open.`, 'Set the same state on every copy.');
  return { ...known, lines, state: 'open', done: false };
}

/** What other lines with the id of a task say is part of it: all of them are ticked when it is done, so its agent must have been told each. */
function withTexts(task: Task, copies: readonly Task[]): Task {
  const told = new Set([task.textHash]);
  const other = copies.filter(({ textHash }) => !told.has(textHash) && told.add(textHash));
  if (other.length === 0) return task;
  return {
    ...task, files: [...new Set([task, ...other].flatMap(({ files }) => files))], details: [...task.details, ...other.flatMap(({ details }) => details)],
    steps: [...task.steps, ...other.flatMap(({ title, line, state, steps }) => [{ id: null, title, line, done: state === 'done' || state === 'skipped' }, ...steps])],
  };
}

/**
 * A done parent settles its children; a parent is done when all its children and steps are done or skipped, but the `optional` ones, and not all of them
 * `skipped` (both by line): where nothing was done below it, its own box tells.
 */
function settleFamilies(tasks: readonly Task[], optional: ReadonlySet<number>, skipped: ReadonlySet<number>): readonly Task[] {
  const children = new Map<string, Task[]>();
  for (const task of tasks) if (task.parent !== null) listAt(children, task.parent).push(task);
  if (children.size === 0 && !tasks.some((task) => task.steps.length > 0)) return tasks;
  const done = new Map(tasks.map((task) => [task.id, task.done]));
  for (const task of [...tasks].reverse()) {
    const below = children.get(task.id);
    const isSettled = (child: Task): boolean => done.get(child.id) === true || child.state === 'skipped';
    // Optional children alone prove nothing, nor do skipped ones.
    if (below === undefined && (task.steps.length === 0 || task.state === 'blocked')) continue;
    const isTelling = below?.some((child) => done.get(child.id) === true) === true || task.steps.some((step) => !optional.has(step.line) && !skipped.has(step.line));
    const isDone = (below ?? []).every((child) => isSettled(child) || optional.has(child.line)) && task.steps.every((step) => step.done || optional.has(step.line));
    if (isTelling && isDone) done.set(task.id, true);
  }
  for (const task of tasks) if (task.parent !== null && done.get(task.parent) === true) done.set(task.id, true);
  return tasks.map((task) => ({ ...task, done: done.get(task.id) ?? task.done }));
}

/** Open boxes below a task that is marked as skipped: nobody works on them, which the box itself does not show. */
function leftOpen(tasks: readonly Task[], found: Settling): void {
  const skipped = new Map<string, string[]>();
  for (const task of tasks) if (task.state === 'skipped' && !task.done) skipped.set(task.id, task.steps.filter((step) => !step.done).map(({ title }) => `"${title.slice(0, 60)}"`));
  if (skipped.size === 0) return;
  for (const task of tasks) if (task.parent !== null && !task.done && task.state !== 'skipped') skipped.get(task.parent)?.push(task.id);
  for (const { id, line, parent } of tasks) {
    const open = skipped.get(id);
    if (open === undefined || open.length === 0) continue;
    const names = `${open.slice(0, 8).join(', ')}${open.length > 8 ? ` and ${open.length - 8} more` : ''}`;
    found.warn(line, 'skipped-parent', `${id} is marked as skipped, so what is open below it is left out too${parent === null ? ' and never run' : ''}: ${names}.`, 'Open the task again to have it done, or mark these as skipped too.');
  }
}

const requirements = /^[-*\s]*_Requirements?:/;

/** Kiro writes `[-]` for work in progress; everywhere else it means skipped, and so it does here (formats.md section 2). Silence would lose the task. */
function dashesOfKiro(drafts: readonly Draft[], found: Settling, legend: Legend): void {
  const dashed = drafts.filter(({ box }) => box?.mark.trim() === '-');
  if (dashed.length === 0 || legend.has('-') || !drafts.some(({ details }) => details.some(({ text }) => requirements.test(text)))) return;
  for (const { line, text } of dashed) found.warn(line, 'kiro-dash', `"${text.slice(0, 60)}" is marked [-], which Kiro writes for work in progress; here it means skipped, so it is not run.`, 'Set it to [ ] to have it done, or to [x].');
}

/** The gates with the heading that each stands below, where no task stands below the same phase. */
function placed({ gates, tasks }: Settling): readonly Gate[] {
  if (gates.length === 0) return [];
  const used = new Set(tasks.map((task) => task.phase?.index));
  return gates.map(({ gate, draft }) => {
    const heading = draft.phase === null ? draft.section : used.has(draft.phase.index) ? null : draft.phase.title;
    return heading === null ? gate : { ...gate, heading };
  });
}

/** Settles the drafts of one file. Pure. */
export function settle(drafts: readonly Draft[], phases: readonly MutablePhase[], options: SettleOptions): Settled {
  settlePhases(drafts, phases);
  let outer = 0;
  let withId = 0;
  const optional = new Set<number>();
  for (const draft of drafts) {
    if (draft.box?.optional === true) optional.add(draft.line);
    if (draft.parent !== null) continue;
    outer += 1;
    if (idOf(draft) !== null) withId += 1;
  }
  const settling = new Settling(options, outer > 0 && withId >= outer * 0.6, phases);
  const skipped = new Set<number>();
  for (const draft of drafts) {
    if (settling.isGate(draft)) settling.gate(draft);
    else settling.task(draft);
    if (draft.parent !== null && draft.box !== null && settling.state(draft) === 'skipped') skipped.add(draft.line);
  }
  const copies = new Map<string, Task[]>();
  const settled = settleFamilies(foldDuplicates(settling, copies), optional, skipped);
  // Only now: a copy that is done does not make the task done.
  const tasks = copies.size === 0 ? settled : settled.map((task) => withTexts(task, copies.get(task.id) ?? []));
  leftOpen(tasks, settling);
  dashesOfKiro(drafts, settling, options.legend);
  return { tasks, gates: placed(settling), diagnostics: settling.diagnostics };
}
