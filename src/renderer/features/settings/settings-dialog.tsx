import { perform } from '../../bridge';
import { setUi, setWindow, useStore } from '../../store';
import { Button } from '../../ui/button';
import { Dialog } from '../../ui/dialog';
import { icons } from '../../ui/icons';
import { NumberField } from '../../ui/number-field';
import { Segments } from '../../ui/segments';
import { NotifySettings } from './notify-settings';
import '../../ui/field.css';
import './settings-dialog.css';

const themes = [
  { value: 'system', label: 'System', icon: <icons.monitor /> },
  { value: 'light', label: 'Light', icon: <icons.sun /> },
  { value: 'dark', label: 'Dark', icon: <icons.moon /> },
] as const;

/** The few things that Braid cannot decide well by itself. */
export function SettingsDialog() {
  const open = useStore((state) => state.settingsOpen);
  const theme = useStore((state) => state.snapshot?.theme ?? 'system');
  const fontSize = useStore((state) => state.ui.fontSize);
  const repo = useStore((state) => Boolean(state.snapshot?.repo));
  const version = useStore((state) => state.snapshot?.version ?? '');
  const git = useStore((state) => state.snapshot?.gitVersion ?? 'not found');
  return (
    <Dialog open={open} onClose={() => setWindow({ settingsOpen: false })} title="Settings" width={440}>
      <div className="settings">
        <span>Theme</span><Segments label="Theme" value={theme} segments={themes} onChange={(next) => void perform('app.theme', { theme: next })} />
        <span>Terminal text size</span><span className="settings-number"><NumberField label="Terminal text size" value={fontSize} min={8} max={32} onChange={(next) => setUi({ fontSize: next })} /></span>
        <NotifySettings />
        <span>Left over by runs<span className="field-help settings-help">Worktrees, branches and logs that may go</span></span><Button size="sm" icon={icons.remove} unavailable={repo ? null : 'No repository is open.'} onClick={() => setWindow({ settingsOpen: false, cleanupOpen: true })}>Clean up…</Button>
        <span>Version</span><span className="sub selectable">Braid {version}, git {git}</span>
      </div>
    </Dialog>
  );
}
