import { useRef } from 'react';
import { describeError } from '../../../shared/errors';
import { perform } from '../../bridge';
import { startRun } from '../../options';
import { setWindow, useStore } from '../../store';
import { Button } from '../../ui/button';
import { Dialog } from '../../ui/dialog';
import { icons } from '../../ui/icons';

const close = (): void => setWindow({ changeQuestion: null });

/** Asks before a change runs that was archived, or that depends on changes that are not complete; those can be opened instead. The safe answer has the focus. */
export function ChangeDialog() {
  const question = useStore((state) => state.changeQuestion);
  const specs = useStore((state) => state.snapshot?.specs);
  const cancel = useRef<HTMLButtonElement | null>(null);
  if (question === null) return null;
  const { title, detail } = describeError(question);
  const first = question.kind === 'spec/unmet-changes' ? question.changes.flatMap((id) => specs?.filter((spec) => spec.name === id) ?? []) : [];
  const open = (folder: string): void => {
    close();
    void perform('spec.open', { path: folder, file: null });
  };
  const run = (): void => {
    close();
    void startRun({ despiteChange: true, from: useStore.getState().startFrom });
  };
  return (
    <Dialog open onClose={close} title={question.kind === 'spec/archived' ? 'This change is archived' : 'Other changes come first'} first={cancel} description={`${title} ${detail}`}
      footer={<><span className="grow" /><Button ref={cancel} onClick={close}>Cancel</Button>{first.map((spec) => <Button key={spec.folder} onClick={() => open(spec.folder)}>Open {spec.name}</Button>)}<Button kind="primary" icon={icons.play} onClick={run}>Run anyway</Button></>}>
      {first.length === 0 ? null : <p>Run and land {first.length === 1 ? 'it' : 'them'} first, then come back to this one.</p>}
    </Dialog>
  );
}
