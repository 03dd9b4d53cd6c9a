import { useState } from 'react';
import { perform } from '../../bridge';
import { currentRun, setWindow, useStore } from '../../store';
import { Button } from '../../ui/button';
import { Dialog } from '../../ui/dialog';
import { shortCommit } from '../../ui/format';
import { icons } from '../../ui/icons';

/** Asks before a landed run is taken back, and names what keeps the work. */
export function RollbackDialog() {
  const open = useStore((state) => state.rollbackOpen);
  const run = useStore(currentRun);
  const [busy, setBusy] = useState(false);
  const close = (): void => setWindow({ rollbackOpen: false });
  if (run === null || run.landing === null) return null;
  const { landing } = run;
  const rollBack = async (): Promise<void> => {
    setBusy(true);
    await perform('merge.rollback', { run: run.id });
    setBusy(false);
    close();
  };
  return (
    <Dialog open={open} onClose={close} title="Roll back the merge" description={<>Takes the merge <code>{shortCommit(landing.commit)}</code> back out of {run.base}.</>}
      footer={<><span className="grow" /><Button onClick={close}>Keep it</Button><Button kind="danger" icon={icons.undo} busy={busy} onClick={() => void rollBack()}>Roll back</Button></>}>
      <p>{run.base} returns to the tag <code className="selectable">{landing.tag}</code>, or gets a revert if it has moved on. The work of the run stays on <code className="selectable">{run.integrationBranch}</code>, so it can be merged again.</p>
    </Dialog>
  );
}
