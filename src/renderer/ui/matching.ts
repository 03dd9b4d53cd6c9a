export interface Suggestion {
  readonly value: string;
  readonly label: string;
  /** Why it cannot be chosen; null when it can. */
  readonly refused: string | null;
  /** What choosing it brings with it. */
  readonly note?: string;
}

const shown = 8;

/** The first suggestions for what was typed: values that begin with it, then those whose value or label has all its words. Case does not count. */
export function matching(suggestions: readonly Suggestion[], text: string): readonly Suggestion[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const begins = (one: Suggestion): boolean => one.value.toLowerCase().startsWith(words.join(' '));
  const has = (one: Suggestion): boolean => { const all = `${one.value} ${one.label}`.toLowerCase(); return words.every((word) => all.includes(word)); };
  const first = suggestions.filter(begins).slice(0, shown);
  return first.length === shown ? first : [...first, ...suggestions.filter((one) => !begins(one) && has(one)).slice(0, shown - first.length)];
}
