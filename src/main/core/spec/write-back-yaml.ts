/** States in `tasks.yaml`: only the value of `status:` changes, every other byte stays. */
import type { AppError } from '../../../shared/errors';
import { err, ok, type Result } from '../../../shared/result';
import { readYaml, type YamlStatus } from './parse-yaml';

/** Whether a text is autospec's YAML rather than Markdown. */
export const looksLikeYaml = (text: string): boolean => /^\uFEFF?(?:#.*\r?\n|[ \t]*\r?\n|---\r?\n)*["']?(?:_meta|tasks|phases|summary)["']?\s*:/.test(text);

/** Offsets count characters; bytes that are no valid UTF-8 would shift them, so such a file is refused. */
function textOf(content: Buffer): string | null {
  const text = content.toString('utf8');
  return Buffer.from(text, 'utf8').equals(content) ? text : null;
}

function replaced(text: string, changes: readonly { readonly at: YamlStatus; readonly value: string }[]): Buffer {
  let result = '';
  let from = 0;
  for (const { at, value } of [...changes].sort((a, b) => a.at.start - b.at.start)) {
    const quote = /^["']/.exec(text.slice(at.start, at.end))?.[0] ?? '';
    result += text.slice(from, at.start) + quote + value + quote;
    from = at.end;
  }
  return Buffer.from(result + text.slice(from), 'utf8');
}

/** Sets the status of one task. Errors: `spec/invalid` when the task, or its `status:` line, is not there. */
export function tickYaml(content: Buffer, id: string, state: 'done' | 'open'): Result<Buffer, AppError> {
  const text = textOf(content);
  const at = text === null ? undefined : readYaml(text, '').statuses.find((status) => status.id === id);
  if (text === null || !at) return err({ kind: 'spec/invalid', path: id, detail: `Task ${id} has no "status:" in the file that could be set.` });
  return ok(replaced(text, [{ at, value: state === 'done' ? 'Completed' : 'Pending' }]));
}

/** The lane's text with the base's states; tasks that only the lane has become `Pending`. */
export function restoreYaml(base: Buffer, lane: Buffer): Buffer {
  const before = textOf(base);
  const after = textOf(lane);
  if (before === null || after === null) return lane;
  const known = new Map(readYaml(before, '').statuses.map((at) => [at.id, before.slice(at.start, at.end)]));
  const bare = (value: string): string => value.replace(/^["']|["']$/g, '');
  const changes = readYaml(after, '').statuses.map((at) => ({ at, value: bare(known.get(at.id) ?? 'Pending') })).filter(({ at, value }) => bare(after.slice(at.start, at.end)) !== value);
  return changes.length === 0 ? lane : replaced(after, changes);
}
