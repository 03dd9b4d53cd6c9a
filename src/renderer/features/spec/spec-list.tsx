import { perform } from '../../bridge';
import { useStore } from '../../store';
import { icons } from '../../ui/icons';
import '../../ui/nav.css';
import { useRoving } from '../../ui/roving';
import { dialectNames } from './dialects';

/** The specs of the open repository; choosing one opens it. */
export function SpecList() {
  const specs = useStore((state) => state.snapshot?.specs);
  const open = useStore((state) => state.snapshot?.spec ?? null);
  const { ref, ...roving } = useRoving<HTMLUListElement>();
  if (specs === undefined || specs.length === 0) return <p className="nav-empty">No other spec in this repository.</p>;
  return (
    <ul className="nav" aria-label="Specs" ref={ref} {...roving}>
      {specs.map((spec) => (
        <li key={`${spec.folder}/${spec.file ?? ''}`}>
          <button type="button" className="nav-item" data-roving="" tabIndex={-1} aria-current={spec.folder === open?.folder && (spec.file === null || open.taskFiles.includes(spec.file)) ? 'true' : undefined} title={spec.title} onClick={() => void perform('spec.open', { path: spec.folder, file: spec.file })}>
            <icons.document />
            <span className="cut">{spec.name}</span>
            <span className="nav-end">{spec.done} / {spec.total}</span>
            <span className="nav-meta">{dialectNames[spec.dialect]}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}
