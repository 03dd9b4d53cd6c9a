/** References to tasks, phases and stories in prose: `T004-T007`, `Phase 2`, `US1/US2`, `all user stories`, `1.1.*`. */
import { FileNames, type NamedFile } from './file-names';
import { matchesOf } from './matches';
import { isConvergence, scopeOf, type Model, type Scope } from './model';
import { IdIndex, numberIn, type Part, phaseIndex, storyIndex, type StoryPlaces } from './ref-index';

export interface Ref {
  readonly start: number;
  readonly end: number;
  /** `unknown`: it looks like a reference and names nothing of this spec. */
  readonly kind: 'task' | 'group' | 'unknown';
  readonly units: readonly number[];
  /** Groups it names; empty for tasks. */
  readonly groups: readonly number[];
  /** Where it names stories that share a phase with others: their units of it. The phase is in `groups` too, and of its units only these are in `units`. */
  readonly parts: readonly Part[];
  /** Says "all" or "every": a collective subject. */
  readonly all: boolean;
  /** Says "all previous": of its units and groups only those before the one that says it are meant. */
  readonly previous: boolean;
  readonly text: string;
}

export interface Refs {
  /** As a task file reads them: what its own ids and phases can mean comes before those of the spec's other files. */
  in(file: string): Refs;
  /** Every reference of a text, in order. `bare` also reads plain numbers, as in `[depends: 1, 2]`. */
  find(text: string, bare?: boolean): readonly Ref[];
  /** Those that end behind `from`, with those that name nothing; what stands before it is not looked up. */
  findFrom(text: string, from: number): readonly Ref[];
  /** What looks like an id of this file, a phase or a story, and names nothing; phases and stories count only where the file has some. `bare` also looks at plain numbers that stand alone between commas. */
  unknown(text: string, bare?: boolean): string[];
  /** Task files in which what `unknown` found stands, where these are several and the text does not say which. */
  filesOf(unknown: string): readonly string[];
}

const idPattern = String.raw`TASK-\d{1,4}[a-z]?(?:-\d+)*|(?:[a-z0-9]{4,12}-)?T-?\d{1,5}[a-zA-Z]?['’′]?(?:[.-]\d+[a-z]?)*|[A-Z]{2,6}-\d{1,4}|WP\d{2,3}`;
const dash = String.raw`\s*(?:-|–|—|…|\.\.\.?|〜|to|through|bis|至|到)\s*`;
const numbers = String.raw`\d+(?:\.\d+)?(?:\s*(?:,|/|&|\+(?=\s*\d)|and|or|und|y|、|-|–|—|to|through)\s*(?:Phase\s*)?\d+(?:\.\d+)?)*\+?`;
const storyNumbers = numbers.replace(String.raw`(?:Phase\s*)?`, String.raw`(?:User Story\s*|US[ -]?)?`);
const dottedNumber = String.raw`\d+[a-z]?(?:\.\d+[a-z]?)*(?![\w.]*\d)`;
const taskNumbers = String.raw`${dottedNumber}(?:${dash}${dottedNumber})?`;
const phases = String.raw`(?:\bPhases?|\bFases?|阶段|階段|フェーズ|단계)\s*(?<phases>${numbers})`;
/** Phases that carry a letter: `Phase M3`, `Phase M1-M3`, `Phase M3+`. */
const labels = String.raw`(?:\bPhases?|\bFases?|阶段|階段|フェーズ|단계)\s*(?<labels>[A-Z]\d{1,3}(?![\p{L}\p{N}])(?:\s*(?:,|/|&|and|、|-|–|—|to|through)\s*(?:Phase\s*)?[A-Z]\d{1,3}(?![\p{L}\p{N}]))*\+?)`;
const stories = String.raw`(?:\bUser Stor(?:y|ies)|\bStor(?:y|ies)|\bUS|用户故事|ユーザーストーリー)[ -]?(?<stories>${storyNumbers})`;
/** "all previous tasks", "all of the above", "everything before": a noun that is no task or phase ("all previous migrations") says something else. */
const previous = String.raw`\b(?:all|every(?:thing)?)\s+(?:of\s+)?(?:the\s+)?(?:(?:(?:previous|prior|earlier|preceding)\s+|other\s+)(?:phases|tasks|steps)\b|(?:(?:tasks|phases|steps)\s+)?(?:previous|prior|earlier|preceding|above|before)(?=[\s*_\x60]*(?:$|[).,;:\]])))`;
const pattern = new RegExp(
  [
    // A slash joins ids (T001/T002) and stands in paths (src/T001): only after a digit it is the first.
    String.raw`(?<id>(?<![\w§#.-])(?<!(?<!\d)/)(?:${idPattern})(?![\p{L}\p{N}_])(?:${dash}(?:T-?\d{1,5}[a-z]?|TASK-\d+(?:-\d+)*|WP\d+)(?![\p{L}\p{N}_]))?)`,
    String.raw`(?<wild>(?<![\w§.])\d+(?:\.\d+)*\.\*)`,
    String.raw`(?<named>\bTasks\s+${taskNumbers}(?:\s*(?:,|/|&|\+|、|,?\s*\band\b|\bund\b)\s*(?:Tasks?\s+)?${taskNumbers})*|\bTask\s+${taskNumbers})`,
    String.raw`(?<dotted>(?<![\w§.v$#/-])\d{1,3}[a-z]?(?:\.\d{1,3})+[a-z]?(?:${dash}\d{1,3}[a-z]?(?:\.\d{1,3})+)?(?![\w%.]*[\p{L}\p{N}]))`,
    String.raw`(?<previous>${previous})`,
    phases,
    labels,
    stories,
    String.raw`(?<stories2>\b(?:all|every|each|any|the|other)?\s*(?:\w+\s+)?(?:user[ -]stor(?:y|ies)|stories)\b(?![ -]?\d)|所有用户故事|用户故事)`,
    String.raw`(?<kind>\b(?:Setup|Foundational|Foundation|Polish)\b)`,
    String.raw`(?<bare>(?<![\w.#-])#?\d{1,4}(?:${dash}#?\d{1,4})?(?![\w.%-]*[\w%]))`,
  ].join('|'),
  'giuy',
);
/** An id that ends where no range, list or longer word can follow it at once. */
const plainPattern = /(?<=[\s(,])T\d{1,5}(?=[),;\]]|$)/y;
const unknownPattern = new RegExp(String.raw`(?<![\w§/#.-])(?:${idPattern})(?![\p{L}\p{N}_])`, 'gu');
/** Ids that stand for tasks and nothing else, also in a file whose tasks have none. */
const taskFamily = /^(?:(?:[a-z0-9]{4,12}-)?T-?\d|TASK-\d|WP\d)/;
const phasesPattern = new RegExp(phases, 'giu');
const storiesPattern = new RegExp(stories, 'giu');
const namedPattern = new RegExp(String.raw`\bTasks?\s+${taskNumbers}(?:\s*(?:,|/|&|\+|and)\s*(?:Tasks?\s+)?${taskNumbers})*`, 'gi');
const rangePattern = new RegExp(`^(.*?\\d[a-z]?)${dash}((?:[A-Z]|TASK-)?.*\\d[a-z]?)$`, 'u');
/** Texts whose references are remembered: the rules ask for the same line several times. */
const maxRemembered = 20_000;

const isDigit = (code: number): boolean => code >= 48 && code <= 57;
const isWord = (code: number): boolean => (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || (code >= 48 && code <= 57) || code === 95;

/** How the words begin that references begin with: task, all, every, phase, fase, US, setup, foundation, polish. */
const opener = /ta|al|ev|ph|fa|us|se|fo|po/iy;

/** The end of the word at `at` when no reference begins with it: only letters, none of those words, no `-` behind it; else `at`. */
function pastPlainWord(text: string, at: number): number {
  opener.lastIndex = at;
  if (opener.test(text)) return at;
  let end = at;
  while (isWord(text.charCodeAt(end)) && !isDigit(text.charCodeAt(end))) end += 1;
  const next = text.charCodeAt(end);
  return next === 45 || next > 126 || isDigit(next) ? at : end;
}

/**
 * Where the pattern may begin to match in `text` from `at` on: at a word, at `#`, at a character beyond ASCII, or, for the
 * plural of story, at the end of a word. Trying it everywhere else would take most of the planner's time.
 */
function nextStart(text: string, at: number, stories: boolean): number {
  let before = at > 0 && isWord(text.charCodeAt(at - 1));
  for (let i = at; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    const word = isWord(code);
    if (word ? !before : code > 126 || code === 35 || (before && stories)) {
      const end = word && !stories ? pastPlainWord(text, i) : i;
      if (end === i) return i;
      i = end - 1;
    }
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

const noParts: readonly Part[] = [];
const nothing: Named = { kind: 'unknown', units: [], groups: [], parts: noParts, all: false, previous: false };

/** Calls `make` the first time that the value is asked for. */
function lazy<T>(make: () => T): () => T {
  let made: { readonly value: T } | null = null;
  return () => (made ??= { value: make() }).value;
}

class Finder implements Refs {
  private readonly memory = new Map<string, Named | null>();
  private readonly texts = new Map<string, readonly Ref[]>();
  private readonly bareTexts = new Map<string, readonly Ref[]>();
  private readonly byNumber: () => ReadonlyMap<number, readonly number[]>;
  private readonly stories: () => ReadonlyMap<string, StoryPlaces>;
  private readonly ids: () => IdIndex;
  private readonly fileNames: () => FileNames | null;

  private readonly scoped = new Map<string, Finder>();

  /** `wider` finds what `scope` does not hold; without one the scope is the whole spec. */
  constructor(private readonly model: Model, private readonly scope: Scope = model, private readonly wider: Finder | null = null) {
    // A file with phases of its own means those by their numbers.
    this.byNumber = lazy(() => phaseIndex(wider !== null && scope.groups.every(({ phase }) => phase?.number == null) ? model : scope));
    this.stories = lazy(() => storyIndex(model));
    this.ids = lazy(() => new IdIndex(scope));
    this.fileNames = lazy(() => (model.spec.taskFiles.length < 2 ? null : new FileNames(model.spec.taskFiles, model.spec.tasks)));
  }

  in(file: string): Refs {
    return this.scopedTo(file);
  }

  private scopedTo(file: string): Finder {
    if (this.wider) return this.wider.scopedTo(file);
    if (this.model.spec.taskFiles.length < 2) return this;
    const known = this.scoped.get(file) ?? new Finder(this.model, scopeOf(this.model, file), this);
    this.scoped.set(file, known);
    return known;
  }

  /** An id of another file, as long as only one has it: which of several is meant is not guessed. */
  private idUnits(text: string): number[] {
    const own = this.ownUnits(text);
    if (own.length > 0 || this.wider === null) return own;
    return (this.names()?.of(text).length ?? 0) > 1 ? [] : this.wider.ownUnits(text);
  }

  private ownUnits(text: string): number[] {
    const own = this.scope.unitOf.get(text.replace(/['’′]/, "'")) ?? (text.startsWith('#') ? this.scope.unitOf.get(text.slice(1)) : undefined);
    if (own !== undefined) return [own];
    const parts = rangePattern.exec(text);
    return parts?.[1] && parts[2] ? this.ids().range(parts[1], parts[2]) : [];
  }

  private names(): FileNames | null {
    return this.wider ? this.wider.names() : this.fileNames();
  }

  /** What an id means behind the name of a file: that file's own task. */
  private inNamed({ file }: NamedFile, groups: Readonly<Record<string, string | undefined>>, bare: boolean): Named | null {
    const id = groups['id'] ?? groups['dotted'] ?? (bare ? groups['bare'] : undefined);
    const ids = groups['named'] === undefined ? (id === undefined ? [] : [id]) : listed(groups['named']);
    const units = ids.flatMap((one) => this.scopedTo(file).ownUnits(one));
    return units.length === 0 ? null : { kind: 'task', units: [...new Set(units)], groups: [], parts: noParts, all: false, previous: false };
  }

  private groupsWhere(test: (group: Model['groups'][number]) => boolean): number[] {
    const found = this.scope.groups.filter(test).map((group) => group.index);
    return found.length > 0 ? found : this.wider?.groupsWhere(test) ?? [];
  }

  private phaseGroups(text: string): number[] {
    const wanted = numbersOf(text);
    const open = wanted.at(-1) === Infinity ? wanted.at(-2) ?? Infinity : Infinity;
    // "Phase 3+" of the template speaks of the story phases; the final phase is named apart.
    if (open === Infinity) return [...new Set(wanted.flatMap((n) => this.byNumber().get(n) ?? []))].sort((a, b) => a - b);
    return this.groupsWhere(({ phase, kind }) => phase?.number != null && (wanted.includes(phase.number) || (phase.number > open && kind !== 'polish')));
  }

  /** `M3`, `M1-M3`, `M3+`, `WP02-WP05`: phases whose label has those letters. */
  private labelGroups(text: string): number[] {
    const wanted = numbersOf(text);
    const open = wanted.at(-1) === Infinity ? wanted.at(-2) ?? Infinity : Infinity;
    const letters = /^[A-Z]*/.exec(text.toUpperCase())?.[0] ?? '';
    return this.groupsWhere(({ phase, kind }) => {
      const n = phase?.label?.startsWith(letters) === true ? Number(phase.label.slice(letters.length)) : NaN;
      return wanted.includes(n) || (n > open && kind !== 'polish');
    });
  }

  private refOf(found: RegExpExecArray, bare: boolean): Named | null {
    const g = found.groups ?? {};
    const tasks = (units: readonly number[]): Named | null => (units.length > 0 ? { kind: 'task', units: [...new Set(units)], groups: [], parts: noParts, all: false, previous: false } : null);
    const groups = (list: readonly number[], all: boolean): Named | null =>
      list.length > 0 ? { kind: 'group', groups: list, units: list.flatMap((index) => this.model.groups[index]?.members ?? []), parts: noParts, all, previous: false } : null;
    if (g['id']) return tasks(this.idUnits(g['id'])) ?? (/^WP/i.test(g['id']) ? groups(this.labelGroups(g['id']), false) : null);
    if (g['previous']) return this.everything();
    if (g['wild']) return tasks(this.prefixed(g['wild'].slice(0, -1)));
    if (g['named']) return tasks(listed(g['named']).flatMap((id) => this.idUnits(id)));
    if (g['dotted']) return tasks(this.idUnits(g['dotted']));
    if (g['phases']) return groups(this.phaseGroups(g['phases']), g['phases'].endsWith('+'));
    if (g['labels']) return groups(this.labelGroups(g['labels']), g['labels'].endsWith('+'));
    if (g['stories']) return this.storyRef(numbersOf(g['stories']), tasks);
    if (g['stories2']) return groups((this.wider ?? this).groupsWhere(({ kind }) => kind === 'story'), true);
    if (g['kind']) return groups(this.groupsWhere((group) => group.kind === (/^f/i.test(g['kind'] ?? '') ? 'foundational' : g['kind']?.toLowerCase()) && !isConvergence(group)), false);
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
    const found = [...this.scope.unitOf].filter(([id]) => id.startsWith(prefix)).map(([, unit]) => unit);
    return found.length > 0 ? found : this.wider?.prefixed(prefix) ?? [];
  }

  private storyRef(wanted: readonly number[], tasks: (units: readonly number[]) => Named | null): Named | null {
    const entries = wanted.map((n) => this.stories().get(`US${n}`)).filter((entry) => entry !== undefined);
    const whole = new Set(entries.flatMap((entry) => entry.groups));
    const shares = new Map<number, Set<number>>();
    for (const { group, units } of entries.flatMap((entry) => entry.parts)) shares.set(group, new Set([...shares.get(group) ?? [], ...units]));
    const members = (group: number): readonly number[] => this.model.groups[group]?.members ?? [];
    // Tasks without a label belong to all of them.
    const isOther = (unit: number): boolean => (this.model.units[unit]?.task.stories.length ?? 0) > 0;
    for (const [group, units] of shares) if (members(group).every((unit) => units.has(unit) || !isOther(unit))) whole.add(group);
    const parts = [...shares].filter(([group]) => !whole.has(group)).map(([group, units]) => ({ group, units: [...units].sort((a, b) => a - b) }));
    if (whole.size + parts.length === 0) return tasks(entries.flatMap((entry) => entry.units));
    return {
      kind: 'group', groups: [...whole, ...parts.map(({ group }) => group)], units: [...[...whole].flatMap(members), ...parts.flatMap(({ units }) => units)],
      parts: parts.length === 0 ? noParts : parts, all: false, previous: false,
    };
  }

  private unknownNumbers(text: string, bare: boolean): string[] {
    const items = bare ? listed(text.includes('.*') ? text.replace(/[\d.]+\.\*/g, '') : text) : [...text.matchAll(namedPattern)].flatMap((match) => listed(match[0]));
    return items.filter((id) => /^\d+[a-z]?(?:\.\d+[a-z]?)*$/.test(id) && this.idUnits(id).length === 0 && !(text.includes(`#${id}`) && this.scope.unitOf.has(`#${id}`))).map((id) => `task ${id}`);
  }

  private everything(): Named {
    return { kind: 'group', groups: this.model.groups.map((group) => group.index), units: this.model.units.map((unit) => unit.index), parts: noParts, all: true, previous: true };
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

  /** `T003` of a list such as `(depends on T001, T003)`, which needs none of the other alternatives; null for anything else. */
  private plainId(text: string, at: number): Ref | null {
    plainPattern.lastIndex = at;
    if (!plainPattern.test(text)) return null;
    const id = text.slice(at, plainPattern.lastIndex);
    const unit = this.scope.unitOf.get(id);
    return unit === undefined ? null : { start: at, end: at + id.length, kind: 'task', units: [unit], groups: [], parts: noParts, all: false, previous: false, text: id };
  }

  private search(text: string, bare: boolean, from: number): Ref[] {
    const refs: Ref[] = [];
    const stories = /stor(?:y|ies)/i.test(text);
    const names = this.names();
    let last: { file: string; end: number } | null = null;
    // An id right behind the words that name it begins a reference of its own, whatever stands before those words.
    for (let at = names === null && from > 0 && this.plainId(text, from) ? from : nextStart(text, 0, stories); at < text.length; at = nextStart(text, at, stories)) {
      const start = at;
      const plain = names === null ? this.plainId(text, start) : null;
      if (plain) {
        at = plain.end;
        if (at > from) refs.push(plain);
        continue;
      }
      pattern.lastIndex = start;
      // Without looking at what matched, as long as it ends before anything that is asked for.
      const isFound = pattern.test(text);
      at = isFound ? pattern.lastIndex : start + 1;
      if (!isFound || at <= from) continue;
      pattern.lastIndex = start;
      const found = pattern.exec(text);
      const named: NamedFile | null = names?.before(text, start, last) ?? null;
      const there = named && found?.groups ? this.inNamed(named, found.groups, bare) : null;
      if (named && there) {
        last = { file: named.file, end: at };
        refs.push({ ...there, start: named.start, end: at, text: text.slice(named.start, at).trim() });
        continue;
      }
      const ref = found && (this.remembered(found, bare) ?? (found.groups?.['bare'] || found.groups?.['dotted'] ? null : nothing));
      if (!ref) continue;
      const lead = found[0].length - found[0].trimStart().length;
      refs.push({ kind: ref.kind, units: ref.units, groups: ref.groups, parts: ref.parts, all: ref.all, previous: ref.previous, start: found.index + lead, end: at, text: found[0].trim() });
    }
    return refs;
  }

  unknown(text: string, bare = false): string[] {
    const found = this.unknownIn(text, bare);
    if (found.length === 0 || this.names() === null) return found;
    // What a name before it made clear.
    const clear = new Set(this.find(text, bare).map((ref) => ref.text.replace(/^.*[^\w.'-]/, '')));
    return found.filter((id) => !clear.has(id.replace(/^task /, '')));
  }

  private unknownIn(text: string, bare: boolean): string[] {
    const found: string[] = [];
    if (!/\d/.test(text)) return found;
    if (bare && text.includes('.*')) for (const [wild] of text.matchAll(/(?<![\w.])\d+(?:\.\d+)*\.\*/g)) if (this.prefixed(wild.slice(0, -1)).length === 0) found.push(wild);
    const ids = (this.wider ?? this).ids();
    const isAnonymous = ids.families.size === 0;
    if ((bare || /\btasks?\s+\d/i.test(text)) && (ids.hasNumbers || isAnonymous)) found.push(...this.unknownNumbers(text, bare));
    for (const match of matchesOf(unknownPattern, text)) {
      if (this.scope.unitOf.has(match[0])) continue;
      const family = numberIn(match[0])?.prefix.replace(/\d+/g, '0') ?? '';
      if ((isAnonymous ? bare && taskFamily.test(match[0]) : ids.families.has(family)) && this.idUnits(match[0]).length === 0) found.push(match[0]);
    }
    if (/phase|fase|阶段|階段|フェーズ|단계/i.test(text) && this.byNumber().size > 0) {
      for (const match of text.matchAll(phasesPattern)) found.push(...numbersOf(match.groups?.['phases'] ?? '').filter((n) => n !== Infinity && !this.byNumber().has(n)).map((n) => `Phase ${n}`));
    }
    if (/stor(?:y|ies)|US|用户故事|ユーザーストーリー/i.test(text) && this.stories().size > 0) {
      for (const match of text.matchAll(storiesPattern)) found.push(...numbersOf(match.groups?.['stories'] ?? '').filter((n) => n !== Infinity && !this.stories().has(`US${n}`)).map((n) => `US${n}`));
    }
    return found;
  }

  filesOf(unknown: string): readonly string[] {
    const files = this.names()?.of(unknown.replace(/^task /, '')) ?? [];
    return files.length > 1 ? files : [];
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
