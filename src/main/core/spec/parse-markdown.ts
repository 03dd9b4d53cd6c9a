/** A Markdown task file as tasks, phases, gates and dependency prose: the passes of formats.md section 4 in order. */
import type { Diagnostic, Dialect, Gate, Phase, Spec, Task } from '../../../shared/domain';
import { withAssignments } from './assignments';
import { buildDrafts, phaseOf } from './drafts';
import { parseFallback } from './fallback';
import { isLeakedLine, leakedBehind } from './leaked';
import { humanTasks, withMarkers } from './markers';
import { lineLimit, refusal, scan, type Scan } from './scan';
import { hiddenBoxes, mergeConflicts } from './stray-lines';
import { settle } from './tasks';

export interface ParsedFile {
  readonly title: string | null;
  readonly tasks: readonly Task[];
  readonly phases: readonly Phase[];
  readonly gates: readonly Gate[];
  readonly prose: Spec['prose'];
  readonly diagnostics: readonly Diagnostic[];
  /** Tasks have no box that could be ticked: their progress is kept elsewhere. */
  readonly readOnly: boolean;
}

export interface ParseOptions {
  /** The name that tasks and diagnostics carry. */
  readonly file: string;
  readonly dialect: Dialect;
  /** The scan of the same text, where there is one already. */
  readonly scan?: Scan;
}

const maxReported = 20;
/** Markup that does not end where it should, or does not belong here: read all the same, and told. */
function strayMarkup({ rows, unclosed }: Scan, file: string): Diagnostic[] {
  const told: Diagnostic[] = [];
  const add = (line: number, code: string, message: string, hint: string): void => void told.push({ severity: 'warning', file, line, code, message, hint });
  if (unclosed.fence !== null) add(unclosed.fence, 'unclosed-fence', 'A code fence opens here and never closes, so what follows is read as text.', 'Close the fence, or remove it.');
  if (unclosed.comment !== null) add(unclosed.comment, 'unclosed-comment', 'A comment opens here and never closes, so what follows is read as text.', 'Write --> where it ends.');
  const line = rows.find((row) => row.kind === 'text' && isLeakedLine(row.visible));
  if (line) add(line.number, 'leaked-markup', `"${line.visible.trim().slice(0, 60)}" looks like markup that an agent left behind.`, 'Delete the line.');
  for (const row of rows) {
    const tag = row.kind === 'box' || row.kind === 'heading' ? leakedBehind(row.visible) : '';
    if (tag !== '' && told.length < maxReported) add(row.number, 'leaked-markup', `"${tag.slice(0, 60)}" at the end of this line looks like markup that an agent left behind; it is no part of the title.`, 'Delete it.');
  }
  return told;
}

function strayLines({ rows }: Scan, file: string): Diagnostic[] {
  const told = rows.filter((row) => !row.fenced);
  return [...mergeConflicts(told, file), ...hiddenBoxes(told, file)];
}

function longLines(found: Scan, file: string): Diagnostic[] {
  const long = found.rows.filter((row) => row.raw.length > lineLimit && !row.fenced).slice(0, maxReported);
  return long.map(({ number: line }) => ({ severity: 'warning', file, line, code: 'long-line', message: `Only the first ${lineLimit} characters of this line are read.`, hint: 'Break the line.' }));
}

/** A text that is no task list (binary, a diff) gives no tasks and one error with code `not-a-task-list`. Linear in its size. */
export function parseMarkdown(text: string, options: ParseOptions): ParsedFile {
  const refused = refusal(text);
  if (refused) {
    return {
      title: null, tasks: [], phases: [], gates: [], prose: [], readOnly: true,
      diagnostics: [{ severity: 'error', file: options.file, line: refused.line, code: 'not-a-task-list', message: refused.detail, hint: 'Restore the task file, or choose another one.' }],
    };
  }
  const found = options.scan ?? scan(text);
  const { drafts, phases, prose } = buildDrafts(found, options.file, options.dialect === 'track');
  const settled = settle(drafts, phases, { file: options.file, legend: found.legend, activeIsUsual: options.dialect === 'track' });
  const used = new Set(settled.tasks.map((task) => task.phase?.index));
  const kept = phases.filter((phase) => used.has(phase.index)).map(phaseOf);
  const tasks = options.dialect === 'track' ? withAssignments(settled.tasks, found, options.file) : settled.tasks;
  const base: ParsedFile = { title: found.title, tasks, phases: kept, gates: settled.gates, prose, diagnostics: [...settled.diagnostics, ...longLines(found, options.file), ...strayMarkup(found, options.file), ...strayLines(found, options.file)], readOnly: false };
  const parsed = tasks.length > 0 ? base : parseFallback(found, options.file, base);
  const marked = withMarkers(found, parsed.tasks, options.file);
  const told = [...marked.diagnostics, ...(options.dialect === 'checklist' ? humanTasks(parsed.tasks) : [])];
  return { ...parsed, tasks: marked.tasks, gates: [...parsed.gates, ...marked.gates], diagnostics: [...parsed.diagnostics, ...told] };
}
