#!/usr/bin/env node
'use strict';
/* oxlint-disable no-control-regex -- foreign text is cleaned of control characters here */
/**
 * Braid's bundled demo agent: does what a coding agent does, without a model. It reads the prompt, shows its steps, writes
 * the files that the task names with plausible content, commits and reports. Plain Node 18, no dependencies, no network.
 * BRAID_DEMO_SPEED multiplies its pauses (1 = three to six seconds a task, 0 = none).
 */
const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');

const env = process.env;
const root = fs.realpathSync(env.BRAID_WORKTREE || process.cwd());
const id = clean(env.BRAID_TASK_ID || 'task');
const title = clean(env.BRAID_TASK_TITLE || 'Untitled task');
const colour = (code, text) => `\x1b[${code}m${text}\x1b[0m`;

/** Foreign text in one line without control characters. */
function clean(text) {
  return text.replace(/[\x00-\x1f\x7f-\x9f]+/g, ' ').replace(/\s+/g, ' ').trim();
}

/** Stable number from 0 to 1, so that the same task takes the same time. */
function spread(text) {
  let hash = 7;
  for (const char of text) hash = (hash * 31 + char.codePointAt(0)) % 9973;
  return hash / 9973;
}

// ---- what the task says -------------------------------------------------------------------------------------------

const suffixes = 'ts|tsx|mts|cts|js|jsx|mjs|cjs|py|md|json|css|scss|html|txt|yml|yaml|toml|ini|sh|sql|go|rs|java|kt|swift|rb|c|h|cpp|cs|php|vue|svelte|svg|xml|csv|env';
const pathPattern = new RegExp(`(?:^|[\\s\`"'(\\[,:])((?:[\\w@.+-]+/)*[\\w@.+-]+\\.(?:${suffixes}))(?=$|[\\s\`"')\\],;:]|\\.(?:\\s|$))`, 'g');
/** Names of technologies that look like files. */
const products = /^(?:node|next|vue|nuxt|react|three|express|nest|d3|chart|ember|backbone|socket\.io|alpine|day|moment)\.js$/i;

function readPrompt() {
  return env.BRAID_PROMPT_FILE ? fs.readFileSync(env.BRAID_PROMPT_FILE, 'utf8') : '';
}

/** The fenced text of the task and the list of files below it, as Braid's prompt has them. */
function readTask() {
  const prompt = readPrompt();
  const fence = /^(`{3,})text\n([\s\S]*?)\n\1$/m.exec(prompt);
  const listed = /^Files that it names:\n((?:- .*\n?)+)/m.exec(prompt);
  const named = listed ? [...listed[1].matchAll(/^- `([^`]+)`$/gm)].map((match) => match[1]) : [];
  const found = [...`${title}\n${fence ? fence[2] : ''}`.matchAll(pathPattern)].map((match) => match[1]).filter((file) => !products.test(file));
  const documents = [...prompt.matchAll(/^- `([^`]+\.md)`$/gm)].map((match) => match[1]).filter((file) => !named.includes(file));
  return { files: named.length > 0 ? named : found, documents };
}

const isInside = (file) => file === root || file.startsWith(root + path.sep);

/** Whether the demo agent may write there: inside the worktree, through no link, not git's own and not the task list. */
function isWritable(file) {
  const target = path.resolve(root, file);
  if (!isInside(target) || target === root || /[*?{}]/.test(file) || /\.\w+$/.test(file) === false) return false;
  const parts = path.relative(root, target).split(path.sep);
  if (parts.includes('.git') || parts.includes('node_modules') || path.basename(target) === 'tasks.md') return false;
  let folder = path.dirname(target);
  while (!fs.existsSync(folder)) folder = path.dirname(folder);
  const there = fs.lstatSync(target, { throwIfNoEntry: false });
  return isInside(fs.realpathSync(folder)) && fs.statSync(folder).isDirectory() && (there === undefined || (there.isFile() && there.size < 1024 * 1024));
}

// ---- names and texts ----------------------------------------------------------------------------------------------

const words = (text) => text.replace(/[^A-Za-z0-9]+/g, ' ').trim().split(' ').filter(Boolean);
const capital = (word) => word.charAt(0).toUpperCase() + word.slice(1);
const slug = (text) => words(text).join('-').toLowerCase().slice(0, 60) || 'task';
const noise = new Set(['the', 'a', 'an', 'and', 'or', 'of', 'for', 'to', 'in', 'on', 'with', 'by', 'that', 'which', 'from', 'into', 'its', 'each', 'all', 'new', 'out', 'below', 'at']);
const reserved = new Set(['new', 'default', 'delete', 'import', 'export', 'class', 'function', 'return', 'enum', 'with', 'switch', 'case', 'test']);

/** The title without paths, brackets and labels. */
const plainTitle = () => title.replace(/\[[^\]]*\]/g, '').replace(/\([^)]*\)/g, '').replace(/\s+(?:in|to|at|into)\s+`?[\w@./+-]+\.\w+`?/g, '').replace(/[`*]/g, '').replace(/[\s,;:.]+$/, '').trim() || title;

/** A name for what the task adds: from its first telling words, with the task's id where the file has that name already. */
function nameFor(old, join) {
  const telling = words(plainTitle()).filter((word) => !noise.has(word.toLowerCase())).slice(0, 3);
  const base = join(telling.length > 0 ? telling : ['apply', id]);
  const safe = /^[A-Za-z]/.test(base) && !reserved.has(base) ? base : join(['do', ...telling]);
  return new RegExp(`\\b${safe}\\b`).test(old) ? join([...telling, ...words(id)]) : safe;
}
const camel = (list) => list.map((word, at) => (at === 0 ? word.toLowerCase() : capital(word.toLowerCase()))).join('');
const snake = (list) => list.map((word) => word.toLowerCase()).join('_');
const pascal = (list) => list.map((word) => capital(word.toLowerCase())).join('');

/** The title as text of a comment: nothing in it can end the comment. */
const said = () => plainTitle().replace(/\*\//g, '* /').replace(/-->/g, '-- >').replace(/\\/g, '/');
const html = (text) => text.replace(/[&<>"]/g, (char) => `&#${char.charCodeAt(0)};`);
const after = (old, text) => (old === '' ? text : `${old.trimEnd()}\n\n${text}`);

// ---- content by kind of file --------------------------------------------------------------------------------------

function typedFunction(old) {
  const name = nameFor(old, camel);
  const type = capital(name);
  return `export interface ${type}Input {\n  readonly text: string;\n  readonly limit?: number;\n}\n\n/** ${said()} (${id}). */\n`
    + `export function ${name}(input: ${type}Input): readonly string[] {\n  const lines = input.text.split('\\n').map((line) => line.trim());\n`
    + `  const kept = lines.filter((line) => line !== '');\n  return input.limit === undefined ? kept : kept.slice(0, input.limit);\n}\n`;
}

const packageText = () => {
  const file = path.join(root, 'package.json');
  return fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : '';
};

/** CommonJS or ES module: what the file does already, else what its name and package say. */
function isModule(file, old) {
  if (/^\s*(?:export|import)\s/m.test(old)) return true;
  if (/\b(?:module\.exports|exports\.\w|require\()/.test(old)) return false;
  return file.endsWith('.mjs') || (!file.endsWith('.cjs') && /"type"\s*:\s*"module"/.test(packageText()));
}

function plainFunction(file, old) {
  const name = nameFor(old, camel);
  const body = `(text, limit = Infinity) {\n  const kept = text.split('\\n').map((line) => line.trim()).filter((line) => line !== '');\n  return kept.slice(0, limit);\n}\n`;
  const comment = `/** ${said()} (${id}). */\n`;
  return isModule(file, old) ? `${comment}export function ${name}${body}` : `${comment}function ${name}${body}\nmodule.exports.${name} = ${name};\n`;
}

function component(old, typed) {
  const name = nameFor(old, pascal);
  const props = typed ? '{ title }: { readonly title: string }' : '{ title }';
  return `/** ${said()} (${id}). */\nexport function ${name}(${props}) {\n  return (\n    <section className="${slug(name)}">\n      <h2>{title}</h2>\n    </section>\n  );\n}\n`;
}

/** A test block that stands alone; the file's own framework where it has one. */
function scriptTest(file, old) {
  const name = JSON.stringify(`${id}: ${plainTitle()}`);
  const vitest = old === '' ? /"vitest"/.test(packageText()) : /from ['"]vitest['"]/.test(old);
  const jest = !vitest && (old === '' ? /"jest"/.test(packageText()) : /\bexpect\(/.test(old));
  const value = "const kept = ['one', '', 'two'].filter((line) => line !== '');";
  if (vitest || jest) {
    const head = old === '' && vitest ? "import { expect, test } from 'vitest';\n\n" : '';
    const call = /\btest\b/.test(old) || old === '' ? 'test' : 'it';
    return `${head}${call}(${name}, () => {\n  ${value}\n  expect(kept).toEqual(['one', 'two']);\n});\n`;
  }
  const block = `test(${name}, () => {\n  ${value}\n  assert.deepEqual(kept, ['one', 'two']);\n});\n`;
  if (old !== '') return /node:test/.test(old) && /\bassert\b/.test(old) ? block : `// ${id}: ${said()}\n`;
  const esm = isModule(file, old) || /\.[mc]?tsx?$/.test(file);
  return `${esm ? "import assert from 'node:assert/strict';\nimport { test } from 'node:test';" : "const assert = require('node:assert/strict');\nconst { test } = require('node:test');"}\n\n${block}`;
}

function pythonText(file, old) {
  const name = nameFor(old, snake);
  const doc = `    """${said().replace(/"/g, "'")} (${id})."""\n`;
  if (/(?:^|\/)(?:test_[^/]*|[^/]*_test)\.py$/.test(file)) return `def test_${name}():\n${doc}    kept = [line for line in ["one", "", "two"] if line]\n    assert kept == ["one", "two"]\n`;
  return `def ${name}(text, limit=None):\n${doc}    kept = [line.strip() for line in text.splitlines() if line.strip()]\n    return kept[:limit]\n`;
}

const numbers = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten', 'eleven', 'twelve'];

function exampleRecord(at) {
  const subjects = ['Groceries', 'Plumber', 'Birthday', 'Reading list', 'Garden', 'Budget', 'Travel', 'Recipes', 'Meeting', 'House', 'Bicycle', 'Ideas'];
  const subject = subjects[at % subjects.length];
  return { id: `${slug(subject)}-${at + 1}`, title: subject, body: `Notes about ${subject.toLowerCase()}.`, tags: [at % 2 ? 'home' : 'work'], createdAt: new Date(Date.UTC(2025, at % 12, 1 + at)).toISOString() };
}

function freshJson(file) {
  const base = path.basename(file);
  if (base === 'package.json') return { name: slug(path.basename(root)), version: '0.1.0', private: true, type: 'module', description: plainTitle(), scripts: { test: 'node --test' } };
  if (/^tsconfig.*\.json$/.test(base)) return { compilerOptions: { target: 'ES2022', module: 'NodeNext', moduleResolution: 'NodeNext', strict: true, outDir: 'dist' }, include: ['src'] };
  const amount = words(title).map((word) => (/^\d{1,3}$/.test(word) ? Number(word) : numbers.indexOf(word.toLowerCase()))).find((number) => number > 1);
  if (amount !== undefined) return Array.from({ length: Math.min(amount, 50) }, (_, at) => exampleRecord(at));
  return { name: slug(path.basename(file, '.json')), description: plainTitle(), task: id, enabled: true };
}

/** JSON with the task's share added; null when the old text is no JSON that can be extended. */
function jsonText(file, old) {
  if (old.trim() === '') return `${JSON.stringify(freshJson(file), null, 2)}\n`;
  let value;
  try {
    value = JSON.parse(old);
  } catch {
    return null;
  }
  if (Array.isArray(value)) value.push(value.every((item) => typeof item === 'object') ? exampleRecord(value.length) : plainTitle());
  else if (typeof value !== 'object' || value === null) return null;
  else if (path.basename(file) === 'package.json') value.keywords = [...new Set([...(Array.isArray(value.keywords) ? value.keywords : []), slug(plainTitle())])];
  else value[Object.hasOwn(value, slug(plainTitle())) ? `${slug(plainTitle())}-${slug(id)}` : slug(plainTitle())] = { description: plainTitle(), task: id, enabled: true };
  return `${JSON.stringify(value, null, /\n\t/.test(old) ? '\t' : 2)}\n`;
}

const markdownText = (old) =>
  `${old === '' ? '#' : '##'} ${capital(plainTitle())}\n\nWritten for ${id}.\n\n- What changed: ${plainTitle()}.\n- Why: the specification asks for it.\n- How to see it: look at the commit of ${id}.\n`;

function htmlText(old) {
  const section = `    <section id="${slug(id)}">\n      <h2>${html(plainTitle())}</h2>\n      <p>Written for ${html(id)}.</p>\n    </section>\n`;
  const end = old.lastIndexOf('</body>');
  if (end !== -1) return `${old.slice(0, end).trimEnd()}\n${section}  ${old.slice(end)}`;
  if (old !== '') return after(old, section);
  return `<!doctype html>\n<html lang="en">\n  <head>\n    <meta charset="utf-8">\n    <title>${html(plainTitle())}</title>\n  </head>\n  <body>\n${section}  </body>\n</html>\n`;
}

const commentSigns = { py: '#', yml: '#', yaml: '#', toml: '#', ini: '#', sh: '#', rb: '#', env: '#', sql: '--', go: '//', rs: '//', java: '//', kt: '//', swift: '//', c: '//', h: '//', cpp: '//', cs: '//', scss: '//', php: '//' };

/** A comment where the language has one; for the rest plain text. */
function otherText(file, extension, old) {
  const sign = commentSigns[extension];
  if (sign === undefined) return `${id}: ${plainTitle()}\n`;
  const first = { go: `package ${snake(words(path.basename(path.dirname(file)))) || 'main'}\n\n`, sh: '#!/usr/bin/env bash\nset -euo pipefail\n\n', php: '<?php\n\n' }[extension];
  const body = { sh: `echo ${JSON.stringify(slug(plainTitle()))}\n`, sql: `CREATE TABLE IF NOT EXISTS ${nameFor(old, snake)} (\n  id INTEGER PRIMARY KEY,\n  title TEXT NOT NULL\n);\n`, rs: `pub fn ${nameFor(old, snake)}(text: &str) -> Vec<&str> {\n    text.lines().filter(|line| !line.trim().is_empty()).collect()\n}\n` }[extension];
  return `${old === '' ? first ?? '' : ''}${sign} ${id}: ${said()}\n${body ?? ''}`;
}

/** The whole new text of a file, or null when the old one cannot be extended safely. */
function contentFor(file, old) {
  const extension = path.extname(file).slice(1).toLowerCase();
  const isTest = /\.(?:test|spec)\.[mc]?[jt]sx?$/.test(file) || (/(?:^|\/)(?:tests?|__tests__)\//.test(file) && /\.[mc]?[jt]s$/.test(file));
  if (isTest) return after(old, scriptTest(file, old));
  if (extension === 'json') return jsonText(file, old);
  if (extension === 'html') return htmlText(old);
  if (extension === 'svg' || extension === 'xml' || extension === 'vue' || extension === 'svelte') return after(old, `<!-- ${id}: ${said()} -->\n`);
  if (extension === 'md') return after(old, markdownText(old));
  if (extension === 'tsx' || extension === 'jsx') return after(old, component(old, extension === 'tsx'));
  if (/^[mc]?ts$/.test(extension)) return after(old, typedFunction(old));
  if (/^[mc]?js$/.test(extension)) return after(old, plainFunction(file, old));
  if (extension === 'py') return old === '' ? pythonText(file, old) : `${old.trimEnd()}\n\n\n${pythonText(file, old)}`;
  if (extension === 'css') return after(old, `/* ${id}: ${said()} */\n.${slug(plainTitle())} {\n  display: grid;\n  gap: 8px;\n}\n`);
  return after(old, otherText(file, extension, old));
}

// ---- doing it -----------------------------------------------------------------------------------------------------

/** Which files to write with which text. A task without a usable path becomes a note. */
function planChanges(files) {
  const changes = [];
  for (const file of [...new Set(files)].filter(isWritable)) {
    const target = path.resolve(root, file);
    const old = fs.existsSync(target) ? fs.readFileSync(target, 'utf8') : '';
    const text = contentFor(file, old);
    if (text !== null && text !== old) changes.push({ file: path.relative(root, target), target, old, text });
  }
  if (changes.length > 0) return changes;
  const note = path.join('docs', 'notes', `${slug(id)}.md`);
  if (!isWritable(note)) return [];
  const target = path.join(root, note);
  const old = fs.existsSync(target) ? fs.readFileSync(target, 'utf8') : '';
  return [{ file: note, target, old, text: after(old, markdownText(old)) }];
}

/** The lines that a change adds, as far as a demo needs to show them. */
function shownLines({ old, text }) {
  const before = new Set(old.split('\n'));
  const added = text.split('\n').filter((line) => line.trim() !== '' && !before.has(line));
  return { shown: added.slice(0, 9), more: Math.max(0, added.length - 9), count: added.length };
}

/** What will be on the screen, in pieces that appear one after another; a function among them is done at its moment. */
function screenplay(task, changes, commit) {
  const pieces = [`${colour('1;36', '▍Demo agent')} ${colour('2', `· ${id}`)}\n`, `${colour('1', plainTitle())}\n\n`];
  for (const file of task.documents.slice(0, 3)) pieces.push(`${colour('36', '●')} ${colour('1', 'Read')} ${file}\n`);
  const intention = changes.length === 0 ? 'There is no place that I may write to.' : `I will ${changes.some((change) => change.old !== '') ? 'extend' : 'create'} ${changes.map((change) => change.file).join(', ')} and commit.`;
  pieces.push('\n', ...intention.match(/\S+\s*/g), '\n\n');
  for (const change of changes) {
    const { shown, more, count } = shownLines(change);
    pieces.push(() => writeChange(change), `${colour('36', '●')} ${colour('1', change.old === '' ? 'Write' : 'Edit')} ${change.file} ${colour('2', `+${count}`)}\n`);
    for (const line of shown) pieces.push(`  ${colour('32', `+ ${line.slice(0, 100)}`)}\n`);
    if (more > 0) pieces.push(`  ${colour('2', `… ${more} more lines`)}\n`);
  }
  return [...pieces, '\n', `${colour('36', '●')} ${colour('1', 'Bash')} git commit\n`, commit];
}

function writeChange({ target, text }) {
  fs.mkdirSync(path.dirname(target), { recursive: true });
  fs.writeFileSync(target, text);
}

/** Commits exactly the written files. When git refuses, they stay for the app, which commits leftovers itself. */
function commit(changes) {
  if (changes.length === 0) return;
  const files = changes.map((change) => change.file);
  const git = (...args) => execFileSync('git', ['-c', 'commit.gpgsign=false', ...args], { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  try {
    git('add', '--', ...files);
    git('commit', '-q', '-m', `${id}: ${plainTitle()}`, '--', ...files);
    process.stdout.write(colour('2', `  ${git('log', '-1', '--format=%h %s').trim().slice(0, 110)}\n`));
  } catch (error) {
    process.stdout.write(colour('33', `  git refused: ${clean(String(error.stderr || error.message)).slice(0, 200)}\n  The files stay uncommitted.\n`));
  }
}

function report(changes) {
  if (!env.BRAID_REPORT) return;
  const summary = changes.length === 0 ? 'Nothing could be written.' : `Wrote ${changes.map((change) => change.file).join(', ')}.`;
  fs.writeFileSync(env.BRAID_REPORT, JSON.stringify({ status: changes.length === 0 ? 'blocked' : 'done', summary, notes: [], usage: { inputTokens: 0, outputTokens: 0, costUsd: 0 } }), { mode: 0o600 });
}

const wait = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

async function main() {
  const speed = Number(env.BRAID_DEMO_SPEED ?? 1);
  const budget = (3000 + 3000 * spread(id + title)) * (Number.isFinite(speed) && speed >= 0 ? speed : 1);
  const task = readTask();
  const changes = planChanges(task.files);
  const pieces = screenplay(task, changes, () => commit(changes));
  for (const piece of pieces) {
    if (typeof piece === 'function') piece();
    else process.stdout.write(piece);
    if (budget > 0) await wait(budget / pieces.length);
  }
  report(changes);
  const last = changes.length === 0 ? 'BLOCKED: no place that I may write to' : `TASK ${id} DONE`;
  process.stdout.write(`\n${colour(changes.length === 0 ? '33' : '32', last)}\n`);
}

process.on('SIGINT', () => process.exit(130));
process.on('SIGTERM', () => process.exit(143));
main().catch((error) => {
  process.stdout.write(`${colour('31', `Demo agent: ${clean(String(error && error.message))}`)}\n`);
  process.exit(1);
});
