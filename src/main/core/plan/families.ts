/**
 * Phases that carry a letter before their number (`Phase M3`) are a family of their own: one file may hold two plans, one after the other. What a line says of
 * `User Stories (Phase M3+)` is meant for that family, and so are the lines after it, until one names a phase of another.
 */
import type { Model } from './model';
import type { Ref, Refs } from './refs';

const phaseRef = /^(?:Phase|Fase|阶段|階段|フェーズ|단계)/i;
const labelled = /(?:\bPhases?|\bFases?|阶段|階段|フェーズ|단계)\s*([A-Z]\d{1,3})(?![\p{L}\p{N}])/gu;

/** References as one family means them: of a collective that stands for phases of several, those of this one. */
class Narrowed implements Refs {
  constructor(private readonly model: Model, private readonly refs: Refs, private readonly isIn: (group: number) => boolean) {}

  in(file: string): Refs {
    return new Narrowed(this.model, this.refs.in(file), this.isIn);
  }

  find(text: string, bare?: boolean): readonly Ref[] {
    return this.refs.find(text, bare).map((ref) => this.narrow(ref));
  }

  findFrom(text: string, from: number): readonly Ref[] {
    return this.refs.findFrom(text, from).map((ref) => this.narrow(ref));
  }

  unknown(text: string, bare?: boolean): string[] {
    return this.refs.unknown(text, bare);
  }

  filesOf(id: string): readonly string[] {
    return this.refs.filesOf(id);
  }

  private narrow(ref: Ref): Ref {
    const groups = ref.previous ? ref.groups : ref.groups.filter(this.isIn);
    if (groups.length === 0 || groups.length === ref.groups.length) return ref;
    const isKept = (group: number): boolean => groups.includes(group);
    return { ...ref, groups, units: ref.units.filter((unit) => isKept(this.model.units[unit]?.group ?? -1)), parts: ref.parts.filter((part) => isKept(part.group)) };
  }
}

export class Families {
  private readonly of: readonly string[];
  private readonly labels: ReadonlySet<string>;
  private readonly several: boolean;
  private current: string | null = null;

  constructor(private readonly model: Model) {
    this.of = model.groups.map(({ phase }) => phase?.label?.replace(/\d+$/, '') ?? '');
    this.labels = new Set(model.groups.flatMap(({ phase }) => phase?.label ?? []));
    this.several = new Set(this.of).size > 1;
  }

  /** The references of a line, which may change what the lines after it mean. */
  refsFor(text: string, refs: Refs): Refs {
    if (!this.several) return refs;
    const named = refs.find(text).find((ref) => ref.kind === 'group' && phaseRef.test(ref.text));
    this.current = this.of[named?.groups[0] ?? -1] ?? this.current;
    const family = this.current;
    return family === null ? refs : new Narrowed(this.model, refs, (group) => this.of[group] === family);
  }

  /** Labels of phases in a text that no phase of the file carries: what is said of them is said of nothing here. */
  unknown(text: string): readonly string[] {
    return [...text.matchAll(labelled)].flatMap(([, label]) => (label === undefined || this.labels.has(label) ? [] : `Phase ${label}`));
  }
}
