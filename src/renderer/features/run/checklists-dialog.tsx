import { useRef } from 'react';
import { type ChecklistState, checklistsOf } from '../../../shared/checklists';
import type { Gate } from '../../../shared/domain';
import { startRun } from '../../options';
import { goToLine, setWindow, useStore } from '../../store';
import { Button } from '../../ui/button';
import { Dialog } from '../../ui/dialog';
import { counted } from '../../ui/format';
import { icons } from '../../ui/icons';
import './checklists-dialog.css';

/** Unchecked items that the table names for each file. */
const itemsShown = 6;
const none: readonly Gate[] = [];

const close = (): void => setWindow({ checklistsOpen: false });

function Row({ list }: { readonly list: ChecklistState }) {
  const more = list.open.length - itemsShown;
  const show = (line: number): void => {
    close();
    goToLine(list.file, line);
  };
  return (
    <>
      <tr>
        <th scope="row"><span className="row sm">{list.open.length === 0 ? <icons.gateDone className="tone-done" /> : <icons.gate className="tone-waiting" />}<span className="selectable">{list.file}</span></span></th>
        <td>{list.done} of {list.total}</td><td>{list.open.length === 0 ? 'none' : list.open.length}</td>
      </tr>
      {list.open.length === 0 ? null : (
        <tr className="checklists-open">
          <td colSpan={3}>
            <ul>
              {list.open.slice(0, itemsShown).map((gate) => <li key={gate.line}><button type="button" className="checklists-item" title={`${list.file}, line ${gate.line}`} onClick={() => show(gate.line)}>{gate.title}</button></li>)}
              {more > 0 ? <li className="dim">and {more} more</li> : null}
            </ul>
          </td>
        </tr>
      )}
    </>
  );
}

/** Asks before a run while items of the spec's checklists are unchecked. The safe answer has the focus. */
export function ChecklistsDialog() {
  const open = useStore((state) => state.checklistsOpen);
  const gates = useStore((state) => state.snapshot?.spec?.gates ?? none);
  const cancel = useRef<HTMLButtonElement | null>(null);
  const lists = checklistsOf(gates);
  const items = lists.reduce((sum, list) => sum + list.open.length, 0);
  const run = (): void => {
    close();
    void startRun({ despiteChecklists: true, despiteChange: useStore.getState().despiteChange, from: useStore.getState().startFrom });
  };
  return (
    <Dialog open={open} onClose={close} width={560} title="Checklists are not finished" first={cancel}
      description={items === 0 ? 'Every item is checked by now.' : `${counted(items, 'item')} of this spec's checklists ${items === 1 ? 'is' : 'are'} not checked. They are meant to be checked before the work begins; Braid never changes them.`}
      footer={<><span className="grow" /><Button ref={cancel} onClick={close}>Cancel</Button><Button kind="primary" icon={icons.play} onClick={run}>{items === 0 ? 'Run' : 'Run anyway'}</Button></>}>
      <table className="checklists-table">
        <thead><tr><th scope="col">Checklist</th><th scope="col">Checked</th><th scope="col">Open</th></tr></thead>
        <tbody>{lists.map((list) => <Row key={list.file} list={list} />)}</tbody>
      </table>
    </Dialog>
  );
}
