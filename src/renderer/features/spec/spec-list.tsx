import { useEffect, useState } from 'react';
import type { SpecEntry } from '../../../shared/ipc';
import type { Spec } from '../../../shared/domain';
import { countStates } from '../../../shared/counts';
import { perform } from '../../bridge';
import { currentRun, useStore } from '../../store';
import { runIsOf, unitStates } from '../../tasks';
import { icons } from '../../ui/icons';
import '../../ui/nav.css';
import { useRoving } from '../../ui/roving';
import { dialectNames } from './dialects';

/** Done and all units of the spec that is open, as every other view counts them; null where none is. */
function useOpenCount(): string | null {
  return useStore((state) => {
    const spec = state.snapshot?.spec ?? null;
    if (spec === null) return null;
    const run = currentRun(state);
    const { done, total } = countStates(unitStates(spec, runIsOf(run, spec) ? run : null));
    return `${done} / ${total}`;
  });
}

const keyOf = (folder: string, file: string | null): string => `${folder}/${file ?? ''}`;

const isOpen = (entry: SpecEntry, open: Spec | null): boolean => open !== null && entry.folder === open.folder && (entry.file === null || open.taskFiles.includes(entry.file));

/** The specs of the open repository; choosing one opens it, and says at once that it does. */
export function SpecList() {
  const specs = useStore((state) => state.snapshot?.specs);
  const open = useStore((state) => state.snapshot?.spec ?? null);
  const count = useOpenCount();
  const { ref, ...roving } = useRoving<HTMLUListElement>();
  const openKey = open?.folder;
  // The list may be longer than its room: the open spec is in sight when it is opened.
  useEffect(() => { ref.current?.querySelector('[aria-current="true"]')?.scrollIntoView({ block: 'nearest' }); }, [openKey, ref]);
  const [opening, setOpening] = useState<string | null>(null);
  const choose = async (folder: string, file: string | null): Promise<void> => {
    const key = keyOf(folder, file);
    setOpening(key);
    await perform('spec.open', { path: folder, file });
    // Another one may have been chosen meanwhile.
    setOpening((now) => (now === key ? null : now));
  };
  if (specs === undefined || specs.length === 0) return <p className="nav-empty">No other spec in this repository.</p>;
  return (
    <ul className="nav" aria-label="Specs" ref={ref} {...roving}>
      {specs.map((spec) => (
        <li key={keyOf(spec.folder, spec.file)}>
          <button type="button" className="nav-item" data-roving="" tabIndex={-1} aria-current={isOpen(spec, open) ? 'true' : undefined} title={spec.title} aria-busy={opening === keyOf(spec.folder, spec.file) ? true : undefined} onClick={() => void choose(spec.folder, spec.file)}>
            {opening === keyOf(spec.folder, spec.file) ? <icons.busy className="spin" /> : <icons.document />}
            <span className="cut">{spec.name}</span>
            <span className="nav-end">{isOpen(spec, open) && count !== null ? count : `${spec.done} / ${spec.total}`}</span>
            <span className="nav-meta">{dialectNames[spec.dialect]}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}
