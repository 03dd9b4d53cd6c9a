/** Names of task files in texts: `Backend 1.1` is task 1.1 of backend/tasks.md, wherever it is said. */
import { basename, dirname } from 'node:path/posix';
import type { Task } from '../../../shared/domain';
import { listAt } from '../../../shared/list-at';
import { asWritten } from './model';

/** A word right before an id, and what may stand between them. */
const before = /(?<![\p{L}\p{N}_-])([\p{L}\p{N}_][\p{L}\p{N}_-]*)[`*_"']{0,3}\s*[:/#]?\s*(?:tasks?\s+)?[`*_"'#]{0,3}$/iu;
const joiner = /^[`*_"']{0,3}\s*(?:[,/&+、]|\band\b|,\s*and\b)\s*[`*_"']{0,3}$/i;
const reach = 60;

export interface NamedFile {
  readonly file: string;
  /** Where the name begins. */
  readonly start: number;
}

/** The task files of a spec that has several. */
export class FileNames {
  private readonly byWord = new Map<string, string[]>();
  private readonly byId = new Map<string, string[]>();

  /** `files` relative to the spec's folder, with forward slashes. */
  constructor(files: readonly string[], tasks: readonly Task[]) {
    for (const file of files) {
      const stem = basename(file).replace(/\.\w+$/, '');
      const word = /^(?:tasks?|plan|readme)$/i.test(stem) ? basename(dirname(file)) : stem;
      if (word !== '.') listAt(this.byWord, word.toLowerCase()).push(file);
    }
    for (const task of tasks) {
      const known = listAt(this.byId, asWritten(task.id));
      if (!known.includes(task.file)) known.push(task.file);
    }
  }

  /** The file that is named right before `at`; that of the id before (`last`, which ends at `end`) where the two are one list. */
  before(text: string, at: number, last: { readonly file: string; readonly end: number } | null): NamedFile | null {
    if (last !== null && joiner.test(text.slice(last.end, at))) return { file: last.file, start: at };
    const from = Math.max(0, at - reach);
    const found = before.exec(text.slice(from, at));
    const files = found?.[1] === undefined ? undefined : this.byWord.get(found[1].toLowerCase());
    const [only] = files ?? [];
    return found && only !== undefined && files?.length === 1 ? { file: only, start: from + found.index } : null;
  }

  /** The files in which an id stands, as they write it. */
  of(id: string): readonly string[] {
    return this.byId.get(id) ?? [];
  }
}
