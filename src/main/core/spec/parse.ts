/** One task file of any dialect. */
import type { Dialect } from '../../../shared/domain';
import { parseMarkdown, type ParsedFile } from './parse-markdown';
import { readYaml } from './parse-yaml';

/** Pure; never fails: what cannot be read becomes a diagnostic. `file` is the name that tasks and diagnostics carry. */
export function parseTaskFile(text: string, options: { readonly file: string; readonly dialect: Dialect }): ParsedFile {
  return options.dialect === 'tasks-yaml' ? readYaml(text, options.file) : parseMarkdown(text, options);
}
