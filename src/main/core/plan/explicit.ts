/** Rule 2 of formats.md section 5: dependencies that a task states itself. */
import type { Diagnostic, SourceLine } from '../../../shared/domain';
import { withoutRemarks } from './clauses';
import type { Link } from './graph';
import type { Model, Unit } from './model';
import { matchesOf } from './matches';
import { listFrom, type Ref, type Refs } from './refs';

export interface Explicit {
  readonly links: readonly Link[];
  /** Units that state their dependencies (also "none") by a key: the order of lines says nothing more about them. */
  readonly stated: ReadonlySet<number>;
  /** Units that state that they have none. */
  readonly free: ReadonlySet<number>;
  readonly diagnostics: readonly Diagnostic[];
}

const hint = /depend|\bdeps?\b|block|requir|need|after|wait|prereq|\[D:|依存|依赖|依賴|前置|의존/i;
const bracket = /\[(depends(?: on)?|D|deps?|dependencies|blocked[ _-]by|after|blocks)\s*[:：]\s*([^\]]*)\]/gi;
const key = /(?:^[\s>*+-]*[(_]*(?:\*\*|__)?|[.;({|,]\s*\**_?)(Depends(?:[ _-]on)?|Dependenc(?:ies|y)|Deps?|Blocked[ _-]by|Blocks|Requires|Prerequisites?|After|依存(?:関係)?|依赖|依賴|前置任务|의존성?)\s*(?:\*\*|__)?\s*[:：]\s*(?:\*\*|__)?/gi;
/** Where the list of a key ends: at the next key. */
const nextKey = /(?:[.;|,]|\s[–—-]|\s)\s*(?:\*\*|__|_)?(?:\p{Lu}[\p{L} ]{1,24}|依存|依赖|依賴)\s*(?:\*\*|__)?[:：]/u;
const phrase = /(?:\b(?=[a-z])|(?=[依前]))(depends?(?:\s+up)?[\s_]*on|depends?(?=\s+[`*_]*(?:T-?\d|TASK-|WP\d|#?\d))|dependent on|blocked[\s_-]by|requires|needs|after|waits? (?:for|on)|unblocked by|依赖于?|依賴於?|依存)(?:\*\*|__)?\s*[:：]?\s*/gi;
const reverse = /\bblocks(?:\*\*|__)?\s*[:：]?\s*/gi;
const negated = /(?:\bno|\bnot|n't|\bwithout|\bnever|\bindependent(?:ly)? of)\s+(?:\w+\s+)?(?:\w+\s+)?$/i;
/** `(no dependencies)`: a remark of its own. */
const noneAtAll = /[([]\s*[*_`]*no (?:other )?dependenc(?:y|ies)[*_`]*\s*[)\]]/i;
const none = /^[\s*_`(]*(?:none|nothing|n\/a|no dependencies|なし|无|無|없음|-|–|—)[\s*_`).]*(?:$|[(,;—–-])/i;
/** References that words such as "needs" and "after" may name: `needs tests` and `after setup` say nothing of an order. */
const numbered = /^(?:Phase|Fase|US|User Stor|阶段|階段|フェーズ|단계)[^]*\d/i;
/** `(depends on 1, 3)`, `(depends on #1)`: a list of plain numbers that ends with its bracket, its sentence or its line. */
const numberList = /^((?:\s*(?:tasks?\s+)?)#?\d{1,4}(?![\dA-Za-z])[*`_]*(?:\s*(?:,|\/|&|\+|-|–|(?:and|to)\b)\s*(?:tasks?\s+)?#?\d{1,4}(?![\dA-Za-z])[*`_]*)*)\s*(?:$|[);\]]|\.(?!\d))/i;
/** Tasks that one task may name, and links that phases, stories and "all previous" may make in a whole spec. */
const maxPerUnit = 400;
const maxWide = 200_000;
/** Dependencies in words that one line may state. */
const maxPhrases = 40;

const noLines: readonly SourceLine[] = [];

/** Own text, continuation and steps of a unit and of what is nested in it, as far as they may speak of other tasks. */
function tellingLines({ task, inner }: Unit): readonly SourceLine[] {
  if (inner.length + task.details.length + task.steps.length === 0 && !hint.test(task.text)) return noLines;
  const lines: SourceLine[] = [];
  for (const one of inner.length === 0 ? [task] : [task, ...inner]) {
    if (hint.test(one.text)) lines.push({ file: one.file, line: one.line, text: one.text });
    for (const line of one.details) if (hint.test(line.text)) lines.push(line);
    for (const { title, line } of one.steps) if (hint.test(title)) lines.push({ file: one.file, line, text: title });
  }
  return lines;
}

class Reading {
  readonly links: Link[] = [];
  readonly stated = new Set<number>();
  readonly free = new Set<number>();
  readonly diagnostics: Diagnostic[] = [];

  constructor(private readonly model: Model, private refs: Refs) {}

  private named = 0;
  private wide = 0;

  unit(unit: Unit): void {
    this.named = 0;
    this.refs = this.refs.in(unit.task.file);
    for (const line of tellingLines(unit)) for (const link of this.line(unit, line)) this.links.push(link);
  }

  private report(line: SourceLine, severity: Diagnostic['severity'], code: string, message: string, advice: string): void {
    this.diagnostics.push({ severity, file: line.file, line: line.line, code, message, hint: advice });
  }

  private line(unit: Unit, line: SourceLine): Link[] {
    // Long runs of blanks cost quadratic time in the patterns below.
    const text = line.text.replace(/\s{3,}/g, '  ');
    // Keys end with a colon; most lines have none.
    const isKeyed = text.includes(':') || text.includes('：');
    const lists = isKeyed ? [...matchesOf(bracket, text).map((match) => ({ word: match[1] ?? '', list: match[2] ?? '' })), ...keyedLists(text)] : [];
    return lists.length > 0 ? lists.flatMap(({ word, list }) => this.keyed(unit, line, list, /^blocks$/i.test(word))) : this.said(unit, line, text);
  }

  /** What a sentence says: `depends on T001`, `blocks T003`. */
  private said(unit: Unit, line: SourceLine, text: string): Link[] {
    if (noneAtAll.test(text)) this.empty(unit);
    const said = [...matchesOf(phrase, text).slice(0, maxPhrases), ...matchesOf(reverse, text).slice(0, maxPhrases)];
    if (said.length === 0) return [];
    const refs = this.refs.findFrom(text, said.reduce((first, match) => Math.min(first, match.index + match[0].length), Infinity));
    const found: Link[] = [];
    for (const match of said) {
      if (negated.test(text.slice(Math.max(0, match.index - 30), match.index))) continue;
      const isReverse = match[1] === undefined;
      const start = match.index + match[0].length;
      const all = listFrom(text, refs, start);
      const hard = isHard(match[1] ?? '');
      const numbers = !isReverse && all.length === 0 && hard ? numberList.exec(text.slice(start, start + 200))?.[1] : undefined;
      if (numbers !== undefined) {
        found.push(...this.toLinks(unit, line, this.refs.find(numbers, true)));
        this.unknown(unit, line, numbers, true);
        continue;
      }
      if (hard && !isReverse && none.test(`${text.slice(start, start + 40)} `)) this.empty(unit);
      const list = isReverse || !hard ? all.filter((ref) => isNamed(ref) || isAlone(text, start, ref)) : all;
      found.push(...this.toLinks(unit, line, list, isReverse));
      const end = list.at(-1)?.end;
      if (end !== undefined) this.unknown(unit, line, text.slice(start, end), hard && !isReverse);
      else if (all.length === 0 && !isReverse) this.unknown(unit, line, text.slice(start).split(/[);]|\.(?!\d)/)[0] ?? '', isHard(match[1] ?? ''));
    }
    return found;
  }

  /** It says that it depends on nothing. */
  private empty(unit: Unit): void {
    this.free.add(unit.index);
    this.stated.add(unit.index);
  }

  private keyed(unit: Unit, line: SourceLine, said: string, isReverse: boolean): Link[] {
    // `_Depends: 1, 3_`: the emphasis is no part of the number.
    const whole = said.includes('_') ? said.replace(/(?<=\w)_+(?=[\s,;.)]|$)/g, '') : said;
    const list = withoutRemarks(whole, (text) => none.test(`${text} `) || this.refs.find(text, true).length > 0);
    const refs = this.refs.find(list, true);
    if (!isReverse) {
      if (refs.length === 0 && none.test(`${list} `)) this.free.add(unit.index);
      if (refs.length > 0 || this.free.has(unit.index)) this.stated.add(unit.index);
    }
    this.unknown(unit, line, list, true);
    return this.toLinks(unit, line, isReverse ? refs.filter((ref) => !ref.all) : refs, isReverse);
  }

  private unknown(unit: Unit, line: SourceLine, text: string, bare = false): void {
    for (const id of new Set(this.refs.unknown(text, bare))) {
      const files = this.refs.filesOf(id);
      if (files.length > 0) this.report(line, 'warning', 'ambiguous-dependency', `${unit.task.id} names ${id}, which stands in ${files.join(' and in ')}.`, 'Write the folder before it, as in "Backend 1.1"; the dependency is ignored.');
      else this.report(line, 'warning', 'unknown-dependency', `${unit.task.id} names ${id}, which is no part of this spec.`, 'Correct it; the dependency is ignored.');
    }
  }

  /** Units that a reference of `unit` means: "all previous" those before it, a phase or story not its own. Empty when it is too much. */
  private targets(unit: Unit, line: SourceLine, ref: Ref): readonly number[] {
    if (ref.kind !== 'group') {
      if (this.named <= maxPerUnit && this.named + ref.units.length > maxPerUnit) this.report(line, 'error', 'too-many-dependencies', `${unit.task.id} names more than ${maxPerUnit} dependencies.`, 'Name a phase instead.');
      this.named += ref.units.length;
      return this.named > maxPerUnit ? [] : ref.units;
    }
    if (this.wide > maxWide) return [];
    const groupOf = (other: number): number => this.model.units[other]?.group ?? -1;
    // Of a story beside its own in one phase, the tasks that are not of both.
    const isBeside = (other: number): boolean => ref.parts.some(({ units }) => units.includes(other) && !units.includes(unit.index)) && !this.model.units[other]?.task.stories.some((story) => unit.task.stories.includes(story));
    const isMeant = !ref.previous ? (other: number) => groupOf(other) !== unit.group || isBeside(other) : /phases/i.test(ref.text) ? (other: number) => groupOf(other) < unit.group : (other: number) => other < unit.index;
    const units = ref.units.filter(isMeant);
    this.wide += units.length;
    if (this.wide <= maxWide) return units;
    this.report(line, 'error', 'too-many-dependencies', `From ${unit.task.id} on, "all previous", phases and stories stand for too many dependencies (more than ${maxWide.toLocaleString('en')}), so they are not read.`, 'Name the tasks themselves, or put them into phases: a phase waits for the one before it anyway.');
    return [];
  }

  private toLinks(unit: Unit, line: SourceLine, list: readonly Ref[], isReverse = false): Link[] {
    const targets = new Set(list.flatMap((ref) => this.targets(unit, line, ref)));
    targets.delete(unit.index);
    const evidence = { reason: 'explicit', confidence: 1, file: line.file, line: line.line, text: line.text.trim() } as const;
    return [...targets].map((to) => (isReverse ? { from: to, to: unit.index, ...evidence } : { from: unit.index, to, ...evidence }));
  }
}

/** `requires 2.1`, `(after 2.1)`: a number of this file right behind the word, and nothing behind it that would make it a quantity or a version. */
const isAlone = (text: string, start: number, ref: Ref): boolean =>
  ref.kind === 'task' && /^(?:[\s*`_\d.,&+]|tasks?\s|and\s)*$/i.test(text.slice(start, Math.min(ref.start, start + 200))) && /^[\s*`_]*(?:$|[),;\]]|\.(?!\d)|(?:and|is|are|has|have|lands?|completes?|done)\b)/i.test(text.slice(ref.end));

const isHard = (word: string): boolean => /depend|block|依/i.test(word);

/** An id, or a phase or story by its number. */
const isNamed = (ref: Ref): boolean => ref.previous || (!ref.all && (ref.kind === 'task' ? /[A-Z]/i.test(ref.text) : numbered.test(ref.text) || (ref.kind === 'unknown' && /\d/.test(ref.text))));

/** `Depends on: T001, T002. Blocks: T003`: each key with its list, which ends at the next key, or where the bracket before the key closes. */
function keyedLists(text: string): { readonly word: string; readonly list: string }[] {
  const keys = matchesOf(key, text);
  return keys.map((match, index) => {
    const word = match[1] ?? '';
    const rest = text.slice(match.index + match[0].length, keys[index + 1]?.index);
    const own = rest.slice(0, nextKey.exec(rest)?.index);
    return { word, list: /[({]/.test(match[0].slice(0, match[0].indexOf(word))) ? own.split(/[)}]/)[0] ?? '' : own };
  });
}

/** Reads every unit. Unknown ids are reported and ignored; a task that names itself is ignored. */
export function explicitLinks(model: Model, refs: Refs): Explicit {
  const reading = new Reading(model, refs);
  for (const unit of model.units) reading.unit(unit);
  return reading;
}
