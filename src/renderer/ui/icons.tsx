/** The one owner of the icon set: names by meaning, so that a change of icon happens here only. */
import {
  ArrowLeft, Check, ChevronDown, ChevronLeft, ChevronRight, ChevronUp, CircleAlert, Clock, Columns2, Copy, Ellipsis, ExternalLink, FileText, FolderOpen, GitBranch,
  GitCommitHorizontal, GitMerge, Grid2x2, Hand, HardDrive, Info, Layers, ListChecks, ListTree, LoaderCircle, Maximize2, MessageSquareReply, Minimize2, Minus, Monitor, Moon,
  PanelLeft, PanelRight, PanelTop, Pause, Pencil, Play, Plus, RefreshCw, Rows2, Search, Settings2, ShieldAlert, SkipForward, Square, Sun, Terminal, TextWrap,
  Trash2, TriangleAlert, Undo2, UserRound, UserRoundCheck, X,
} from 'lucide-react';
import type { ComponentType, SVGProps } from 'react';

/** Any icon of the set; 16 px and decorative unless told otherwise. */
export type Icon = ComponentType<SVGProps<SVGSVGElement>>;

const sized = (Drawn: ComponentType<SVGProps<SVGSVGElement>>, filled = false): Icon =>
  function SizedIcon(props) {
    return <Drawn width={16} height={16} strokeWidth={1.5} aria-hidden="true" focusable="false" {...(filled ? { fill: 'currentColor' } : {})} {...props} />;
  };

export const icons = {
  play: sized(Play, true), pause: sized(Pause, true), stop: sized(Square, true), folder: sized(FolderOpen), document: sized(FileText),
  down: sized(ChevronDown), up: sized(ChevronUp), back: sized(ArrowLeft), wrap: sized(TextWrap), unified: sized(Rows2), right: sized(ChevronRight), left: sized(ChevronLeft), check: sized(Check), minus: sized(Minus), plus: sized(Plus), close: sized(X),
  settings: sized(Settings2), leftPane: sized(PanelLeft), rightPane: sized(PanelRight), branch: sized(GitBranch), merge: sized(GitMerge),
  commit: sized(GitCommitHorizontal), search: sized(Search), more: sized(Ellipsis), maximize: sized(Maximize2), minimize: sized(Minimize2),
  grid: sized(Grid2x2), tabs: sized(PanelTop), split: sized(Columns2), undo: sized(Undo2), refresh: sized(RefreshCw), sun: sized(Sun), moon: sized(Moon),
  monitor: sized(Monitor), warning: sized(TriangleAlert), alert: sized(CircleAlert), info: sized(Info), shield: sized(ShieldAlert),
  copy: sized(Copy), external: sized(ExternalLink), terminal: sized(Terminal), layers: sized(Layers), tasks: sized(ListChecks),
  clock: sized(Clock), disk: sized(HardDrive), edit: sized(Pencil), remove: sized(Trash2), busy: sized(LoaderCircle),
  skip: sized(SkipForward), hold: sized(Hand), answer: sized(MessageSquareReply), activity: sized(ListTree),
  gate: sized(UserRound), gateDone: sized(UserRoundCheck),
} as const satisfies Record<string, Icon>;

/** Two strands that cross: the product's mark. */
export function BrandMark({ size = 20 }: { readonly size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 20 20" fill="none" stroke="currentColor" strokeWidth={1.75} strokeLinecap="round" strokeLinejoin="round" aria-hidden="true" focusable="false">
      <path d="M2 6c4 0 4 8 8 8 1.6 0 2.6-1.3 3.3-2.7M14.9 8.4C15.6 7.1 16.4 6 18 6M2 14c1.6 0 2.4-1.1 3.1-2.4M6.7 8.7C7.4 7.3 8.4 6 10 6c4 0 4 8 8 8" />
    </svg>
  );
}
