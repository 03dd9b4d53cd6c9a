import { type DragEvent, type ReactNode, useState } from 'react';
import { pathOf, perform } from '../../bridge';
import { icons } from '../../ui/icons';
import './drop-target.css';

const hasFiles = (event: DragEvent): boolean => event.dataTransfer.types.includes('Files');

/** Takes a folder or task file dropped anywhere in the window. */
export function DropTarget({ children }: { readonly children: ReactNode }) {
  const [over, setOver] = useState(false);
  const drop = (event: DragEvent): void => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    setOver(false);
    const file = event.dataTransfer.files[0];
    const path = file === undefined ? '' : pathOf(file);
    if (path !== '') void perform('spec.open', { path });
  };
  return (
    <div className="drop-target" onDragOver={(event) => { if (hasFiles(event)) { event.preventDefault(); setOver(true); } }} onDragLeave={(event) => { if (event.relatedTarget === null) setOver(false); }} onDrop={drop}>
      {children}
      {over ? <div className="drop-hint"><div><icons.folder width={28} height={28} strokeWidth={1} /><b>Drop to open this spec</b></div></div> : null}
    </div>
  );
}
