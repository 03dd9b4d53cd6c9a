import { perform } from '../../bridge';
import { IconButton } from '../../ui/button';
import { icons } from '../../ui/icons';
import { Menu } from '../../ui/menu';
import { copyText } from '../../ui/clipboard';
import type { LaneTerminal } from './terminal';

/** What can be done with a lane besides watching it. */
export function PaneMenu({ run, lane, terminal }: { readonly run: string; readonly lane: string; readonly terminal: LaneTerminal }) {
  const open = (where: 'editor' | 'files' | 'log') => () => { void perform('lane.open', { run, lane, in: where }); };
  return (
    <Menu
      trigger={<IconButton small label={`More for ${lane}`} icon={icons.more} />}
      entries={[
        { label: 'Open in editor', icon: icons.edit, onSelect: open('editor') },
        { label: 'Open in file manager', icon: icons.folder, onSelect: open('files') },
        { label: 'Open log', icon: icons.document, onSelect: open('log') },
        { label: 'Copy all output', icon: icons.copy, onSelect: () => { void copyText(terminal.text()); } },
      ]}
    />
  );
}
