/** Auto Run's markers in comments (formats.md section 1.5): a halt, and places where a person is needed before the run goes on. */
import type { Diagnostic, Gate, Task } from '../../../shared/domain';
import type { Scan } from './scan';

interface Marked {
  readonly tasks: readonly Task[];
  readonly gates: readonly Gate[];
  readonly diagnostics: readonly Diagnostic[];
}

const attribute = (comment: string, name: string): string => new RegExp(`\\b${name}\\s*=\\s*["']([^"']{1,300})["']`, 'i').exec(comment)?.[1]?.trim() ?? '';

/** `reason="Look at the mockups" artifact="docs/a.png"` -> "Look at the mockups (see docs/a.png)". */
function wordsOf(comment: string): string {
  const reason = attribute(comment, 'reason') || 'A person should look at this';
  const artifact = attribute(comment, 'artifact');
  return artifact === '' ? reason : `${reason} (see ${artifact})`;
}

/** A marker is pending until the first task below it is done: whoever ticked that one has seen the marker. */
const nextBelow = (tasks: readonly Task[], line: number): Task | undefined => tasks.find((task) => task.parent === null && task.line > line);

/** A task that says of itself that a person is needed: `[HITL]`, `(HITL)`, `**HITL**`, `HITL: ...`. */
const label = /[[(]HITL[\])]|\*\*HITL:?\*\*|(?<![\p{L}\p{N}])HITL\s?:/u;
const isLabelled = (text: string): boolean => text.includes('HITL') && label.test(text.replace(/`[^`]*`/g, ''));

/** Open units that carry the label, or hold something open that does, want a person too. */
function withLabels(tasks: readonly Task[], file: string, diagnostics: readonly Diagnostic[]): Pick<Marked, 'tasks' | 'diagnostics'> {
  const isOpen = (task: Task): boolean => !task.done && task.state !== 'skipped';
  const lines = new Map<string, number>();
  let parents: ReadonlyMap<string, string | null> | null = null;
  for (const task of tasks) {
    const line = isOpen(task) && isLabelled(task.text) ? task.line : isOpen(task) ? task.steps.find((step) => !step.done && isLabelled(step.title))?.line : undefined;
    if (line === undefined) continue;
    // Made with the first label: nearly no file has one.
    parents ??= new Map(tasks.map(({ id, parent }) => [id, parent]));
    let unit = task.id;
    for (let up = parents.get(unit); up; up = parents.get(up)) unit = up;
    if (!lines.has(unit)) lines.set(unit, line);
  }
  if (lines.size === 0) return { tasks, diagnostics };
  const told = [...lines].map(([id, line]): Diagnostic => ({ severity: 'warning', file, line, code: 'human-needed', message: `${id} is marked HITL: a person is needed before it.`, hint: 'A run asks before it starts it.' }));
  const marked = tasks.map((task) => {
    const line = task.parent === null && task.person === undefined ? lines.get(task.id) : undefined;
    return line === undefined ? task : { ...task, person: `marked HITL, line ${line}` };
  });
  return { tasks: marked, diagnostics: [...diagnostics, ...told] };
}

/** Reads the markers of one file. Open tasks below a pending marker say in `person` what a person is needed for; the nearest marker above counts. */
export function withMarkers(found: Scan, tasks: readonly Task[], file: string): Marked {
  const diagnostics: Diagnostic[] = [];
  const gates: Gate[] = [];
  const pending: { readonly line: number; readonly words: string }[] = [];
  for (const { comments, number: line } of found.rows) {
    if (comments.length === 0) continue;
    for (const comment of comments) {
      if (/^maestro:halt\b/i.test(comment)) diagnostics.push({ severity: 'error', file, line, code: 'halt', message: `The file says halt: ${comment.replace(/^maestro:halt:?\s*/i, '')}`, hint: 'Delete the marker when the reason is gone.' });
      if (!/^MAESTRO:HITL\b/.test(comment)) continue;
      const words = wordsOf(comment);
      const next = nextBelow(tasks, line);
      const isPending = next === undefined || !(next.done || next.state === 'skipped');
      gates.push({ title: words, file, line, done: !isPending });
      if (!isPending) continue;
      if (next) pending.push({ line, words });
      diagnostics.push({
        severity: 'warning', file, line, code: 'human-needed', message: `A person is needed here: ${words}.`,
        hint: next ? `A run does what stands above, then asks before ${next.id}.` : 'Nothing stands below it, so no run waits for it.',
      });
    }
  }
  if (pending.length === 0) return { ...withLabels(tasks, file, diagnostics), gates };
  const marked = tasks.map((task): Task => {
    const above = task.done ? undefined : pending.filter(({ line }) => line < task.line).at(-1);
    return above ? { ...task, person: `${above.words}, line ${above.line}` } : task;
  });
  return { ...withLabels(marked, file, diagnostics), gates };
}

/** Work that Auto Run leaves to people: tests by hand, looks, approvals, secrets. */
const forPeople = /\bmanual(?:ly)?\s+(?:test|verif|check|review|qa|smoke|confirm|inspect|walk)|\bvisual(?:ly)?\s+(?:check|inspect|verif|review|confirm|qa)|\b(?:get|obtain|request|await|wait for|ask for)\s+(?:\w+\s+){0,3}?(?:approval|sign-?off)|\b(?:provide|enter|supply|obtain|request)\s+(?:\w+\s+){0,3}?(?:credentials|api keys?|passwords?|secrets?)\b/i;
const maxReported = 20;

/** A warning for each open task that sounds like work for a person; it runs all the same. */
export function humanTasks(tasks: readonly Task[]): readonly Diagnostic[] {
  const found = tasks.filter((task) => !task.done && task.state !== 'skipped' && forPeople.test(task.title)).slice(0, maxReported);
  return found.map(({ id, file, line }) => ({ severity: 'warning', file, line, code: 'human-task', message: `${id} sounds like work for a person.`, hint: 'Tick it by hand, or write a MAESTRO:HITL marker above it so that the run asks.' }));
}
