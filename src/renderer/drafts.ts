/** What was typed into the options of the next run and cannot be their value: it stays to be mended, and no run starts before. */
import { setWindow, useStore } from './store';
import type { Draft, KeptDraft } from './ui/draft';

export type Drafts = Readonly<Record<string, Draft>>;

/** Keeps what is typed into a field, by its accessible name; null forgets it. */
export function keepDraft(label: string, draft: Draft | null): void {
  const { [label]: _before, ...others } = useStore.getState().drafts;
  setWindow({ drafts: draft === null ? others : { ...others, [label]: draft } });
}

/** The draft of one field, and how to change it. */
export function useKeptDraft(label: string): KeptDraft {
  const draft = useStore((state) => state.drafts[label] ?? null);
  return { draft, keep: (next) => keepDraft(label, next) };
}

/** Why no run can start: the first field that cannot be as it stands, with its reason; null when every field can. */
export function wrongField(drafts: Drafts): string | null {
  const wrong = Object.entries(drafts).find(([, draft]) => draft.wrong !== null);
  return wrong === undefined ? null : `${wrong[0]}: ${wrong[1].wrong ?? ''}`;
}
