/** Cuts a line of dependency prose into subject, clauses and the two sides of a verb (formats.md section 5, rule 3). */

export interface Sides {
  readonly left: string;
  readonly right: string;
  /** `after`: left waits for right. `before`: right waits for left. */
  readonly verb: 'after' | 'before';
  /** Nothing but right: "depends only on X", "needs only X", "X only". */
  readonly only: boolean;
  /** Verbs that tell of a relation without asking for an order between stories. */
  readonly soft: boolean;
  /** "T001 can be done before T002": it may come first, and need not. */
  readonly permitted: boolean;
}

const after = /\b(?:(?:cannot|can not|can't|must not|may not|do not|don't|should not) (?:\w+ ){0,2}?(?:until|before)|depends?(?:\s+up|\s+only)?\s*on|dependent (?:only )?on|requires?|needs?|after|waits? (?:for|on)|follows|blocked by|gated (?:by|on)|gates on|once)\b|依赖于?|需要|依存/i;
const soft = /\b(?:builds? (?:up)?on|extends?|enhances|integrates? with|uses|reuses|adds? to|may|might)\b/i;
const before = /\b(?:blocks?|before|precedes?|gates(?! on)|unblocks|feeds|(?:is |are )?(?:a )?prerequisites? (?:for|of|to)|first,? then)\b|阻塞/i;
/** At the end of a list, or before it. */
const onlyRight = /^\s*only\b|\bonly[\s.)(*_]*(?=$|[,;]|\b(?:but|can|may|not|no|without|independent(?:ly)?)\b)/i;
const then = /,?\s+then\b/i;
/** Modal verbs that let something come first. A later "must" asks for it after all; "can run in parallel before T026" allows the parallel and states the order. */
const permission = /\b(?:can|could|may|might|(?:is|are) (?:able|allowed|free) to)\b(?!['’]t| not\b| only\b)(?!.*\b(?:must|shall|should|will|needs? to|ha(?:s|ve) to|parallel|concurrently|simultaneously|together|beside|alongside)\b)/i;
/** "No work on T004 can start", "T002 cannot be shipped to anyone": what is barred so, up to the "before", comes after what follows it. */
const barred = /(?:^\W*(?:no|none|nothing|neither)\b.*\b(?:can|could|may|might|must|should|shall|will)|\bcannot|\b(?:ca|must|should|could|wo)n?['’]t|\b(?:can|may|must|should|could|shall|will) not)(?:\s+(?!and\b|but\b)[\w-]+){0,4}\s*$/i;

/**
 * Removes remarks in parentheses. When nothing outside them satisfies `tells`, they are kept without their brackets, as in
 * `Tests (T004-T007)`.
 */
export function withoutRemarks(text: string, tells: (text: string) => boolean): string {
  const bare = text.replace(/\([^()]*\)/g, ' ');
  return tells(bare) ? bare : text.replace(/[()]/g, ' ');
}

/** `Subject: clause - clause; clause`. The subject is what stands before a colon and names something. */
export function clausesOf(line: string, names: (text: string) => boolean): { readonly subject: string; readonly clauses: readonly string[] } {
  const text = line.replace(/^[\s>]*(?:[-*+•]\s+|\d+[.)]\s+)?/, '').replace(/\*\*|`|__/g, '').replace(/^#+\s*/, '').trim();
  const colon = /^([^:：]{1,90})[:：]\s*(.*)$/.exec(text);
  const subject = colon?.[1] !== undefined && names(colon[1]) ? colon[1] : '';
  const body = subject === '' ? text : colon?.[2] ?? '';
  const clauses = body.split(/\s*[;；。]\s*|\.\s+(?=\S)|\s+[–—-]\s+|——|,\s*(?=(?:but|can|may|then can|and can)\b)|，|\s+(?:and|but)\s+(?=(?:blocks?|precedes?|requires?|depends?|must (?:be|run|finish|complete)|can (?:run|start|proceed))\b)/i);
  return { subject, clauses: clauses.flatMap(bySubject).flatMap(withRemarks).map((clause) => clause.trim()).filter((clause) => clause !== '') };
}

const hasVerb = (text: string): boolean => after.test(text) || before.test(text);

/** `US1 needs T041, US3 depends on US2`: a part with a verb of its own after words of its own is a clause of its own. */
function bySubject(clause: string): string[] {
  const found: string[] = [];
  for (const part of clause.split(/,\s*(?![^()]*\))/)) {
    const verb = after.exec(part) ?? before.exec(part);
    const last = found.at(-1);
    const isOwn = verb !== null && /\w/.test(part.slice(0, verb.index)) && last !== undefined && hasVerb(last) && !/^\s*(?:after|once)\b/i.test(last);
    if (last === undefined || isOwn) found.push(part.replace(/^and\s+/i, ''));
    else found[found.length - 1] = `${last}, ${part}`;
  }
  return found;
}

/** A remark that states an order of its own, `(T029 depends on T012)`, becomes a clause. */
function withRemarks(clause: string): string[] {
  const remarks = [...clause.matchAll(/\(([^()]*)\)/g)].map((match) => match[1] ?? '').filter((remark) => sidesOf(remark) !== null);
  if (remarks.length === 0) return [clause];
  return [clause.replace(/\(([^()]*)\)/g, (whole, remark: string) => (remarks.includes(remark) ? ' ' : whole)), ...remarks];
}

/** Whether what stands before "before" lets something come first instead of asking for it: `T001 can be built against a mock`. */
export const isPermission = (left: string): boolean => permission.test(left) && !barred.test(left);

/** The first verb of order in a clause and what stands around it; null when there is none. */
export function sidesOf(clause: string): Sides | null {
  const japanese = clause.includes('依存') ? /^(.*?)[はが](.*?)に依存/.exec(clause) : null;
  if (japanese) return { left: japanese[1] ?? '', right: japanese[2] ?? '', verb: 'after', only: false, soft: false, permitted: false };
  const found = [
    { at: after.exec(clause), verb: 'after' as const },
    { at: before.exec(clause), verb: 'before' as const },
    { at: then.exec(clause), verb: 'before' as const },
  ].filter((one) => one.at !== null).sort((a, b) => (a.at?.index ?? 0) - (b.at?.index ?? 0))[0];
  if (!found?.at) return null;
  const left = clause.slice(0, found.at.index);
  const isSoft = soft.test(left) || /independently testable/i.test(clause) && soft.test(clause);
  const rest = clause.slice(found.at.index + found.at[0].length);
  const comma = rest.indexOf(',');
  // "After T028, T029 and T030 run": the subject follows the comma.
  if (left.trim() === '' && /^(?:after|once)/i.test(found.at[0]) && comma >= 0 && !/^[,/+&\s]*(?:T-?\d|US\d|Phase \d)[\w-]*\s*(?:$|,)/.test(rest.slice(comma))) {
    return { left: rest.slice(comma + 1), right: rest.slice(0, comma), verb: 'after', only: false, soft: isSoft, permitted: false };
  }
  const isBefore = /^(?:before|precedes?)$/i.test(found.at[0]);
  const only = /\bonly\b/i.test(found.at[0]) || /\bonly\s*$/i.test(left) || onlyRight.test(rest);
  return { left, right: rest, verb: isBefore && barred.test(left) ? 'after' : found.verb, only, soft: isSoft, permitted: isBefore && isPermission(left) };
}
