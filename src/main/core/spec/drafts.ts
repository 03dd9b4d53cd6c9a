/** Pass 3: boxes and task headings with their nesting, continuation, phase and section. Ids and gates are settled later. */
import type { Phase, SourceLine } from '../../../shared/domain';
import { widthOf, type Box } from './box';
import {
  groupHeading, isDependencyHeading, isGateHeading, isVerificationHeading, packageHeading, phaseHeading, phaseKind, storyHeading, taskHeading,
  type Heading, type PhaseHeading,
} from './headings';
import { idAt } from './ids';
import type { Row, Scan } from './scan';
import { parseTaskText, type TaskText } from './title';

/** A box or task heading on its way to become a task, a step or a gate. */
export interface Draft {
  readonly line: number;
  readonly text: string;
  readonly parsed: TaskText;
  /** Null for a heading without a box. */
  readonly box: Box | null;
  readonly parent: Draft | null;
  children: Draft[];
  details: SourceLine[];
  comments: readonly string[];
  readonly phase: MutablePhase | null;
  readonly section: string | null;
  readonly underGate: boolean;
  /** Stands below the heading of a phase's completion verification. */
  readonly verifies: boolean;
  endLine: number;
}

export interface MutablePhase extends Omit<Phase, 'kind'> {
  kind: Phase['kind'];
  readonly line: number;
}

/** A phase without the place where it was found. */
export const phaseOf = ({ index, number, title, kind, label }: MutablePhase): Phase => ({ index, number, title, kind, ...(label === undefined ? {} : { label }) });

export interface Drafts {
  readonly drafts: readonly Draft[];
  readonly phases: readonly MutablePhase[];
  readonly prose: readonly (SourceLine & { readonly phase: number | null })[];
}

const maxDetails = 200;
/** Shared by the many drafts without any, and never written to. */
const noChildren: Draft[] = [];
const noDetails: SourceLine[] = [];
const belowPhase = /^[ \t]*>|^[ \t]*[-*]?[ \t]*(?:\*\*|__)?[^\p{L}]*(?:depend|prerequisite|requires|blocked|blocks|independent(?:ly)? (?:of|from)|依存|依赖)/iu;

/** Whether a line speaks of stories and, after that, of parallel. Two searches, since one pattern for both is quadratic. */
function storiesParallel(text: string): boolean {
  const at = text.search(/\bstor(?:y|ies)\b/i);
  return at >= 0 && /\bparallel\b/i.test(text.slice(at));
}

type PhaseRule = (heading: Heading) => PhaseHeading | null;

/** Which headings are phases in this file: named phases, else numbered groups, else stories, else the headings above boxes. */
function phaseRule(rows: readonly Row[], isTask: (heading: Heading) => boolean): PhaseRule {
  const headings: Heading[] = [];
  for (const row of rows) if (row.kind === 'heading' && row.box === null && !isTask(row.heading) && !isVerificationHeading(row.heading.text)) headings.push(row.heading);
  const usual = headings.filter((heading) => heading.level <= 3 && !taskHeading(heading.text));
  for (const rule of [phaseHeading, packageHeading, groupHeading, storyHeading]) {
    if (usual.some((heading) => rule(heading.text))) return (heading) => (heading.level <= 3 && !taskHeading(heading.text) ? rule(heading.text) : null);
  }
  // Files whose only headings of phases are bold lines.
  if (headings.some((heading) => heading.level === 7 && phaseHeading(heading.text))) return (heading) => (heading.level === 7 ? phaseHeading(heading.text) : null);
  const owners = new Set<number>();
  let last: Heading | null = null;
  for (const row of rows) {
    if (row.kind === 'heading' && row.box === null && row.heading.level > 1 && row.heading.level <= 3 && !isTask(row.heading)) last = row.heading;
    if (row.kind === 'box' && last) owners.add(last.level);
  }
  const level = Math.min(...owners);
  return (heading) => (heading.level === level && !taskHeading(heading.text) && !isGateHeading(heading.text) && !/^(?:Tasks?|TODO|Task List)$/i.test(heading.text) ? { number: null, title: heading.text } : null);
}

const isNamedPhase = (text: string): boolean => [phaseHeading, packageHeading, groupHeading, storyHeading].some((rule) => rule(text) !== null);

/** Walks the rows once; the fields are where the walk stands. */
class Walk {
  readonly drafts: Draft[] = [];
  readonly phases: MutablePhase[] = [];
  readonly prose: (SourceLine & { phase: number | null })[] = [];
  private stack: Draft[] = [];
  private owner: { draft: Draft; level: number } | null = null;
  private phase: { phase: MutablePhase; level: number } | null = null;
  private section: Heading | null = null;
  private gate: Heading | null = null;
  private verification: Heading | null = null;
  private dependency: number | null = null;
  private fresh = false;

  constructor(private readonly file: string, private readonly phaseOf: PhaseRule, private readonly isTask: (heading: Heading) => boolean) {}

  visit(row: Row): void {
    if (row.kind === 'heading') this.heading(row.heading, row.box, row);
    else if (row.kind === 'box') this.box(row.box, row);
    else if (row.kind === 'rule') this.stack = [];
    else if (row.kind === 'text') this.text(row);
    else if (row.kind === 'fenced') this.fenced(row);
    else if (row.kind === 'comment') this.claims(this.stack.filter((draft) => widthOf(/^[ \t]*/.exec(row.raw)?.[0] ?? '') > (draft.box?.indent ?? 0)).at(-1) ?? this.owner?.draft, row);
  }

  private line(row: Row): SourceLine {
    return { file: this.file, line: row.number, text: row.visible.trim() };
  }

  private heading(heading: Heading, box: Box | null, row: Row): void {
    this.stack = [];
    // A bold line between a task heading and its boxes ("**Files:**") is part of the task.
    const inTask = this.owner !== null && heading.level > this.owner.level;
    if (this.owner && !inTask) this.owner = null;
    if (this.gate && heading.level <= this.gate.level) this.gate = null;
    if (this.verification && (heading.level <= this.verification.level || box !== null || this.isTask(heading))) this.verification = null;
    if (box === null && this.dependency === null && isVerificationHeading(heading.text)) {
      this.verification = heading;
      this.gate = heading;
      this.section = heading;
      this.owner = null;
      return;
    }
    if (isGateHeading(heading.text) && !isNamedPhase(heading.text)) this.gate = heading;
    if (this.dependency !== null && heading.level <= this.dependency && heading.level < 7) this.dependency = null;
    if (this.dependency !== null && box === null) {
      this.prose.push({ ...this.line(row), phase: null });
      return;
    }
    if (heading.level > 1 && heading.level < 7 && box === null && isDependencyHeading(heading.text) && !this.isTask(heading) && !/[A-Z]/.test(idAt(heading.text, 0)?.id ?? '') && !phaseHeading(heading.text) && !groupHeading(heading.text)) {
      this.dependency = heading.level;
      // `### Dependencies` of a work package speaks of that package.
      if (!this.isInPackage(heading)) this.phase = null;
      this.owner = null;
      return;
    }
    if (box !== null || this.isTask(heading)) this.headingTask(heading, box, row);
    else if (inTask) this.continueOwner(row);
    else this.enterPhase(heading);
  }

  private isInPackage(heading: Heading): boolean {
    return this.phase?.phase.label?.startsWith('WP') === true && heading.level > this.phase.level;
  }

  private enterPhase(heading: Heading): void {
    const found = this.phaseOf(heading);
    if (found) {
      const phase = { index: this.phases.length, ...found, kind: phaseKind(heading.text), line: heading.line };
      this.phases.push(phase);
      this.phase = { phase, level: heading.level };
      this.section = null;
      this.fresh = true;
      return;
    }
    if (heading.level < 7 && this.phase && heading.level <= this.phase.level) this.phase = null;
    if (this.section === null || heading.level < 7 || this.section.level === 7) this.section = heading;
  }

  private headingTask(heading: Heading, box: Box | null, row: Row): void {
    const text = box?.text ?? heading.text;
    const draft = this.add(box, text, row, null);
    this.owner = { draft, level: heading.level };
  }

  private add(box: Box | null, text: string, row: Row, parent: Draft | null): Draft {
    const draft: Draft = {
      line: row.number, text: text.trim(), parsed: box?.parsed ?? parseTaskText(text), box, parent, children: noChildren,
      details: noDetails, comments: row.comments, phase: this.phase?.phase ?? null, section: this.section?.text ?? null,
      underGate: this.gate !== null, verifies: this.verification !== null, endLine: row.number,
    };
    if (parent?.children === noChildren) parent.children = [draft];
    else parent?.children.push(draft);
    this.drafts.push(draft);
    this.fresh = false;
    for (let up = parent; up; up = up.parent) up.endLine = row.number;
    return draft;
  }

  private box(box: Box, row: Row): void {
    while (this.stack.length > 0 && box.indent < (this.stack.at(-1)?.box?.column ?? 0)) this.stack.pop();
    const parent = this.stack.at(-1) ?? this.owner?.draft ?? null;
    this.stack.push(this.add(box, box.text, row, parent));
  }

  private text(row: Row & { kind: 'text' }): void {
    while (this.stack.length > 0 && row.indent <= (this.stack.at(-1)?.box?.indent ?? 0)) this.stack.pop();
    const inner = this.stack.at(-1);
    if (inner) this.extend(inner, row, true);
    else if (this.owner) this.continueOwner(row);
    else if (this.dependency !== null) this.prose.push({ ...this.line(row), phase: this.phase?.phase.index ?? null });
    else if (this.fresh && this.phase && belowPhase.test(row.visible)) this.prose.push({ ...this.line(row), phase: this.phase.phase.index });
    else if (storiesParallel(row.visible)) this.prose.push({ ...this.line(row), phase: null });
  }

  private fenced(row: Row): void {
    const inner = this.stack.at(-1) ?? this.owner?.draft;
    if (this.dependency !== null) this.prose.push({ file: this.file, line: row.number, text: row.raw.trimEnd(), phase: null });
    else if (inner) this.extend(inner, row, false);
  }

  /** `<!-- files: a, b -->` below a task is what it claims, as it is on the task's own line. */
  private claims(draft: Draft | undefined, row: Row): void {
    const claims = row.comments.filter((comment) => /^files:/i.test(comment));
    if (draft && claims.length > 0) draft.comments = [...draft.comments, ...claims];
  }

  private continueOwner(row: Row): void {
    if (this.owner) this.extend(this.owner.draft, row, true);
  }

  private extend(draft: Draft, row: Row, told: boolean): void {
    if (row.comments.length > 0) this.claims(draft, row);
    if (told && draft.details === noDetails) draft.details = [this.line(row)];
    else if (told && draft.details.length < maxDetails) draft.details.push(this.line(row));
    for (let up: Draft | null = draft; up; up = up.parent) up.endLine = row.number;
  }
}

const letterTask = /^(?:[a-z0-9]{4,12}-)?T-?\d|^TASK-|^WP\d/;

/** `### T2-001: title` in a file none of whose boxes has an id: the boxes below are its criteria. */
function letteredHeadings(rows: readonly Row[]): (heading: Heading) => boolean {
  const isLettered = ({ level, text }: Heading): boolean => level >= 2 && level <= 5 && letterTask.test(idAt(text, 0)?.id ?? '');
  let count = 0;
  let boxes = 0;
  for (const row of rows) {
    if (row.kind === 'box') boxes += 1;
    if ((row.kind === 'box' || row.kind === 'heading') && row.box !== null && row.box.parsed.id !== null) return () => false;
    if (row.kind === 'heading' && row.box === null && isLettered(row.heading)) count += 1;
  }
  return count >= 2 && boxes > 0 ? isLettered : () => false;
}

/** Whether a heading stands for a task by itself: `Task 1.1: title`, an id with letters above boxes without ids, or `2. title` in a plan that marks dependencies so. */
function headingTasks(rows: readonly Row[], plan: boolean): (heading: Heading) => boolean {
  const numbered = plan && rows.some((row) =>
    (row.kind === 'text' && /^\s*\[depends:/i.test(row.visible)) || (row.kind === 'heading' && /^Acceptance Criteria/i.test(row.heading.text)));
  const isLettered = letteredHeadings(rows);
  return (heading) => heading.level >= 2 && heading.level <= 5 && (taskHeading(heading.text) || isLettered(heading) || (numbered && heading.level >= 3 && groupHeading(heading.text) !== null));
}

/** Builds the drafts of one file. `plan` turns on the heading shapes of track plans. */
export function buildDrafts(found: Scan, file: string, plan: boolean): Drafts {
  const isTask = headingTasks(found.rows, plan);
  const rule = phaseRule(found.rows, isTask);
  const walk = new Walk(file, rule, isTask);
  for (const row of found.rows) walk.visit(row);
  return { drafts: walk.drafts, phases: walk.phases, prose: walk.prose };
}
