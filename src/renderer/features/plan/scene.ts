/** What every box and line of the graph needs to know, without drawing the whole graph anew when it changes. */
import { createContext } from 'react';
import type { TaskRow } from '../../tasks';
import type { GroupBox } from './collapse';

/** What the mouse, the keyboard or a click points at; a link is named by its id, a clash as well. */
export type Pointed = { readonly kind: 'task'; readonly id: string } | { readonly kind: 'link'; readonly id: string };

/** Whether a box or line belongs to what is pointed at: it is that, comes before or after it, or has nothing to do with it. */
export type Tone = 'none' | 'at' | 'before' | 'after' | 'far';

export interface Scene {
  readonly rows: ReadonlyMap<string, TaskRow>;
  /** Planned or actual lane of each task. */
  readonly lanes: ReadonlyMap<string, string>;
  readonly critical: ReadonlySet<string>;
  /** Tasks that wait for themselves in a circle. */
  readonly cyclic: ReadonlySet<string>;
  /** Phases or stories that are drawn as one box, by its id. */
  readonly boxes: ReadonlyMap<string, GroupBox>;
  readonly selected: string | null;
  /** The box that holds the selected task where that has none of its own. */
  readonly holder: string | null;
  readonly toneOf: (id: string) => Tone;
  /** What a task waits for, as words for those who do not see the lines. */
  readonly waitsOf: (id: string) => string;
  readonly onPoint: (pointed: Pointed | null) => void;
  readonly onSelect: (id: string) => void;
  /** Draws a phase or story by its tasks; takes the id of its box. */
  readonly onOpen: (id: string) => void;
  /** Tells that the box of a task is on the page (or no longer), so that the keyboard can go to it. */
  readonly onBox: (id: string, box: HTMLElement | null) => void;
}

const nothing = (): void => undefined;

export const SceneContext = createContext<Scene>({
  rows: new Map(), lanes: new Map(), critical: new Set(), cyclic: new Set(), boxes: new Map(), selected: null, holder: null,
  toneOf: () => 'none', waitsOf: () => '', onPoint: nothing, onSelect: nothing, onOpen: nothing, onBox: nothing,
});

/** The tone of a line; apart from the scene, so that lines are not drawn anew when a task changes. */
export const LineContext = createContext<(id: string) => Tone>(() => 'none');
