/** References to tasks, phases and stories in prose: `T004-T007`, `Phase 2`, `US1/US2`, `all user stories`, `1.1.*`. */
import { listAt } from '../../../shared/list-at';
import type { Model } from './model';

export interface Ref {
  readonly start: number;
  readonly end: number;
  /** `unknown`: it looks like a reference and names nothing of this spec. */
  readonly kind: 'task' | 'group' | 'unknown';
  readonly units: readonly number[];
  /** Groups it names; empty for tasks. */
  readonly groups: readonly number[];
  /** Says "all" or "every": a collective subject. */
  readonly all: boolean;
  /** Says "all previous": of its units and groups only those before the one that says it are meant. */
  readonly previous: boolean;
  readonly text: string;
}

export interface Refs {
  /** Every reference of a text, in order. `bare` also reads plain numbers, as in `[depends: 1, 2]`. */
  find(text: string, bare?: boolean): readonly Ref[];
  /** Those that end behind `from`, with those that name nothing; what stands before it is not looked up. */
  findFrom(text: string, from: number): readonly Ref[];
  /** What looks like an id of this file, a phase or a story, and names nothing; phases and stories count only where the file has some. `bare` also looks at plain numbers that stand alone between commas. */
  unknown(text: string, bare?: boolean): string[];
}

const idPattern = String.raw`TASK-\d{1,4}[a-z]?(?:-\d+)*|(?:[a-z0-9]{4,12}-)?T-?\d{1,5}[a-zA-Z]?['’′]?(?:[.-]\d+[a-z]?)*|[A-Z]{2,6}-\d{1,4}|WP\d{2,3}`;
const dash = String.raw`\s*(?:-|–|—|…|\.\.\.?|〜|to|through|bis|至|到)\s*`;
const numbers = String.raw`\d+(?:\.\d+)?(?:\s*(?:,|/|&|\+(?=\s*\d)|and|or|und|y|、|-|–|—|to|through)\s*(?:Phase\s*)?\d+(?:\.\d+)?)*\+?`;
const storyNumbers = numbers.replace(String.raw`(?:Phase\s*)?`, String.raw`(?:User Story\s*|US[ -]?)?`);
const dottedNumber = String.raw`\d+(?:\.\d+)*[a-z]?(?![\w.]*\d)`;
const taskNumbers = String.raw`${dottedNumber}(?:${dash}${dottedNumber})?`;
const phases = String.raw`(?:\bPhases?|\bFases?|阶段|階段|フェーズ|단계)\s*(?<phases>${numbers})`;
const stories = String.raw`(?:\bUser Stor(?:y|ies)|\bStor(?:y|ies)|\bUS|用户故事|ユーザーストーリー)[ -]?(?<stories>${storyNumbers})`;
/** "all previous tasks", "all of the above", "everything before": a noun that is no task or phase ("all previous migrations") says something else. */
const previous = String.raw`\b(?:all|every(?:thing)?)\s+(?:of\s+)?(?:the\s+)?(?:(?:(?:previous|prior|earlier|preceding)\s+|other\s+)(?:phases|tasks|steps)\b|(?:(?:tasks|phases|steps)\s+)?(?:previous|prior|earlier|preceding|above|before)(?=[\s*_\x60]*(?:$|[).,;:\]])))`;
const pattern = new RegExp(
  [
    // A slash joins ids (T001/T002) and stands in paths (src/T001): only after a digit it is the first.
    String.raw`(?<id>(?<![\w§#.-])(?<!(?<!\d)/)(?:${idPattern})(?![\p{L}\p{N}_])(?:${dash}(?:T-?\d{1,5}[a-z]?|TASK-\d+(?:-\d+)*|WP\d+)(?![\p{L}\p{N}_]))?)`,
    String.raw`(?<wild>(?<![\w§.])\d+(?:\.\d+)*\.\*)`,
    String.raw`(?<named>\bTasks\s+${taskNumbers}(?:\s*(?:,|/|&|\+|、|,?\s*\band\b|\bund\b)\s*(?:Tasks?\s+)?${taskNumbers})*|\bTask\s+${taskNumbers})`,
    String.raw`(?<dotted>(?<![\w§.v$#/-])\d{1,3}(?:\.\d{1,3})+[a-z]?(?:${dash}\d{1,3}(?:\.\d{1,3})+)?(?![\w%.]*[\p{L}\p{N}]))`,
    String.raw`(?<previous>${previous})`,
    phases,
    stories,
    String.raw`(?<stories2>\b(?:all|every|each|any|the|other)?\s*(?:\w+\s+)?(?:user[ -]stor(?:y|ies)|stories)\b(?![ -]?\d)|所有用户故事|用户故事)`,
    String.raw`(?<kind>\b(?:Setup|Foundational|Foundation|Polish)\b)`,
    String.raw`(?<bare>(?<![\w.#-])#?\d{1,4}(?:${dash}#?\d{1,4})?(?![\w.%-]*[\w%]))`,
  ].join('|'),
  'giuy',
);
const unknownPattern = new RegExp(String.raw`(?<![\w§/#.-])(?:${idPattern})(?![\p{L}\p{N}_])`, 'gu');
const phasesPattern = new RegExp(phases, 'giu');
const storiesPattern = new RegExp(stories, 'giu');
const namedPattern = new RegExp(String.raw`\bTasks?\s+${taskNumbers}(?:\s*(?:,|/|&|\+|and)\s*(?:Tasks?\s+)?${taskNumbers})*`, 'gi');
const rangePattern = new RegExp(`^(.*?\\d[a-z]?)${dash}((?:[A-Z]|TASK-)?.*\\d[a-z]?)$`, 'u');
/** Texts whose references are remembered: the rules ask for the same line several times. */
const maxRemembered = 20_000;

const isWord = (code: number): boolean => (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || (code >= 48 && code <= 57) || code === 95;

/**
 * Where the pattern may begin to match in `text` from `at` on: at a word, at `#`, at a character beyond ASCII, or, for the
 * plural of story, at the end of a word. Trying it everywhere else would take most of the planner's time.
 */
function nextStart(text: string, at: number, stories: boolean): number {
  let before = at > 0 && isWord(text.charCodeAt(at - 1));
  for (let i = at; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    const word = isWord(code);
    if (word ? !before : code > 126 || code === 35 || (before && stories)) return i;
    before = word;
  }
  return text.length;
}

/** `1, 3-5` -> [1, 3, 4, 5]; a trailing plus means "and all later", as Infinity. */
function numbersOf(text: string): number[] {
  const found: number[] = [];
  const parts = [...text.matchAll(/(-|–|—|to|through)?\s*(?:[A-Za-z ]*?)(\d+(?:\.\d+)?)(\+(?!\s*\d))?/g)];
  for (const part of parts) {
    const n = Number(part[2]);
    const last = found.at(-1);
    if (part[1] && last !== undefined && n > last && n - last < 100) for (let i = last + 1; i <= n; i += 1) found.push(i);
    else found.push(n);
    if (part[3]) found.push(Infinity);
  }
  return found;
}

/** Items of `Tasks 1, 2 and 3` without the word and markup. */
const listed = (text: string): string[] => text.split(/[,;/&+、]|\b(?:and|und)\b/).map((item) => item.replace(/[`*_#()[\]\s]|tasks?\s/gi, '').replace(/\.$/, ''));

type Named = Omit<Ref, 'start' | 'end' | 'text'>;

const nothing: Named = { kind: 'unknown', units: [], groups: [], all: false, previous: false };

/** One id by its number; `place` is its place among all ids. */
interface Numbered {
  readonly n: number;
  readonly unit: number;
  readonly place: number;
}

const isDigit = (code: number): boolean => code >= 48 && code <= 57;

/** The last number of an id and what stands before it, as `T` and 12 of `T012a`; null without a number. */
function numberIn(id: string): { readonly prefix: string; readonly n: number } | null {
  let end = id.length;
  while (end > 0 && !isDigit(id.charCodeAt(end - 1))) end -= 1;
  let start = end;
  while (start > 0 && isDigit(id.charCodeAt(start - 1))) start -= 1;
  return start === end ? null : { prefix: id.slice(0, start), n: Number(id.slice(start, end)) };
}

/** Place of the first number that is not below `low`; `list` is in order of numbers. */
function firstFrom(list: readonly Numbered[], low: number): number {
  let from = 0;
  for (let to = list.length; from < to;) {
    const middle = (from + to) >> 1;
    if ((list[middle]?.n ?? 0) < low) from = middle + 1;
    else to = middle;
  }
  return from;
}

class Finder implements Refs {
  private readonly memory = new Map<string, Named | null>();
  private readonly texts = new Map<string, readonly Ref[]>();
  private readonly bareTexts = new Map<string, readonly Ref[]>();
  private readonly byPrefix = new Map<string, Numbered[]>();
  private readonly byNumber = new Map<number, number[]>();
  private readonly stories = new Map<string, { groups: number[]; units: number[] }>();
  private readonly families: ReadonlySet<string>;
  /** Some tasks are called by plain numbers. */
  private readonly hasNumbers: boolean;

  constructor(private readonly model: Model) {
    let place = 0;
    for (const [id, unit] of model.unitOf) {
      const number = numberIn(id);
      if (!number) continue;
      listAt(this.byPrefix, number.prefix).push({ n: number.n, unit, place });
      place += 1;
    }
    for (const list of this.byPrefix.values()) list.sort((a, b) => a.n - b.n);
    this.hasNumbers = [...this.byPrefix.keys()].some((prefix) => prefix === '' || isDigit(prefix.charCodeAt(0)));
    this.families = new Set([...this.byPrefix.keys()].map((prefix) => prefix.replace(/\d+/g, '0')));
    for (const { index, phase } of model.groups) if (phase?.number != null) listAt(this.byNumber, phase.number).push(index);
    this.indexStories();
  }

  private indexStories(): void {
    for (const group of this.model.groups) {
      const labels = new Map<string, number>();
      for (const unit of group.members) for (const story of this.model.units[unit]?.task.stories ?? []) labels.set(story, (labels.get(story) ?? 0) + 1);
      for (const found of (group.phase?.title ?? '').matchAll(/(?:User Stor(?:y|ies)|\bUS)[ -]?(\d+)/gi)) labels.set(`US${found[1]}`, Infinity);
      for (const [story, count] of labels) {
        const entry = this.stories.get(story) ?? { groups: [], units: [] };
        if (group.kind === 'story' && count * 2 > group.members.length) entry.groups.push(group.index);
        else if (group.kind === 'story') entry.units.push(...group.members.filter((unit) => this.model.units[unit]?.task.stories.includes(story)));
        this.stories.set(story, entry);
      }
    }
    // Without phases of their own, stories are their labels.
    const bare = new Map([...this.stories].filter(([, entry]) => entry.groups.length + entry.units.length === 0));
    if (bare.size > 0) for (const unit of this.model.units) for (const story of unit.task.stories) bare.get(story)?.units.push(unit.index);
  }

  private range(from: string, to: string): number[] {
    const first = numberIn(from);
    const high = numberIn(to)?.n;
    if (!first || high === undefined) return [];
    const list = this.byPrefix.get(first.prefix) ?? [];
    const found: Numbered[] = [];
    for (let at = firstFrom(list, first.n); at < list.length; at += 1) {
      const one = list[at];
      if (!one || one.n > high) break;
      found.push(one);
    }
    return found.sort((x, y) => x.place - y.place).map(({ unit }) => unit);
  }

  private idUnits(text: string): number[] {
    const own = this.model.unitOf.get(text.replace(/['’′]/, "'"));
    if (own !== undefined) return [own];
    const parts = rangePattern.exec(text);
    return parts?.[1] && parts[2] ? this.range(parts[1], parts[2]) : [];
  }

  private groupsWhere(test: (group: Model['groups'][number]) => boolean): number[] {
    return this.model.groups.filter(test).map((group) => group.index);
  }

  private phaseGroups(text: string): number[] {
    const wanted = numbersOf(text);
    const open = wanted.at(-1) === Infinity ? wanted.at(-2) ?? Infinity : Infinity;
    // "Phase 3+" of the template speaks of the story phases; the final phase is named apart.
    if (open === Infinity) return [...new Set(wanted.flatMap((n) => this.byNumber.get(n) ?? []))].sort((a, b) => a - b);
    return this.groupsWhere(({ phase, kind }) => phase?.number != null && (wanted.includes(phase.number) || (phase.number > open && kind !== 'polish')));
  }

  private refOf(found: RegExpExecArray, bare: boolean): Named | null {
    const g = found.groups ?? {};
    const tasks = (units: readonly number[]): Named | null => (units.length > 0 ? { kind: 'task', units: [...new Set(units)], groups: [], all: false, previous: false } : null);
    const groups = (list: readonly number[], all: boolean): Named | null =>
      list.length > 0 ? { kind: 'group', groups: list, units: list.flatMap((index) => this.model.groups[index]?.members ?? []), all, previous: false } : null;
    if (g['id']) return tasks(this.idUnits(g['id']));
    if (g['previous']) return this.everything();
    if (g['wild']) return tasks(this.prefixed(g['wild'].slice(0, -1)));
    if (g['named']) return tasks(listed(g['named']).flatMap((id) => this.idUnits(id)));
    if (g['dotted']) return tasks(this.idUnits(g['dotted']));
    if (g['phases']) return groups(this.phaseGroups(g['phases']), g['phases'].endsWith('+'));
    if (g['stories']) return this.storyRef(numbersOf(g['stories']), groups, tasks);
    if (g['stories2']) return groups(this.groupsWhere(({ kind }) => kind === 'story'), true);
    if (g['kind']) return groups(this.groupsWhere(({ kind }) => kind === (/^f/i.test(g['kind'] ?? '') ? 'foundational' : g['kind']?.toLowerCase())), false);
    return bare && g['bare'] ? tasks(this.idUnits(g['bare'])) : null;
  }

  /** A story label stands on most lines, and its units are many: looked up once. */
  private remembered(found: RegExpExecArray, bare: boolean): Named | null {
    const key = `${bare ? '!' : ''}${found[0]}`;
    const known = this.memory.get(key);
    if (known !== undefined) return known;
    const ref = this.refOf(found, bare);
    this.memory.set(key, ref);
    return ref;
  }

  private prefixed(prefix: string): number[] {
    return [...this.model.unitOf].filter(([id]) => id.startsWith(prefix)).map(([, unit]) => unit);
  }

  private storyRef(wanted: readonly number[], groups: (list: readonly number[], all: boolean) => Named | null, tasks: (units: readonly number[]) => Named | null): Named | null {
    const entries = wanted.map((n) => this.stories.get(`US${n}`)).filter((entry) => entry !== undefined);
    const whole = [...new Set(entries.flatMap((entry) => entry.groups))];
    return whole.length > 0 ? groups(whole, false) : tasks(entries.flatMap((entry) => entry.units));
  }

  private unknownNumbers(text: string, bare: boolean): string[] {
    const items = bare ? listed(text) : [...text.matchAll(namedPattern)].flatMap((match) => listed(match[0]));
    return items.filter((id) => /^\d+(?:\.\d+)*[a-z]?$/.test(id) && !this.model.unitOf.has(id)).map((id) => `task ${id}`);
  }

  private everything(): Named {
    return { kind: 'group', groups: this.model.groups.map((group) => group.index), units: this.model.units.map((unit) => unit.index), all: true, previous: true };
  }

  find(text: string, bare = false): readonly Ref[] {
    const memory = bare ? this.bareTexts : this.texts;
    const known = memory.get(text);
    if (known) return known;
    const refs = this.search(text, bare, 0).filter((ref) => ref.kind !== 'unknown');
    if (memory.size < maxRemembered) memory.set(text, refs);
    return refs;
  }

  findFrom(text: string, from: number): readonly Ref[] {
    return this.search(text, false, from);
  }

  private search(text: string, bare: boolean, from: number): Ref[] {
    const refs: Ref[] = [];
    const stories = /stor(?:y|ies)/i.test(text);
    for (let at = nextStart(text, 0, stories); at < text.length; at = nextStart(text, at, stories)) {
      const start = at;
      pattern.lastIndex = start;
      // Without looking at what matched, as long as it ends before anything that is asked for.
      const isFound = pattern.test(text);
      at = isFound ? pattern.lastIndex : start + 1;
      if (!isFound || at <= from) continue;
      pattern.lastIndex = start;
      const found = pattern.exec(text);
      const ref = found && (this.remembered(found, bare) ?? (found.groups?.['bare'] || found.groups?.['dotted'] ? null : nothing));
      if (!ref) continue;
      const lead = found[0].length - found[0].trimStart().length;
      refs.push({ kind: ref.kind, units: ref.units, groups: ref.groups, all: ref.all, previous: ref.previous, start: found.index + lead, end: at, text: found[0].trim() });
    }
    return refs;
  }

  unknown(text: string, bare = false): string[] {
    const found: string[] = [];
    if (!/\d/.test(text)) return found;
    if (this.hasNumbers && (bare || /\btasks?\s+\d/i.test(text))) found.push(...this.unknownNumbers(text, bare));
    for (const match of text.matchAll(unknownPattern)) {
      const family = numberIn(match[0])?.prefix.replace(/\d+/g, '0') ?? '';
      if (this.families.has(family) && this.idUnits(match[0]).length === 0) found.push(match[0]);
    }
    if (this.byNumber.size > 0 && /phase|fase|阶段|階段|フェーズ|단계/i.test(text)) {
      for (const match of text.matchAll(phasesPattern)) found.push(...numbersOf(match.groups?.['phases'] ?? '').filter((n) => n !== Infinity && !this.byNumber.has(n)).map((n) => `Phase ${n}`));
    }
    if (this.stories.size > 0 && /stor(?:y|ies)|US|用户故事|ユーザーストーリー/i.test(text)) {
      for (const match of text.matchAll(storiesPattern)) found.push(...numbersOf(match.groups?.['stories'] ?? '').filter((n) => n !== Infinity && !this.stories.has(`US${n}`)).map((n) => `US${n}`));
    }
    return found;
  }
}

/** Builds the finder of one spec. */
export const refsOf = (model: Model): Refs => new Finder(model);

/** References that follow each other from `at` on, joined only by commas, `and` and their like. */
export function listFrom(text: string, refs: readonly Ref[], at: number): Ref[] {
  const taken: Ref[] = [];
  let end = at;
  for (const ref of refs) {
    if (ref.start < end) continue;
    const gap = text.slice(end, ref.start);
    const joined = taken.length === 0 ? /^[\s`*({[]*(?:(?:tasks?|completion of|the|all of|both|also)\s+)*[`*({[]*$/i.test(gap) : /^[\s`*)}\]]*(?:[,/+&;、]|and|or|plus|und|y|及|和|と)?(?:\s*(?:and|tasks?|also))?[\s`*({[]*$/i.test(gap);
    if (!joined) break;
    taken.push(ref);
    end = ref.end;
  }
  return taken;
}
