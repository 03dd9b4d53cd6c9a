/** The Markdown documents of a spec folder: listed for reading and for choosing the task file. */
import { basename, join } from 'node:path';
import type { Dialect, Gate, SpecDocument } from '../../../shared/domain';
import { withoutClosing } from './headings';
import { listFiles, readBounded, toSlashes } from './files';
import { parseFoundFile } from './parse';
import type { ParsedFile } from './parse-markdown';
import { scan } from './scan';

/** Bytes; larger documents are not shown. */
export const documentLimit = 5_000_000;
const countLimit = 512_000;
const maxDocuments = 300;

export interface FoundDocument extends SpecDocument {
  /** Null when the file is too large to be looked at while listing. */
  readonly text: string | null;
  /** What it holds as a task file; null when it has no boxes or was not looked at. */
  readonly parsed: (ParsedFile & { readonly dialect: Dialect }) | null;
}

async function describe(folder: string, path: string): Promise<FoundDocument> {
  const read = await readBounded(join(folder, path), documentLimit);
  if (!read.ok) return { path, title: basename(path), tasks: 0, bytes: 0, text: null, parsed: null };
  const text = read.value.length <= countLimit ? read.value.toString('utf8') : null;
  if (text === null) return { path, title: basename(path), tasks: 0, bytes: read.value.length, text, parsed: null };
  const parsed = /\[.{0,4}\]/.test(text) ? parseFoundFile(text, { file: path, place: toSlashes(join(folder, path)) }) : null;
  const title = withoutClosing(/^\uFEFF?#[ \t]+(.*)$/m.exec(text)?.[1] ?? '').trim();
  return { path, title: title === '' ? basename(path) : title, tasks: parsed && !parsed.readOnly ? parsed.tasks.length : 0, bytes: read.value.length, text, parsed };
}

/** Markdown files of the folder, four levels deep at most, in order of their paths. Links that leave the folder are not followed. */
export async function listDocuments(folder: string): Promise<FoundDocument[]> {
  const paths = await listFiles(folder, { depth: 4, limit: maxDocuments, wanted: (name) => /\.(?:md|mdx|markdown)$/i.test(name) });
  const found: FoundDocument[] = [];
  for (const path of paths) found.push(await describe(folder, path));
  return found;
}

/** Every box of `checklists/*.md` as a gate (spec-kit: a read-only gate before implementing). */
export function checklistGates(documents: readonly FoundDocument[]): Gate[] {
  return documents.filter(({ path, text }) => path.startsWith('checklists/') && text !== null).flatMap(({ path, text }) =>
    scan(text ?? '').rows.flatMap((row): Gate[] =>
      row.kind === 'box' ? [{ title: row.box.parsed.title || row.box.text.trim(), file: path, line: row.number, done: /^[xX✓✔✅]/.test(row.box.mark.trim()) }] : []));
}
