/** One task file of any dialect. */
import type { Dialect } from '../../../shared/domain';
import { detectDialect } from './dialect';
import { parseMarkdown, type ParsedFile, type ParseOptions } from './parse-markdown';
import { readYaml } from './parse-yaml';
import { scan } from './scan';

/** Pure; never fails: what cannot be read becomes a diagnostic. */
export function parseTaskFile(text: string, options: ParseOptions): ParsedFile {
  return options.dialect === 'tasks-yaml' ? readYaml(text, options.file) : parseMarkdown(text, options);
}

/** The same for a text whose dialect is not known yet; `place` is its path, with forward slashes, as far as it is known. */
export function parseFoundFile(text: string, found: { readonly file: string; readonly place: string }): ParsedFile & { readonly dialect: Dialect } {
  const isYaml = /\.ya?ml$/i.test(found.file);
  const scanned = isYaml ? undefined : scan(text);
  const dialect = detectDialect(found.place, text, scanned);
  return { ...parseTaskFile(text, { file: found.file, dialect, ...(scanned ? { scan: scanned } : {}) }), dialect };
}
