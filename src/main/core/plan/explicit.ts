/** Rule 2 of formats.md section 5: dependencies that a task states itself. */
import type { Diagnostic, SourceLine } from '../../../shared/domain';
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

const hint = /depend|deps|block|requir|need|after|wait|prereq|\[D:|依存|依赖|依賴|前置|의존/i;
const bracket = /\[(?:depends(?: on)?|D|deps?|dependencies|blocked by|after)\s*[:：]\s*([^\]]*)\]/gi;
const key = /(?:^[\s>*+-]*[(_]*(?:\*\*|__)?|[.;(]\s*\**_?)(?:Depends(?: on)?|Dependenc(?:ies|y)|Deps|Blocked by|Requires|Prerequisites?|After|依存(?:関係)?|依赖|依賴|前置任务|의존성?)\s*(?:\*\*|__)?\s*[:：]\s*(?:\*\*|__)?\s*([^)]*)/i;
const phrase = /\b(depends?(?:\s+up)?\s*on|dependent on|blocked by|requires|needs|after|waits? (?:for|on)|unblocked by)\s*[:：]?\s*/gi;
const reverse = /\bblocks\s*[:：]?\s*/gi;
const negated = /(?:\bno|\bnot|n't|\bwithout|\bnever|\bindependent(?:ly)? of)\s+(?:\w+\s+)?(?:\w+\s+)?$/i;
const none = /^[\s*_`(]*(?:none|nothing|n\/a|no dependencies|なし|无|無|없음|-|–|—)[\s*_`).]*(?:$|[(,;—–-])/i;
const maxPerUnit = 400;
/** Dependencies in words that one line may state. */
const maxPhrases = 40;

/** Own text and continuation of a unit and of what is nested in it, as far as they may speak of other tasks. */
function tellingLines({ task, inner }: Unit): SourceLine[] {
  const lines: SourceLine[] = [];
  for (const one of inner.length === 0 ? [task] : [task, ...inner]) {
    if (hint.test(one.text)) lines.push({ file: one.file, line: one.line, text: one.text });
    for (const line of one.details) if (hint.test(line.text)) lines.push(line);
  }
  return lines;
}

class Reading {
  readonly links: Link[] = [];
  readonly stated = new Set<number>();
  readonly free = new Set<number>();
  readonly diagnostics: Diagnostic[] = [];

  constructor(private readonly model: Model, private readonly refs: Refs) {}

  unit(unit: Unit): void {
    let count = 0;
    for (const line of tellingLines(unit)) {
      for (const link of this.line(unit, line)) {
        count += 1;
        if (count === maxPerUnit) this.report(line, 'error', 'too-many-dependencies', `${unit.task.id} names more than ${maxPerUnit} dependencies.`, 'Name a phase instead.');
        if (count < maxPerUnit) this.links.push(link);
      }
    }
  }

  private report(line: SourceLine, severity: Diagnostic['severity'], code: string, message: string, advice: string): void {
    this.diagnostics.push({ severity, file: line.file, line: line.line, code, message, hint: advice });
  }

  private line(unit: Unit, line: SourceLine): Link[] {
    const found: Link[] = [];
    // Long runs of blanks cost quadratic time in the patterns below.
    const text = line.text.replace(/\s{3,}/g, '  ');
    const keyed = key.exec(text);
    const lists = [...matchesOf(bracket, text).map((match) => match[1] ?? ''), ...(keyed ? [keyed[1] ?? ''] : [])];
    for (const list of lists) found.push(...this.keyed(unit, line, list));
    if (lists.length > 0) return found;
    const waits = matchesOf(phrase, text).slice(0, maxPhrases);
    const blocks = matchesOf(reverse, text).slice(0, maxPhrases);
    if (waits.length + blocks.length === 0) return found;
    const refs = this.refs.findFrom(text, Math.min(...[...waits, ...blocks].map((match) => match.index + match[0].length)));
    for (const match of waits) {
      if (negated.test(text.slice(Math.max(0, match.index - 30), match.index))) continue;
      const soft = !/depend|block/i.test(match[1] ?? '');
      const list = listFrom(text, refs, match.index + match[0].length).filter((ref) => !soft || (ref.kind === 'task' && /[A-Z]/i.test(ref.text)));
      found.push(...this.toLinks(unit, line, list));
      if (list.length === 0 && (refs.length > 0 || /\bT-?\d|TASK-/.test(text) || this.refs.find(text).length > 0)) {
        this.unknown(unit, line, text.slice(match.index + match[0].length).split(/[).;]/)[0] ?? '');
      }
    }
    for (const match of blocks) {
      const list = listFrom(text, refs, match.index + match[0].length).filter((ref) => ref.kind === 'task');
      found.push(...this.toLinks(unit, line, list).map((link) => ({ ...link, from: link.to, to: link.from })));
    }
    return found;
  }

  private keyed(unit: Unit, line: SourceLine, list: string): Link[] {
    const refs = this.refs.find(list, true);
    if (refs.length === 0 && none.test(`${list} `)) this.free.add(unit.index);
    if (refs.length > 0 || this.free.has(unit.index)) this.stated.add(unit.index);
    this.unknown(unit, line, list);
    return this.toLinks(unit, line, refs);
  }

  private unknown(unit: Unit, line: SourceLine, text: string): void {
    for (const id of this.refs.unknown(text)) {
      this.report(line, 'warning', 'unknown-dependency', `${unit.task.id} depends on ${id}, which is no task of this spec.`, 'Correct the id; the dependency is ignored.');
    }
  }

  private toLinks(unit: Unit, line: SourceLine, list: readonly Ref[]): Link[] {
    const targets = new Set(list.flatMap((ref) => ref.units.filter((other) => ref.kind === 'task' || this.model.units[other]?.group !== unit.group)));
    targets.delete(unit.index);
    return [...targets].map((to) => ({ from: unit.index, to, reason: 'explicit', confidence: 1, file: line.file, line: line.line, text: line.text.trim() }));
  }
}

/** Reads every unit. Unknown ids are reported and ignored; a task that names itself is ignored. */
export function explicitLinks(model: Model, refs: Refs): Explicit {
  const reading = new Reading(model, refs);
  for (const unit of model.units) reading.unit(unit);
  return reading;
}
