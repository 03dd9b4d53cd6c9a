/**
 * One long-lived `git cat-file --batch-command` for each repository, asked instead of starting a git for every small question: a run asks some twenty of
 * them for each task. It sees new objects and refs, and ends by itself when Braid does (its input closes).
 */
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { isAbsolute, join, resolve } from 'node:path';
import { readPlainText } from '../plain-file';
import { gitEnvironment } from './environment';

export interface GitObject {
  readonly id: string;
  readonly type: string;
  /** Bytes. */
  readonly size: number;
  /** Empty where only the id was asked for. */
  readonly content: Buffer;
}

interface Question {
  readonly name: string;
  readonly withContent: boolean;
  readonly answer: (object: GitObject | null) => void;
  readonly fail: (cause: Error) => void;
}

/** Milliseconds without a byte of an answer after which git itself is asked, which has limits of its own: this one may wait for a named pipe. */
const patience = 5000;

/** Bytes of one object beyond which it is not read this way. */
const contentLimit = 64 * 1024 * 1024;

/* `<id> <type> <size> LF [<content> LF]`, or `<name> missing LF` (git-cat-file(1), batch output) */
class Reader {
  readonly #process: ChildProcessWithoutNullStreams;
  readonly #questions: Question[] = [];
  #buffer: Buffer = Buffer.alloc(0);
  #broken = false;
  #silence: NodeJS.Timeout | undefined;

  constructor(commonDir: string) {
    this.#process = spawn('git', [`--git-dir=${commonDir}`, 'cat-file', '--batch-command', '-z'], { cwd: commonDir, env: gitEnvironment(), stdio: 'pipe', windowsHide: true });
    this.#process.stdout.on('data', (chunk: Buffer) => this.#read(chunk));
    this.#process.on('error', (cause) => this.#end(cause));
    this.#process.on('close', () => this.#end(new Error('git cat-file ended')));
    this.#process.stdin.on('error', (cause) => this.#end(cause));
    this.#process.stderr.resume();
    this.#idle(true);
  }

  get broken(): boolean {
    return this.#broken;
  }

  ask(name: string, withContent: boolean): Promise<GitObject | null> {
    return new Promise((answer, fail) => {
      if (this.#broken) return fail(new Error('git cat-file ended'));
      this.#idle(false);
      this.#questions.push({ name, withContent, answer, fail });
      this.#process.stdin.write(`${withContent ? 'contents' : 'info'} ${name}\0`);
    });
  }

  /** While nobody asks, the process must not keep Braid alive. */
  #idle(idle: boolean): void {
    clearTimeout(this.#silence);
    if (!idle) this.#silence = setTimeout(() => this.#end(new Error('git cat-file does not answer')), patience);
    const { stdin, stdout, stderr } = this.#process;
    if (idle) this.#process.unref();
    else this.#process.ref();
    // Pipes of a child are sockets, whose handles can be let go; their type does not say so.
    for (const stream of [stdin, stdout, stderr] as unknown as { ref?: () => void; unref?: () => void }[]) (idle ? stream.unref : stream.ref)?.call(stream);
  }

  #read(chunk: Buffer): void {
    this.#buffer = this.#buffer.length === 0 ? chunk : Buffer.concat([this.#buffer, chunk]);
    for (let question = this.#questions[0]; question !== undefined && this.#answer(question); question = this.#questions[0]) this.#questions.shift();
    this.#idle(this.#questions.length === 0);
  }

  /** True when the whole answer to the first question was there. */
  #answer(question: Question): boolean {
    const lost = Buffer.from(`${question.name} missing\n`);
    if (this.#buffer.length < lost.length && lost.subarray(0, this.#buffer.length).equals(this.#buffer)) return false;
    if (this.#buffer.subarray(0, lost.length).equals(lost)) {
      this.#buffer = this.#buffer.subarray(lost.length);
      question.answer(null);
      return true;
    }
    const end = this.#buffer.indexOf(0x0a);
    if (end === -1) return false;
    const [id = '', type = '', size = ''] = this.#buffer.toString('utf8', 0, end).split(' ');
    const bytes = Number(size);
    if (!/^[0-9a-f]{40,64}$/.test(id) || !Number.isInteger(bytes)) {
      this.#end(new Error('git cat-file said something unexpected'));
      return false;
    }
    const total = end + 1 + (question.withContent ? bytes + 1 : 0);
    if (this.#buffer.length < total) return false;
    question.answer({ id, type, size: bytes, content: question.withContent ? Buffer.from(this.#buffer.subarray(end + 1, total - 1)) : Buffer.alloc(0) });
    this.#buffer = this.#buffer.subarray(total);
    return true;
  }

  #end(cause: Error): void {
    if (this.#broken) return;
    this.#broken = true;
    clearTimeout(this.#silence);
    for (const question of this.#questions.splice(0)) question.fail(cause);
    this.#process.kill();
  }
}

const readers = new Map<string, Reader>();

function readerOf(commonDir: string): Reader {
  const known = readers.get(commonDir);
  if (known && !known.broken) return known;
  const reader = new Reader(commonDir);
  readers.set(commonDir, reader);
  return reader;
}

export interface GitFolders {
  readonly gitDir: string;
  readonly commonDir: string;
}

/**
 * Git folders of a checkout's top folder, read from its `.git` (gitrepository-layout(5)); null where it is not laid out so, and git itself has to be
 * asked.
 */
export async function gitFolders(root: string): Promise<GitFolders | null> {
  const text = await readPlainText(join(root, '.git')).catch((cause: unknown) => (cause instanceof Error && 'code' in cause && cause.code === 'EISDIR' ? '' : null));
  if (text === null) return null;
  const linked = /^gitdir: (.+)\n?$/.exec(text)?.[1];
  if (text !== '' && linked === undefined) return null;
  const gitDir = linked === undefined ? join(root, '.git') : resolve(root, linked);
  const common = (await readPlainText(join(gitDir, 'commondir')).catch(() => '')).trim();
  return { gitDir, commonDir: common === '' ? gitDir : isAbsolute(common) ? common : resolve(gitDir, common) };
}

/** Names that cat-file would read as more than a name. */
const isPlain = (name: string): boolean => !/[@^~?*[\\\s\0]|\.\.|\{/.test(name);

async function lookUp(root: string, name: string, withContent: boolean): Promise<GitObject | null | undefined> {
  const place = await gitFolders(root);
  if (place === null) return undefined;
  return readerOf(place.commonDir).ask(name, withContent).catch(() => undefined);
}

/** Id of what a ref's full name or an object's id names; null when there is none, undefined when git itself has to be asked. */
export async function objectId(root: string, name: string): Promise<string | null | undefined> {
  if (!isPlain(name)) return undefined;
  const found = await lookUp(root, name, false);
  return found === undefined ? undefined : found?.id ?? null;
}

/** A file of a commit or tree; null when it has no such path, undefined when git itself has to be asked (large, or an odd layout). */
export async function objectAt(root: string, commit: string, path: string): Promise<GitObject | null | undefined> {
  if (path.includes('\0') || !/^[0-9a-f]{40,64}$/.test(commit)) return undefined;
  const name = `${commit}:${path}`;
  const info = await lookUp(root, name, false);
  if (!info) return info;
  return info.size > contentLimit ? undefined : lookUp(root, name, true);
}

/** `refs/heads/main` of a checkout's HEAD; null when it is detached, undefined when git itself has to be asked. */
export async function headRef(root: string): Promise<string | null | undefined> {
  const place = await gitFolders(root);
  if (place === null) return undefined;
  const text = await readPlainText(join(place.gitDir, 'HEAD')).catch(() => null);
  if (text === null) return undefined;
  const ref = /^ref: (refs\/heads\/.+)\n?$/.exec(text)?.[1];
  // The reftable format keeps a HEAD that says nothing.
  if (ref === 'refs/heads/.invalid') return undefined;
  return ref ?? (/^[0-9a-f]{40,64}\n?$/.test(text) ? null : undefined);
}

/** The commit of a detached HEAD, or of the branch that it names; null on an unborn branch, undefined when git itself has to be asked. */
export async function headId(root: string): Promise<string | null | undefined> {
  const ref = await headRef(root);
  if (ref === undefined) return undefined;
  if (ref !== null) return objectId(root, ref);
  const place = await gitFolders(root);
  const text = place && await readPlainText(join(place.gitDir, 'HEAD')).catch(() => null);
  return text ? text.trim() : undefined;
}

/** The tree of a commit or tree; undefined when git itself has to be asked. */
export async function treeId(root: string, commit: string): Promise<string | undefined> {
  if (!/^[0-9a-f]{40,64}$/.test(commit)) return undefined;
  const found = await lookUp(root, commit, true);
  if (!found) return undefined;
  if (found.type === 'tree') return found.id;
  return found.type === 'commit' ? /^tree ([0-9a-f]+)\n/.exec(found.content.toString('latin1'))?.[1] : undefined;
}
