/** Which notices of a run the Activity tab shows. Pure. */
import type { RunNotice } from '../../../shared/run';

export const kinds = [{ value: 'all', label: 'All' }, { value: 'warnings', label: 'Warnings' }, { value: 'decisions', label: 'Decisions' }] as const;
export type Kind = (typeof kinds)[number]['value'];

/** True for what the debug style says about a decision of the scheduler. */
export const isDecision = (notice: RunNotice): boolean => notice.code === 'decision';

/** The notices of a kind whose text or task holds every word of `words`, upper and lower case alike, oldest first. */
export function chosenNotices(notices: readonly RunNotice[], kind: Kind, words: string): readonly RunNotice[] {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  return notices.filter((notice) => {
    if (kind === 'warnings' && notice.level !== 'warning') return false;
    if (kind === 'decisions' && !isDecision(notice)) return false;
    const text = `${notice.task ?? ''} ${notice.text}`.toLowerCase();
    return wanted.every((word) => text.includes(word));
  });
}
