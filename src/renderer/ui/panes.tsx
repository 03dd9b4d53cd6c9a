import { type ReactNode, useRef } from 'react';
import { Group, Panel, Separator } from 'react-resizable-panels';
import './panes.css';

/** Widths in px that a side pane may take. */
const limits = { left: { min: 176, max: 400 }, right: { min: 300, max: 560 }, middle: 320 } as const;

interface PanesProps {
  /** Null hides the pane. Widths are in px. */
  readonly left: { readonly width: number; readonly content: ReactNode } | null;
  readonly right: { readonly width: number; readonly content: ReactNode } | null;
  readonly middle: ReactNode;
  /** Called once a person has dragged or nudged a divider. */
  readonly onResized: (widths: { readonly left: number | null; readonly right: number | null }) => void;
}

/** Three panes with dividers that also take arrow keys; the middle takes what the sides leave. */
export function Panes({ left, right, middle, onResized }: PanesProps) {
  const latest = useRef<{ left: number | null; right: number | null }>({ left: null, right: null });
  const clamp = (side: 'left' | 'right', width: number): number => Math.min(limits[side].max, Math.max(limits[side].min, width));
  const side = (name: 'left' | 'right', pane: { readonly width: number; readonly content: ReactNode }): ReactNode => (
    <Panel id={name} defaultSize={clamp(name, pane.width)} minSize={limits[name].min} maxSize={limits[name].max} groupResizeBehavior="preserve-pixel-size"
      onResize={(size) => { latest.current = { ...latest.current, [name]: Math.round(size.inPixels) }; }}>
      {pane.content}
    </Panel>
  );
  return (
    <Group className="panes" orientation="horizontal" onLayoutChanged={(_layout, { isUserInteraction }) => { if (isUserInteraction) onResized(latest.current); }}>
      {left === null ? null : <>{side('left', left)}<Separator className="pane-divider" title="Resize the list of specs" /></>}
      <Panel id="middle" minSize={limits.middle}>{middle}</Panel>
      {right === null ? null : <><Separator className="pane-divider" title="Resize the side panel" />{side('right', right)}</>}
    </Group>
  );
}
