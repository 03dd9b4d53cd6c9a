/**
 * The window's copy of the state: the last snapshot with run events folded in, and what only the window knows
 * (selection, open dialogs, notices). Terminal bytes never pass through here.
 */
import { create } from 'zustand';
import { type Described, type AppError, describeError } from '../shared/errors';
import type { RunEvent } from '../shared/events';
import { type Change, foldRun } from '../shared/fold';
import type { Snapshot, UiState } from '../shared/ipc';
import { uiStateSchema } from '../shared/ipc';
import type { Run } from '../shared/run';
import { perform } from './bridge';
import type { Draft } from './ui/draft';

/** A message that stays until dismissed; it never needs an answer. */
export interface Notice extends Described {
  readonly id: number;
}

export type ChangeQuestion = Extract<AppError, { kind: 'spec/archived' | 'spec/unmet-changes' }>;

export interface WindowState {
  readonly snapshot: Snapshot | null;
  /** The window is the only writer of its layout: the first snapshot sets it, later ones do not. */
  readonly ui: UiState;
  readonly selectedTask: string | null;
  /** Lane of the current run whose terminal is in front; null = whichever the terminals choose. */
  readonly selectedLane: string | null;
  readonly mergeOpen: boolean;
  readonly settingsOpen: boolean;
  readonly rollbackOpen: boolean;
  readonly cleanupOpen: boolean;
  /** The run that the person is asked about how it goes on; null while nothing is asked. */
  readonly resumeRun: string | null;
  /** The question before a run whether it may start although items of the checklists are unchecked. */
  readonly checklistsOpen: boolean;
  /** The question before a change runs that was archived, or that depends on changes that are not complete. */
  readonly changeQuestion: ChangeQuestion | null;
  /** The person has answered that question with yes. */
  readonly despiteChange: boolean;
  /** The task whose question is to be answered: its details take the focus for it and then forget this. */
  readonly answering: string | null;
  /** Where a start that asks something first begins; null: with the first open task. */
  readonly startFrom: string | null;
  /** Whether the list of diagnostics in the Spec view is open; null: as it thinks best. */
  readonly diagnosticsOpen: boolean | null;
  readonly notices: readonly Notice[];
  /** What was just done, for a moment, and how it is taken back or done again. */
  readonly told: { readonly id: number; readonly text: string; readonly offers: 'undo' | 'redo' | null } | null;
  /** Grows with each request to search in the terminals (Ctrl/Cmd+F). */
  readonly findRequests: number;
  /** Options that were changed here and that main has not confirmed yet. */
  readonly pendingOptions: Partial<Snapshot['options']>;
  /** What stands in fields of the options and is not what counts, by the name of the field. */
  readonly drafts: Readonly<Record<string, Draft>>;
  readonly optionsOpen: boolean;
  /** Grows with each request to go to the field that keeps a run from starting. */
  readonly wrongRequests: number;
  /** The start of a run is on its way. */
  readonly starting: boolean;
  /** The list of specs and runs lies over the others, in narrow windows. */
  readonly leftOverlay: boolean;
  /** A 1-based line of a document that the Spec view brings into sight and then forgets. */
  readonly focusLine: { readonly document: string; readonly line: number } | null;
}

export const useStore = create<WindowState>(() => ({
  snapshot: null, ui: uiStateSchema.parse({}), selectedTask: null, selectedLane: null,
  mergeOpen: false, settingsOpen: false, rollbackOpen: false, cleanupOpen: false, resumeRun: null, answering: null, startFrom: null, checklistsOpen: false, changeQuestion: null, despiteChange: false, diagnosticsOpen: null, notices: [], told: null, findRequests: 0,
  pendingOptions: {}, drafts: {}, optionsOpen: false, wrongRequests: 0, starting: false, leftOverlay: false, focusLine: null,
}));

const set = useStore.setState;

/** Sets fields that only the window knows, e.g. `{ mergeOpen: true }`. */
export function setWindow(change: Partial<Omit<WindowState, 'snapshot' | 'ui' | 'notices'>>): void {
  set(change);
}

let lastNotice = 0;

/** The errors that a view shows in its place: no notice repeats them. */
function saidInline({ snapshot, ui }: Pick<WindowState, 'snapshot' | 'ui'>): readonly Described[] {
  if (snapshot === null) return [];
  const inPanel = ui.rightOpen && snapshot.liveRun === null && (snapshot.spec?.tasks.length ?? 0) > 0 ? snapshot.readiness.error : null;
  return [snapshot.problem, inPanel].flatMap((error) => (error === null ? [] : [describeError(error)]));
}

const isSaid = (said: Described, inline: readonly Described[]): boolean => inline.some(({ title, detail }) => title === said.title && detail === said.detail);

/** Shows an error until it is dismissed; the same words are shown once, and not at all where a view says them already. */
export function showError(error: AppError): void {
  const said = describeError(error);
  set((state) => {
    const { notices } = state;
    if (isSaid(said, saidInline(state))) return {};
    const others = notices.filter((notice) => notice.title !== said.title || notice.detail !== said.detail);
    lastNotice += 1;
    return { notices: [...others, { id: lastNotice, ...said }].slice(-4) };
  });
}

/** Says for a moment what was done; it takes the place of what was said before. */
export function tell(text: string, offers: 'undo' | 'redo' | null): void {
  lastNotice += 1;
  set({ told: { id: lastNotice, text, offers } });
}

/** Takes a notice away. */
export function dismiss(id: number): void {
  set(({ notices }) => ({ notices: notices.filter((notice) => notice.id !== id) }));
}

/** Changes the layout at once and remembers it in the settings. */
export function setUi(change: Partial<UiState>): void {
  set(({ ui }) => ({ ui: { ...ui, ...change } }));
  void perform('app.ui', change);
}

/** Selects a task everywhere it is shown, and brings the terminal of its lane to the front. */
export function selectTask(id: string | null): void {
  set((state) => {
    const lane = id === null ? null : currentRun(state)?.tasks[id]?.ranIn ?? null;
    return lane === null ? { selectedTask: id } : { selectedTask: id, selectedLane: lane };
  });
}

/** Opens a document of the spec (a path relative to its folder) at a line. */
export function goToLine(document: string, line: number): void {
  set({ focusLine: { document, line } });
  setUi({ view: 'spec', document });
}

/** Brings a lane's terminal to the front. */
export function selectLane(lane: string | null): void {
  set({ selectedLane: lane });
}

/** Asks the terminals to open their search. */
export function requestFind(): void {
  set(({ findRequests }) => ({ findRequests: findRequests + 1 }));
}

/** A run that ended with something to land asks for a person: the merge dialog is the question. */
function asksToMerge(after: Snapshot, event: RunEvent): boolean {
  if (event.type !== 'run.finished' && event.type !== 'landing.ready') return false;
  if (after.currentRun !== event.run) return false;
  const run = after.runs.find((candidate) => candidate.id === event.run);
  return run !== undefined && run.state === 'finished' && run.status !== 'interrupted' && run.report !== null && run.report.files.length > 0 && run.options.land === 'ask';
}

function onRunEvent(state: WindowState, event: RunEvent): Partial<WindowState> {
  if (state.snapshot === null) return {};
  const snapshot = foldRun(state.snapshot, event);
  const began = event.type === 'run.started' ? { selectedLane: null, mergeOpen: false } : {};
  // A question about a task is shown at the task, unless the person looks at another one: their selection is theirs, and the card leads there.
  const asks = event.type === 'run.paused' && event.cause === 'person' && snapshot.currentRun === event.run && state.selectedTask === null;
  const asked = asks ? { selectedTask: event.tasks?.[0] ?? null } : {};
  return { snapshot, ...began, ...asked, ...(asksToMerge(snapshot, event) ? { mergeOpen: true } : {}) };
}

/** Folds what main says into the window's copy. */
export function applyChange(event: Change): void {
  set((state) => {
    if (event.type === 'run') return onRunEvent(state, event.event);
    const { snapshot } = event;
    const moved = state.snapshot !== null && state.snapshot.currentRun !== snapshot.currentRun;
    const respecced = state.snapshot?.spec?.folder !== snapshot.spec?.folder;
    const inline = saidInline({ snapshot, ui: state.ui });
    const notices = state.notices.some((notice) => isSaid(notice, inline)) ? state.notices.filter((notice) => !isSaid(notice, inline)) : state.notices;
    const offered = snapshot.resumeOffer !== null && snapshot.resumeOffer !== (state.snapshot?.resumeOffer ?? null);
    return { snapshot, notices, ...(offered ? { resumeRun: snapshot.resumeOffer } : {}), ...(state.snapshot === null ? { ui: snapshot.ui } : {}), ...(moved ? { selectedLane: null } : {}), ...(respecced ? { selectedTask: null, diagnosticsOpen: null, drafts: {} } : {}), ...(moved || respecced ? { leftOverlay: false } : {}) };
  });
}

/** The run the window looks at. Stable between events that do not touch it. */
export const currentRun = (state: WindowState): Run | null =>
  state.snapshot?.runs.find((run) => run.id === state.snapshot?.currentRun) ?? null;

/** The run that goes on and can be told what to do: this window's own, or the one of the open spec that another Braid drives; null when there is none. */
export const drivenRun = ({ snapshot }: Pick<WindowState, 'snapshot'>): string | null => snapshot?.liveRun ?? snapshot?.elsewhere?.run ?? null;
