import { useState } from 'react';

/** The earlier value as long as the words stay the same, so that what is computed from it is not computed again. */
export function useSame<T>(value: T, words: string): T {
  const [kept, setKept] = useState({ value, words });
  if (kept.words === words) return kept.value;
  setKept({ value, words });
  return value;
}
