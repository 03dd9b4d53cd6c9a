/** Rule 3 of formats.md section 5: what the dependency section, and quotes below phase headings, say about order. */
import type { Diagnostic, SourceLine, Spec } from '../../../shared/domain';
import type { Link } from './graph';
import type { Group, Model } from './model';
import { Families } from './families';
import { clausesOf, sidesOf, withoutRemarks } from './clauses';
import type { Ref, Refs } from './refs';
import { StoryParts, wholeOf } from './story-parts';

type Line = Spec['prose'][number];

/** `after`: groups that a group was said to wait for, with the line that says so. */
export interface GroupRule {
  readonly after: Map<number, SourceLine>;
  /** Said to depend on nothing, or on nothing but `after`. */
  replaces: boolean;
  /** Groups it was said to be independent of. */
  readonly apart: Set<number>;
}

export interface Section {
  readonly links: readonly Link[];
  readonly rules: ReadonlyMap<number, GroupRule>;
  /** What single stories of shared phases wait for. */
  readonly parts: Pick<StoryParts, 'all'>;
  /** The line that lets stories run side by side, or null. */
  readonly storiesParallel: SourceLine | null;
  /** Units that may run beside their neighbours although they carry no [P]. */
  readonly parallel: ReadonlySet<number>;
  /** `from>to` pairs that were said to be independent. */
  readonly apart: ReadonlySet<string>;
  readonly diagnostics: readonly Diagnostic[];
}

const arrows = /\s*(?:→|⟶|➜|──▶|-+>|=>|⇒)\s*/;
const tree = /[│├└┌┐┘┬┴▼↓]|^\s*\|?\s*v\s*$/;
const together = /\b(?:in parallel|parallel(?:ly|izable|isable)?|concurrently|simultaneously|side by side)\b|∥|‖|\|\||并行|並行|並列|병렬/i;
const notTogether = /\b(?:not|cannot|can't|never|no)\b[^.;]{0,30}\bparallel/i;
const inSequence = /\b(?:sequential(?:ly)?|same[- ]file|in order|one (?:at a time|after another)|strictly serial)\b/i;
const nothing = /^\W*(?:no dependenc(?:y|ies)|none|nothing|无依赖|無依賴|依存なし|なし|无|의존성 없음)\b|\b(?:no (?:other )?dependenc(?:y|ies)|depends on nothing)\b|无依赖|依存なし/i;
const onStories = /\bno (?:story |other )?dependenc(?:y|ies) on (?:other|any)|\bindependent(?:ly)? of (?:the )?other|no (?:other )?story dependenc/i;
const apartFrom = /\b(?:independent(?:ly)? (?:of|from)|no dependenc(?:y|ies) on|(?:does|do) not depend on|doesn't depend on|not dependent on|no hard dependency on|without waiting for)\b/i;
const storyWord = /\bstor(?:y|ies)\b|用户故事|ユーザーストーリー/i;
const none = /^[\s:：*]*(?:none|nothing|n\/a|无|無|なし|없음)(?![\p{L}\p{N}])/iu;
/** One way through the phases, or an example: an order, but not all that there is to wait for. */
const onePath = /critical (?:path|chain)|longest|\bMVP\b|minim(?:um|al)|suggested|recommended|strategy|\bexample|e\.g\.|关键路径|關鍵路徑|クリティカル/i;
const headingLine = /^#{1,6}\s|^(?:\*\*|__)[^*]+(?:\*\*|__)\s*[:：]?\s*$/;
/** What follows these words says no more about what must come first. */
const aside = /[,;]?\s*\b(?:but|integrates?|may|might|can (?:run|start)|not|no|without|independent(?:ly)?|then|so that)\b/i;
/** `**Dependencies**: Phase 1` below the heading of a phase. */
const dependsKey = /^[\s>*_-]*(?:Dependenc(?:y|ies)|Deps|Prerequisites?)[\s*_]*[:：][\s*_]*/i;
const dependsColumn = /depend|blocked by|prerequisite|requires|start after|依赖|依存/i;

/** Characters of one line, and of all lines, that are read. */
const proseLimit = 2000;
const sectionLimit = 1_000_000;

/** `T006→T007, T008→T009` is two chains where the arrows bind closer than the commas; `A → B, C → D` has a set in its middle. */
function chainsOf(clause: string): string[] {
  const parts = /\S(?:→|⟶|➜|-+>|=>|⇒)\S/.test(clause) && !/\s(?:→|⟶|➜|-+>|=>|⇒)/.test(clause) ? clause.split(/,\s+(?![^()]*\))/) : [clause];
  return parts.length > 1 && parts.every((part) => arrows.test(part)) ? parts : [clause];
}

const ruleOf = (rules: Map<number, GroupRule>, group: number): GroupRule => {
  const known = rules.get(group) ?? { after: new Map<number, SourceLine>(), replaces: false, apart: new Set<number>() };
  rules.set(group, known);
  return known;
};

/** Reads the lines in order; the fields collect what they say. */
class Reader {
  readonly links: Link[] = [];
  readonly rules = new Map<number, GroupRule>();
  readonly parts = new StoryParts();
  readonly parallel = new Set<number>();
  readonly apart = new Set<string>();
  readonly diagnostics: Diagnostic[] = [];
  storiesParallel: SourceLine | null = null;
  private fence: string | null = null;
  private columns: { subject: number; depends: number[] } | null = null;
  private subject: readonly Ref[] = [];
  private underOnePath = false;
  private treeReported = false;
  private length = 0;
  private tooLong: Line | null = null;
  private nodes = new Map<string, readonly Ref[]>();
  private readonly unknown = new Map<string, Line>();

  private readonly families: Families;

  constructor(private readonly model: Model, private refs: Refs, private readonly allRefs = refs) {
    this.families = new Families(model);
  }

  /** Lines that would take long are shortened, and after a million characters nothing more is read. */
  line(whole: Line): void {
    this.refs = this.families.refsFor(whole.text.slice(0, proseLimit), this.allRefs.in(whole.file));
    this.length += whole.text.length;
    if (this.length > sectionLimit) {
      this.tooLong ??= whole;
      return;
    }
    const text = whole.text.replace(/\s{12,}/g, '            ').slice(0, proseLimit);
    const line = text === whole.text ? whole : { ...whole, text };
    const fence = /^\s*(`{3,}|~{3,})\s*(\w*)/.exec(line.text);
    if (fence) {
      this.fence = this.fence === null ? (fence[2] ?? '').toLowerCase() : null;
      this.nodes = new Map();
      return;
    }
    if (this.fence !== null) this.fenced(line);
    else if (line.text.startsWith('|')) this.row(line);
    else {
      this.columns = null;
      this.prose(line);
    }
  }

  /** One report for all ids that are no tasks. */
  end(): void {
    if (this.tooLong) this.diagnostics.push({ severity: 'error', file: this.tooLong.file, line: this.tooLong.line, code: 'long-section', message: 'The dependency section is too long; from here on it is not read.', hint: 'Shorten it, or write the dependencies into the tasks.' });
    const [first] = this.unknown.values();
    if (!first) return;
    const ids = [...this.unknown.keys()];
    this.diagnostics.push({ severity: 'info', file: first.file, line: first.line, code: 'unknown-ids', message: `The dependency section names what is not there: ${ids.slice(0, 8).join(', ')}${ids.length > 8 ? ` and ${ids.length - 8} more` : ''}.`, hint: null });
  }

  private fenced(line: Line): void {
    if (this.fence === 'mermaid') this.mermaid(line);
    else if (tree.test(line.text)) this.reportTree(line);
    else if (arrows.test(line.text) && /^[\s{}()[\],&+/∥‖|-]*$/.test(this.blank(line.text))) for (const one of chainsOf(line.text)) this.chain(one, line);
  }

  private blank(text: string): string {
    let rest = text.replace(/\([^)]*\)/g, '');
    for (const ref of [...this.refs.find(rest)].reverse()) rest = rest.slice(0, ref.start) + rest.slice(ref.end);
    return rest.split(arrows).join('');
  }

  private reportTree(line: Line): void {
    if (this.treeReported) return;
    this.treeReported = true;
    this.diagnostics.push({ severity: 'info', file: line.file, line: line.line, code: 'tree-ignored', message: 'A drawn tree of dependencies is not read.', hint: 'Write "T005 depends on T003" to make it count.' });
  }

  private mermaid(line: Line): void {
    const ends: (readonly Ref[])[] = [];
    for (const part of line.text.split(/\s*(?:-{2,}>|={2,}>|-\.+->|-{3,})\s*(?:\|[^|]*\|\s*)?/)) {
      // `US1 & US2` are two nodes, unless the sign stands in a label.
      const several = part.split(/\s*&\s*(?![^[({]*[\])}])/).map((node) => this.node(node));
      const nodes = several.includes(null) ? [this.node(part)] : several;
      if (nodes.includes(null)) return;
      ends.push(nodes.flatMap((refs) => refs ?? []));
    }
    for (let i = 0; i + 1 < ends.length; i += 1) this.wait(ends[i + 1] ?? [], ends[i] ?? [], line, 0.9, true);
  }

  /** What a node of a drawing means: its label, else its name, of which `P2` is short for Phase 2; null for what is no node. */
  private node(text: string): readonly Ref[] | null {
    const [, name, label] = /^\s*([\w-]+)\s*(?:[[({>]+"?(.*?)"?[\])}]+)?\s*;?\s*$/.exec(text) ?? [];
    if (name === undefined) return null;
    const known = label === undefined ? this.nodes.get(name) : undefined;
    if (known) return known;
    const said = this.sideRefs(label ?? name);
    const refs = said.length > 0 ? said : this.refs.find(name.replace(/^P(?:hase)?[_-]?(?=\d+$)/i, 'Phase '));
    if (label !== undefined) this.nodes.set(name, refs);
    return refs;
  }

  private row(line: Line): void {
    const cells = line.text.replace(/^\||\|$/g, '').split('|').map((cell) => cell.trim());
    if (this.columns === null) {
      const depends = cells.flatMap((cell, index) => (index > 0 && dependsColumn.test(cell) ? [index] : []));
      this.columns = { subject: 0, depends };
      return;
    }
    const subject = this.refs.find(withoutRemarks(cells[0] ?? '', (text) => this.refs.find(text).length > 0), true);
    const phase = /^\s*(\d+)\s*[:.]/.exec(cells[0] ?? '');
    const from = phase?.[1] ? this.refs.find(`Phase ${phase[1]}`) : subject;
    for (const column of this.columns.depends) {
      const cell = cells[column] ?? '';
      if (nothing.test(cell) || /^[-–—]$/.test(cell)) this.free(from);
      else this.wait(from, this.refs.find(cell), line, 0.9, true);
    }
  }

  private prose(line: Line): void {
    if (tree.test(line.text)) {
      if (this.refs.find(line.text).length > 0) this.reportTree(line);
      return;
    }
    if (headingLine.test(line.text)) this.underOnePath = onePath.test(line.text);
    const strange = this.families.unknown(line.text);
    for (const id of [...this.refs.unknown(line.text), ...strange]) this.unknown.set(this.refs.filesOf(id).length > 0 ? `${id} (in several files)` : id, this.unknown.get(id) ?? line);
    // Without its label, a collective would mean every phase of its kind.
    if (strange.length > 0 && this.refs.find(line.text).every((ref) => ref.kind === 'group')) return;
    const own = line.phase === null ? null : this.model.groups.filter((group) => group.phase?.index === line.phase).map((group) => group.index);
    const told = own === null ? line.text : line.text.replace(dependsKey, 'depends on ');
    const { subject, clauses } = clausesOf(told, (text) => this.refs.find(text).length > 0 || this.titled(text).length > 0);
    this.subject = own === null ? this.sideRefs(subject) : own.map((group) => this.groupRef(group));
    clauses.forEach((clause, index) => {
      // "User stories are independent and can proceed in parallel": what can is what was spoken of.
      const before = clauses[index - 1];
      const isContinued = before !== undefined && /^(?:can|may|run|proceed)\b/i.test(clause) && together.test(clause) && sidesOf(before) === null && this.refs.find(clause).length === 0;
      this.clause(isContinued ? `${before} ${clause}` : clause, line);
    });
  }

  private groupRef(group: number): Ref {
    return { start: 0, end: 0, kind: 'group', units: this.model.groups[group]?.members ?? [], groups: [group], parts: [], all: false, previous: false, text: this.model.groups[group]?.phase?.title ?? '' };
  }

  /** A phase named by words of its title: `Implementation before polish`. */
  private titled(text: string): Ref[] {
    const words = text.replace(/[*`_:]/g, '').trim().toLowerCase();
    if (words.length < 5 || words.split(/\s+/).length > 3) return [];
    const found = this.model.groups.filter((group: Group) => group.phase?.title.toLowerCase().includes(words));
    return found.length === 1 && found[0] ? [this.groupRef(found[0].index)] : [];
  }

  private sideRefs(text: string): readonly Ref[] {
    const bare = withoutRemarks(text, (part) => this.refs.find(part).length > 0);
    const refs = this.refs.find(bare);
    return refs.length > 0 ? refs : this.titled(bare);
  }

  private clause(clause: string, line: Line): void {
    const apart = apartFrom.test(clause) || onStories.test(clause);
    if (together.test(clause) && !apart) this.parallelSet(clause, line);
    if (apart) this.independent(clause, line);
    else if (nothing.test(clause)) this.free(this.subject);
    else if (!arrows.test(clause) || !chainsOf(clause).map((one) => this.chain(one, line)).includes(true)) {
      const sides = sidesOf(clause);
      if (sides) this.sides(sides, line);
      else if (inSequence.test(clause) && !together.test(clause) && !/\b(?:mostly|largely|partly)\b/i.test(clause)) this.sequence(clause, line);
    }
  }

  private sides(sides: NonNullable<ReturnType<typeof sidesOf>>, line: Line): void {
    const named = this.sideRefs(sides.left);
    const left = named.length > 0 ? named : this.subject;
    if (named.length > 0) this.subject = named;
    if (sides.verb === 'after' && none.test(sides.right)) {
      this.free(left);
      return;
    }
    const right = this.sideRefs(sides.right.split(aside)[0] ?? '');
    if (sides.permitted || (sides.soft && right.some((ref) => ref.kind === 'group'))) return;
    if (sides.verb === 'after') this.wait(left, right, line, 0.9, sides.only ? 'all' : true);
    else this.wait(right, left, line, 0.9, false);
  }

  /** False when no arrow of the clause stands between references. */
  private chain(clause: string, line: Line): boolean {
    for (const inner of clause.match(/\([^()]*\)/g) ?? []) if (arrows.test(inner)) this.remark(inner.slice(1, -1), line);
    const parts = withoutRemarks(this.withSets(clause), () => true).split(arrows).map((part) => part.replace(/[{}[\]`*]/g, ' ').trim());
    const pairs: [Ref[], Ref[]][] = [];
    for (let i = 0; i + 1 < parts.length; i += 1) {
      const before = this.edgeSet(parts[i] ?? '', 'end');
      const after = this.edgeSet(parts[i + 1] ?? '', 'start');
      if (before.length > 0 && after.length > 0) pairs.push([before, after]);
    }
    const place = (refs: readonly Ref[]): number => Math.min(...refs.flatMap((ref) => ref.units));
    const against = pairs.filter(([before, after]) => place(before) > place(after)).length;
    const confidence = against > 0 && against < pairs.length ? 0.6 : 0.9;
    const replaces = !this.underOnePath && !onePath.test(line.text.slice(0, this.refs.find(line.text)[0]?.start));
    for (const [before, after] of pairs) {
      if (against > 0 && against === pairs.length) this.wait(before, after, line, confidence, replaces);
      else this.wait(after, before, line, confidence, replaces);
    }
    return pairs.length > 0;
  }

  /** A chain in brackets counts when it names tasks: `Tests before code (T006→T007, T008→T009)`. One of stories is an example ("or in order"). */
  private remark(inner: string, line: Line): void {
    if (this.refs.find(inner).every((ref) => ref.kind === 'task')) for (const one of chainsOf(inner)) this.chain(one, line);
  }

  /** `(Phase 3 ∥ Phase 4)` is no remark but a set: brackets that hold references and nothing else go. */
  private withSets(clause: string): string {
    return clause.replace(/\(([^()]*)\)/g, (whole, inner: string) => {
      const refs = arrows.test(inner) ? [] : this.refs.find(inner);
      if (refs.length === 0 || !/^(?:[\s{}[\],/&+;、∥‖|-]|and|und)*$/i.test(this.blank(inner))) return whole;
      if (together.test(inner)) this.beside(refs);
      return ` ${inner.replace(/[∥‖|]+/g, ',')} `;
    });
  }

  /** What stands side by side does not wait for each other. */
  private beside(refs: readonly Ref[]): void {
    const groups = refs.filter((ref) => !ref.all).flatMap((ref) => ref.groups);
    for (const one of groups) for (const other of groups) if (one !== other) ruleOf(this.rules, one).apart.add(other);
    for (const ref of refs) if (ref.kind === 'task') for (const unit of ref.units) this.parallel.add(unit);
  }

  /** References that touch the arrow: at the end of the part before it, or the start of the part after it. */
  private edgeSet(part: string, side: 'start' | 'end'): Ref[] {
    const refs = this.refs.find(part);
    const joined = (gap: string): boolean => /^[\s,/+&;、.:()-]*(?:and)?[\s,/+&]*$/i.test(gap);
    const ordered = side === 'start' ? refs : [...refs].reverse();
    const taken: Ref[] = [];
    let edge = side === 'start' ? 0 : part.length;
    for (const ref of ordered) {
      if (!joined(side === 'start' ? part.slice(edge, ref.start) : part.slice(ref.end, edge))) break;
      taken.push(ref);
      edge = side === 'start' ? ref.end : ref.start;
    }
    return taken;
  }

  private parallelSet(clause: string, line: Line): void {
    if (notTogether.test(clause)) return;
    const refs = this.refs.find(withoutRemarks(clause, (part) => this.refs.find(part).length > 0));
    const stories = refs.filter((ref) => ref.kind === 'group' && ref.groups.some((group) => this.model.groups[group]?.kind === 'story'));
    if (storyWord.test(clause) && stories.every((ref) => ref.all) && !/\b(?:within|for) (?:a|each|the) (?:user )?story|marked \[P\]|\b(?:tests|models|tasks|files)\b/i.test(clause)) {
      this.storiesParallel ??= line;
    }
    if (/\[P\]/.test(clause)) return;
    const tasks = refs.filter((ref) => ref.kind === 'task').flatMap((ref) => ref.units);
    if (tasks.length > 1 && !arrows.test(clause)) for (const unit of tasks) this.parallel.add(unit);
    const groups = [...new Set([...(sidesOf(clause) ? [] : this.subject), ...refs].filter((ref) => ref.kind === 'group' && !ref.all).flatMap((ref) => ref.groups))];
    if (groups.length < 2 || arrows.test(clause) || sidesOf(clause)) return;
    for (const one of groups) for (const other of groups) if (one !== other) ruleOf(this.rules, one).apart.add(other);
  }

  private independent(clause: string, line: Line): void {
    const at = apartFrom.exec(clause);
    const before = at ? this.sideRefs(clause.slice(0, at.index)) : [];
    const subject = before.length > 0 && !/\bafter\b/i.test(clause.slice(0, at?.index ?? 0)) ? before : this.subject;
    const others = onStories.test(clause)
      ? this.model.groups.filter((group) => group.kind === 'story').map((group) => this.groupRef(group.index))
      : this.refs.find(clause.slice((at?.index ?? 0) + (at?.[0].length ?? 0)));
    for (const one of subject) for (const other of others) {
      for (const a of one.groups) for (const b of other.groups) if (a !== b) ruleOf(this.rules, a).apart.add(b);
      for (const a of one.units) for (const b of other.units) if (one.kind === 'task' && other.kind === 'task') this.apart.add(`${a}>${b}`);
    }
    const start = sidesOf(clause.slice(0, at?.index ?? clause.length));
    if (start && start.verb === 'after' && !start.soft) this.wait(subject, this.sideRefs(start.right), line, 0.9, true);
  }

  private free(subject: readonly Ref[]): void {
    for (const ref of subject) {
      if (!ref.all) for (const group of wholeOf(ref)) ruleOf(this.rules, group).replaces = true;
      for (const part of ref.parts) this.parts.free(part);
    }
  }

  private sequence(clause: string, line: Line): void {
    const named = this.refs.find(clause);
    const units = [...new Set((named.length > 0 ? named : this.subject).filter((ref) => ref.kind === 'task').flatMap((ref) => ref.units))].sort((a, b) => a - b);
    for (let i = 0; i + 1 < units.length; i += 1) this.link(units[i + 1] ?? 0, units[i] ?? 0, line, 0.9);
  }

  /** `waiting` comes after `first`. Between phases it is a barrier, else one link for each pair. `replaces`: whether nothing else is left to wait for, `all` where that is also true of a collective. */
  private wait(waiting: readonly Ref[], first: readonly Ref[], line: Line, confidence: number, replaces: boolean | 'all'): void {
    for (const later of waiting) for (const earlier of first) {
      if (later.kind === 'group' && earlier.kind === 'group') {
        for (const group of wholeOf(later)) this.barrier(group, earlier.previous ? earlier.groups.filter((other) => other < group) : earlier.groups, line, replaces === 'all' || (replaces && !later.all));
        for (const part of later.parts) for (const [from, to] of this.parts.wait(part, earlier, line, replaces !== false)) this.link(from, to, line, confidence);
        continue;
      }
      // "T024 blocks US1 completion" says nothing about the other tasks of US1.
      if (later.kind !== earlier.kind && !earlier.previous && later.units.some((unit) => earlier.units.includes(unit))) continue;
      for (const from of later.units) for (const to of earlier.units) if (!earlier.previous || to < from) this.link(from, to, line, confidence);
    }
  }

  private barrier(group: number, earlier: readonly number[], line: Line, replaces: boolean): void {
    const rule = ruleOf(this.rules, group);
    for (const other of earlier) if (other !== group) rule.after.set(other, line);
    if (replaces && earlier.some((other) => other !== group)) rule.replaces = true;
  }

  private link(from: number, to: number, line: Line, confidence: number): void {
    if (from === to || this.links.length > 100_000) return;
    this.links.push({ from, to, reason: 'section', confidence, file: line.file, line: line.line, text: line.text });
  }
}

/** Reads all dependency prose of the spec. */
export function readSection(model: Model, refs: Refs): Section {
  const reader = new Reader(model, refs);
  for (const line of model.spec.prose) reader.line(line);
  reader.end();
  return reader;
}
