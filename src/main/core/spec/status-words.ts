/** States in words, where a task has no box: the cell of a table, or a line such as `**Status**: Done`. */
import type { SourceLine, TaskFileState } from '../../../shared/domain';

const words: readonly (readonly [RegExp, TaskFileState])[] = [
  [/^(?:\W*(?:\[[xX✓✔]\]|✅|☑|✓|✔)|\W*(?:done|completed?|finished|完了|完成|已完成)\b)/i, 'done'],
  [/^\W*(?:skipped|dropped|deferred|cancell?ed|n\/a)\b/i, 'skipped'],
  [/^\W*blocked\b/i, 'blocked'],
  [/^\W*(?:in[ -]?progress|wip|ongoing|started)\b|^\W*(?:进行中|進行中)/i, 'active'],
];
const statusLine = /^[-*+\s]*(?:\*\*)?(?:Status|State|状态|狀態|ステータス|状態|상태)(?:\*\*)?\s*[:：](?:\*\*)?\s*(.*)$/i;

/** `open` for anything that is no known word. */
export const stateOfWord = (word: string): TaskFileState => words.find(([pattern]) => pattern.test(word))?.[1] ?? 'open';

/** The state that the first status line says; null without one. */
export function statedState(details: readonly SourceLine[]): TaskFileState | null {
  for (const { text } of details) {
    const word = statusLine.exec(text)?.[1];
    if (word !== undefined) return stateOfWord(word);
  }
  return null;
}
