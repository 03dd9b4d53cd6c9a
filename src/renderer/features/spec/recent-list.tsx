import { perform } from '../../bridge';
import { useStore } from '../../store';
import { IconButton } from '../../ui/button';
import { baseName, when } from '../../ui/format';
import { icons } from '../../ui/icons';
import '../../ui/nav.css';
import { useRoving } from '../../ui/roving';
import { dialectNames } from './dialects';
import './start-screen.css';

/** Specs that were opened before, for the start screen: each can be opened again or forgotten. */
export function RecentTable() {
  const recent = useStore((state) => state.snapshot?.recent);
  const { ref, ...roving } = useRoving<HTMLUListElement>();
  if (recent === undefined || recent.length === 0) return <p className="start-none">Specs that you open appear here.</p>;
  return (
    <ul className="start-list" ref={ref} {...roving}>
      {recent.slice(0, 6).map((entry) => (
        <li key={`${entry.folder}/${entry.file ?? ''}`} className="start-recent">
          <button type="button" className="start-row" data-roving="" tabIndex={-1} title={entry.folder} onClick={() => void perform('spec.open', { path: entry.folder, file: entry.file })}>
            <icons.folder />
            <span className="grow cut"><b>{entry.name}</b> <span className="dim">{baseName(entry.repo)}</span></span>
            <span className="dim">{dialectNames[entry.dialect]}, {when(entry.openedAt, Date.now())}</span>
          </button>
          <IconButton label={`Forget ${entry.name}`} icon={icons.close} small onClick={() => void perform('app.forgetRecent', { folder: entry.folder })} />
        </li>
      ))}
    </ul>
  );
}

/** Specs of other repositories, for the left pane. */
export function RecentNav() {
  const recent = useStore((state) => state.snapshot?.recent);
  const root = useStore((state) => state.snapshot?.repo?.root ?? null);
  const { ref, ...roving } = useRoving<HTMLUListElement>();
  const others = (recent ?? []).filter((entry) => entry.repo !== root).slice(0, 5);
  if (others.length === 0) return null;
  return (
    <>
      <div className="nav-section"><h2>Recent</h2></div>
      <ul className="nav" aria-label="Recent" ref={ref} {...roving}>
        {others.map((entry) => (
          <li key={`${entry.folder}/${entry.file ?? ''}`}>
            <button type="button" className="nav-item" data-roving="" tabIndex={-1} title={entry.folder} onClick={() => void perform('spec.open', { path: entry.folder, file: entry.file })}>
              <icons.folder />
              <span className="cut">{entry.name}</span>
              <span className="nav-end">{when(entry.openedAt, Date.now())}</span>
              <span className="nav-meta cut">{baseName(entry.repo)}</span>
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}
