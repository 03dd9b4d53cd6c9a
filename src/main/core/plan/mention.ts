/** Rule 7 of formats.md section 5: ids mentioned in a task's text, the weakest kind of evidence. */
import { isPermission } from './clauses';
import type { Link } from './graph';
import type { Model, Unit } from './model';
import { matchesOf } from './matches';
import { listFrom, type Refs } from './refs';

const backward = /(?:\b(?:from|per|using|(?<!\b(?:parallel|concurrently|simultaneously|together|along|(?:side )?by side|independent(?:ly)?|beside|unlike)\s+)with|extends?|implemented in|captured in|makes|confirms?|against|matches|baseline|same file as)\s+|\()(?=(?:the\s+)?(?:tasks?\s+)?[`*]*(?:T-?\d|TASK-|WP\d|[a-z0-9]{4,12}-T\d|Tasks?\s+\d))/gi;
const forward = /\b(?:until|before)\s+(?=[`*]*(?:T-?\d|TASK-|WP\d))/gi;
const mentions = /\bT-?\d|TASK-|WP\d|Task \d/;
/** Contexts in which numbers are not tasks. */
const other = /_?(?:Requirements?|Validates|Refs?)\s*:/i;

function ownText(unit: Unit): string {
  const text = unit.task.text;
  const at = text.search(other);
  return at < 0 ? text : text.slice(0, at);
}

/** Links by mention: an earlier task named after "from", "using" and their like; a later one named after "until" or "before" waits for this one. */
export function mentionLinks(model: Model, refs: Refs): Link[] {
  const links: Link[] = [];
  for (const unit of model.units) {
    // All that is looked for has one of these: most lines are spared the pattern.
    const own = unit.task.text;
    if (own.indexOf('T', unit.task.id.length + 1) < 0 && !own.includes('WP')) continue;
    if (!mentions.test(own.slice(unit.task.id.length + 1))) continue;
    const text = ownText(unit);
    if (!mentions.test(text.slice(unit.task.id.length + 1))) continue;
    const back = matchesOf(backward, text);
    const on = matchesOf(forward, text);
    if (back.length + on.length === 0) continue;
    const found = refs.in(unit.task.file).find(text).filter((ref) => ref.kind === 'task');
    const link = (from: number, to: number): void => {
      links.push({ from, to, reason: 'mention', confidence: 0.5, file: unit.task.file, line: unit.task.line, text: text.trim() });
    };
    for (const match of back) {
      for (const ref of listFrom(text, found, match.index + match[0].length)) for (const to of ref.units) if (to < unit.index) link(unit.index, to);
    }
    for (const match of on) {
      if (/^before/i.test(match[0]) && isPermission(text.slice(0, match.index).split(/[.;](?:\s|$)/).at(-1) ?? '')) continue;
      for (const ref of listFrom(text, found, match.index + match[0].length)) for (const to of ref.units) if (to > unit.index) link(to, unit.index);
    }
  }
  return links;
}
