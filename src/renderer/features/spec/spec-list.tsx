import { useState } from 'react';
import { perform } from '../../bridge';
import { useStore } from '../../store';
import { icons } from '../../ui/icons';
import '../../ui/nav.css';
import { useRoving } from '../../ui/roving';
import { dialectNames } from './dialects';

const keyOf = (folder: string, file: string | null): string => `${folder}/${file ?? ''}`;

/** The specs of the open repository; choosing one opens it, and says at once that it does. */
export function SpecList() {
  const specs = useStore((state) => state.snapshot?.specs);
  const open = useStore((state) => state.snapshot?.spec ?? null);
  const { ref, ...roving } = useRoving<HTMLUListElement>();
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
          <button type="button" className="nav-item" data-roving="" tabIndex={-1} aria-current={spec.folder === open?.folder && (spec.file === null || open.taskFiles.includes(spec.file)) ? 'true' : undefined} title={spec.title} aria-busy={opening === keyOf(spec.folder, spec.file) ? true : undefined} onClick={() => void choose(spec.folder, spec.file)}>
            {opening === keyOf(spec.folder, spec.file) ? <icons.busy className="spin" /> : <icons.document />}
            <span className="cut">{spec.name}</span>
            <span className="nav-end">{spec.done} / {spec.total}</span>
            <span className="nav-meta">{dialectNames[spec.dialect]}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}
