import { useShallow } from 'zustand/react/shallow';
import { wrongField } from '../../drafts';
import { currentRun, useStore } from '../../store';
import { StatusMark } from '../../ui/status-mark';
import { statusSentence } from './sentences';

/** The live region: how far the run is, and whether it needs a person. */
export function StatusLine() {
  const { mark, text } = useStore(useShallow((state) => state.snapshot === null
    ? { mark: 'pending' as const, text: 'Loading.' }
    : statusSentence(state.snapshot, currentRun(state), wrongField(state.drafts))));
  return <div className="status-line" role="status" aria-label="Run status" aria-live="polite"><StatusMark mark={mark} /><span className="selectable">{text}</span></div>;
}
