/** Paths that a task names: what it claims to touch (formats.md section 5, rule 6). */

const extensions =
  'ts tsx js jsx mjs cjs mts cts vue svelte py pyi ipynb go rs java kt kts swift m mm h c cc cpp cxx hpp cs fs fsi fsx fsproj csproj sln vb rb php ' +
    'scala clj ex exs erl hs lua dart r jl sql prisma graphql gql proto json jsonc json5 yaml yml toml ini cfg conf env xml html htm css scss sass less ' +
    'md mdx rst txt csv tsv sh bash zsh ps1 bat cmd tf hcl dockerfile lock gradle properties plist svg png jpg jpeg gif ico wasm sol move zig nim ' +
    'astro hbs ejs pug snap feature http rego bicep razor cshtml xaml resx storyboard xib';
/** What follows the last dot of a file; a glob or a bracket may close it. */
const extension = new RegExp(String.raw`(?:${extensions.replaceAll(' ', '|')})[*}\])]*$`, 'iy');
const bareNames = /^(?:go\.(?:mod|sum|work)|Pipfile|Podfile|Dockerfile|Makefile|Justfile|Procfile|Gemfile|Rakefile|Vagrantfile|LICENSE|CODEOWNERS|\.[a-z][\w.-]*(?:rc|ignore|env|config|example)|\.env(?:\.\w+)*)$/;
const roots = /^(?:\.?\/)?(?:\.github|\.vscode|\.specify|src|lib|libs|app|apps|test|tests|spec|__tests__|e2e|backend|frontend|server|client|api|web|cli|cmd|internal|pkg|packages?|crates|modules|services?|components?|core|shared|docs?|scripts?|config|configs|infra|deploy|migrations|database|db|public|assets|resources|tools|examples|benches|bench)\//;
/** Documents of the spec itself are inputs, not claims. */
const inputs = /^(?:.*\/)?(?:spec|plan|tasks|research|data-model|quickstart|proposal|design|constitution)\.md$|(?:^|\/)checklists\/|^contracts\/?$/;
const readOnly = /(?:\bper|\bsee|\bcf\.|refer to|according to|(?:described|defined|specified|documented|as) in|based on)\s+[`"'(]*$/i;
const route = /\b(?:GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS)\s+[`"']*$/;
const token = /`([^`\n]{1,300})`|(?<![\wÀ-ɏ`@:/.\\])((?:\.{0,2}\/)?[\wÀ-ɏ.@()[\]{}*+~$%-]{1,120}(?:\/[\wÀ-ɏ.@()[\]{}*+~$%,-]{0,120}){1,40}|[\wÀ-ɏ.-]{1,120}\.\w{1,12})/g;
/** Frameworks that are written like files. */
const frameworks = /^(?:Node|Next|Nuxt|Nest|Vue|React|Express|Three|D3|Chart|Moment|Alpine|Discord|Ember|Backbone|Angular|Svelte|Solid|Phaser|Babylon)\.js$|^(?:node|next|nuxt|vue|d3|three|p5|discord)\.js$/;
const link = /!?(?<![\w/\])])\[([^\][\n]{0,200})\]\(\s*<?([^()\s>]{1,300})>?[^()\n]{0,100}\)/g;
const url = /^[a-z][\w+.-]*:\/\/|^www\.|^(?:[a-z0-9-]+\.)+(?:com|org|net|io|dev)(?:[/:]|$)/;
/** Words of a list of files that name none. */
const noFile = /^(?:none|n\/a|na|tbd|tba|new|all|any|various|multiple|several|existing|same|see|above|below|-+|–|—)$/i;
const maxFiles = 200;
const maxText = 8000;

/** Most paths: names joined by single slashes, nothing to normalise. */
const plainPath = /^(?:[\w-]+(?:\.[\w-]+)*\/)*[\w-]+(?:\.[\w-]+)*\/?$/;

/** Without `.`, with `..` walked back: `src/../src/./a.ts` is `src/a.ts`. Null for a path that climbs out of the repository, or over a glob. */
function walked(path: string): string | null {
  if (!/(?:^|\/)\.{1,2}(?:\/|$)/.test(path)) return path;
  const way: string[] = [];
  for (const part of path.split('/')) {
    if (part === '.') continue;
    if (part !== '..') way.push(part);
    else if ((way.pop() ?? '*').includes('*')) return null;
  }
  return /\/\.{1,2}$/.test(path) ? `${way.join('/')}/` : way.join('/');
}

/** Makes a named path comparable: slashes, no `./` and `../`, no position suffix. Null when it leaves the repository or is none. */
export function normalisePath(text: string): string | null {
  if (plainPath.test(text)) return text;
  const cleaned = text.trim().replace(/\\/g, '/').replace(/(?::L?\d+(?:[-–:,]L?\d+)*|::[^/]*|(?<=\.\w{1,12})#[^/]*)$/, '').replace(/[.,;:]+$/, '').replace(/\/{2,}/g, '/').replace(/^\//, '');
  const opened = cleaned.startsWith('(') && cleaned.endsWith(')') && !cleaned.includes('/(') ? cleaned.slice(1, -1) : cleaned;
  const path = walked(opened.endsWith(')') && !opened.includes('(') ? opened.slice(0, -1) : opened);
  return path === null || path === '' || path === '/' || /^[*.]+$/.test(path) ? null : path;
}

function hasExtension(path: string): boolean {
  extension.lastIndex = path.lastIndexOf('.') + 1;
  return extension.lastIndex > 0 && extension.test(path);
}

/** `docs/User Guide.md`, but not a command: the first word is no whole path, and the others are no options or paths of their own. */
function hasSpaces(text: string): boolean {
  const words = text.split(/\s+/);
  return words.length <= 6 && words[0]?.includes('/') === true && !hasExtension(words[0]) && hasExtension(text) && !words.some((word, index) => index > 0 && /^[-./~&$(]|^\w+\/.*\.\w+$/.test(word) && index < words.length - 1);
}

function isName(text: string, quoted: boolean): boolean {
  if (frameworks.test(text)) return false;
  if (bareNames.test(text)) return quoted || text.includes('.');
  return (quoted || /^[\wÀ-ɏ-]+(?:\.[\w-]+)+$/.test(text)) && hasExtension(text) && /[\wÀ-ɏ\])*]\.\w+$/.test(text);
}

function isPath(text: string, quoted: boolean, plain = plainPath.test(text)): boolean {
  if (url.test(text)) return false;
  if (plain ? /^-|^\d+\/\d+/.test(text) : /^[@#$<-]|[<>|"'=;]|\(\)$|\$\{|^\d+\/\d+/.test(text) || (/\s/.test(text) && !(quoted && hasSpaces(text)))) return false;
  if (!plain && (/^\/(?!.*\.\w+$)/.test(text) || text.startsWith('~'))) return false;
  return text.includes('/') ? isInFolder(text, quoted) : isName(text, quoted);
}

function isInFolder(text: string, quoted: boolean): boolean {
  if (hasExtension(text) || roots.test(text)) return true;
  const last = text.slice(text.lastIndexOf('/') + 1);
  if (last === '') return /^[\w.@()[\]-]+(?:\/[\w.@()[\]-]+)*\/$/.test(text);
  return bareNames.test(last) || (quoted && (last.includes('*') || /^[\w.-]+(?:\/[\w.()[\]-]+){2,}$/.test(text)));
}

/** Expands `src/{a,b}.ts` into its members; anything more complicated stays as it is. */
function expandBraces(path: string): string[] {
  const found = /^([^{}]*)\{([^{}]*,[^{}]*)\}([^{}]*)$/.exec(path);
  if (!found) return [path];
  return (found[2] ?? '').split(',').slice(0, 20).map((part) => `${found[1] ?? ''}${part.trim()}${found[3] ?? ''}`);
}

/** Whether the word before `index` may make the path a reference: a quick look that spares most paths the pattern. */
function mayRefer(text: string, index: number): boolean {
  let at = index - 1;
  while (at >= 0 && ' \t`"\'('.includes(text.charAt(at))) at -= 1;
  if (!'reno.REON'.includes(text.charAt(at)) || at < 0) return false;
  if (!'nN'.includes(text.charAt(at)) || !'iI'.includes(text.charAt(at - 1)) || text.charAt(at - 2) !== ' ') return true;
  return 'dsDS'.includes(text.charAt(at - 3));
}

/** Without punctuation behind it and emphasis around it. `**` beside a slash is a glob. */
function bare(name: string): string {
  let end = name.length;
  while (end > 0 && '.,;:'.includes(name.charAt(end - 1))) end -= 1;
  const stopped = end === name.length ? name : name.slice(0, end);
  const first = stopped.charCodeAt(0);
  return first === 42 || first === 95 ? stopped.replace(/^(\*{1,3}|__?)(?![*_/])(.*[^*_/])\1$/, '$2') : stopped;
}

const braces = /(`?)([^\s`{},;()]{0,100})\{([^{}`]{1,400})\}([^\s`{},;()]{0,60})(`?)/g;

/** `{src/a.ts, src/b.ts}` and `src/{a.ts, b.ts}` as a list of paths; braces around anything else stay. `always` also without blanks in them. */
function unbraced(text: string, always: boolean): string {
  if (!text.includes('{') || !text.includes(',')) return text;
  return text.replace(braces, (whole, open: string, head: string, inner: string, tail: string, close: string) => {
    const parts = inner.split(',').slice(0, 20).map((part) => part.trim());
    const isList = parts.length > 1 && open === close && (always || /,\s/.test(inner) || head + tail === '');
    const arePaths = parts.every((part) => /^[\w@.*/[\]~+-]+$/.test(part) && /[/.]/.test(head + part + tail));
    return isList && arePaths ? parts.map((part) => `${open}${head}${part}${tail}${close}`).join(', ') : whole;
  });
}

/** Links as their text and target, Windows paths with slashes, escaped brackets bare. */
function readable(text: string): string {
  const read = unbraced(text.length > maxText ? text.slice(0, maxText) : text, false);
  if (!read.includes('](') && !read.includes('\\')) return read;
  const linked = read.includes('](') ? read.replace(link, (_, words: string, target: string) => `${words} \`${target}\``) : read;
  return linked.includes('\\') ? linked.replace(/\\([[\]()_*])/g, '$1').replace(/(?<=[\w.)-])\\(?=[A-Za-z0-9])/g, '/') : linked;
}

function add(path: string | null, into: string[]): void {
  if (path !== null && into.length < maxFiles && !into.includes(path)) into.push(path);
}

/** Adds what is no input. */
function claim(path: string | null, into: string[]): void {
  if (path !== null && !((path.endsWith('.md') || path.includes('checklists/') || path.startsWith('contracts')) && inputs.test(path))) add(path, into);
}

/** Whether the words before `index` make the path there a reference. */
const isReadOnly = (text: string, index: number): boolean => mayRefer(text, index) && readOnly.test(text.slice(Math.max(0, index - 24), index));

/** Place of the first slash, dot or backtick from `at` on, or -1. */
function nextSign(text: string, at: number): number {
  for (let i = at; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    if (code === 46 || code === 47 || code === 96) return i;
  }
  return -1;
}

/** Where the first path may begin: with the word that holds the first slash or dot, or at a backtick before it. */
const firstPath = (text: string, sign: number): number => (text.charCodeAt(sign) === 96 ? sign : text.lastIndexOf(' ', sign) + 1);

/** `src/part-1/file.ts` as a word between blanks: what nearly every path is. Neither an address, nor emphasised, nor a fraction. */
const wordPath = /[A-Za-z][\w-]*(?:\/[\w-]+(?:\.[\w-]+)*)+(?= |$)/y;
/** Characters of such a word; what is longer is cut by the pattern for all. */
const wordLimit = 80;

/** The end of such a word at `at`; `at` when there is none. */
function pastWordPath(text: string, at: number): number {
  wordPath.lastIndex = at;
  return wordPath.test(text) && wordPath.lastIndex - at <= wordLimit ? wordPath.lastIndex : at;
}

/** Adds the paths named in `text` to `into`, in order of appearance, each once. `into` stays short, so it is searched as it is. */
export function collectPaths(text: string, into: string[]): void {
  const read = readable(text);
  let sign = nextSign(read, 0);
  if (read.charCodeAt(sign) === 96 && !/[/.\\]/.test(text)) return;
  // Plain words first; from the first one on that is none, the pattern for all reads the rest.
  for (let start = sign < 0 ? 0 : firstPath(read, sign); sign >= 0 && into.length < maxFiles; start = firstPath(read, sign)) {
    const end = pastWordPath(read, start);
    if (end === start) {
      token.lastIndex = start;
      break;
    }
    const word = read.slice(start, end);
    if (isInFolder(word, false) && !isReadOnly(read, start)) claim(word, into);
    sign = nextSign(read, end);
  }
  if (sign < 0) return;
  for (let found = token.exec(read); found && into.length < maxFiles; found = token.exec(read)) {
    const quoted = found[1] !== undefined;
    const named = bare((found[1] ?? found[2] ?? '').trim());
    const plain = plainPath.test(named);
    if (!isPath(named, quoted, plain) || isReadOnly(read, found.index)) continue;
    if (named.endsWith('/') && '<$'.includes(read.charAt(token.lastIndex) || ' ')) continue;
    if (named.startsWith('/') && route.test(read.slice(Math.max(0, found.index - 12), found.index))) continue;
    if (plain) claim(named, into);
    else for (const member of expandBraces(named)) claim(normalisePath(member), into);
  }
}

/** Words of one entry of a list: the path itself where it has blanks, else each word that looks like one; a single word always does. */
function entriesOf(part: string): string[] {
  const text = part.replace(/\([^()]*\)/g, ' ').replace(/[`"']/g, '').trim();
  if (/\s/.test(text) && hasSpaces(text)) return [text];
  const words = text.split(/\s+/).map(bare);
  return words.filter((word) => !noFile.test(word) && !url.test(word) && (words.length === 1 || word.includes('*') || isPath(word, true)));
}

/** Paths of a `[files: a, b]` label or a `Files:` line, where every entry is one. */
export function collectListed(list: string, into: string[]): void {
  for (const part of unbraced(list, true).split(/[,;]/)) {
    for (const entry of entriesOf(part)) if (/[\w*]/.test(entry)) add(normalisePath(entry), into);
  }
}
