/** What the panel says about the run, in one sentence each. */
import { askingWords } from '../../../shared/asking';
import { gateTitle, isFixing, mostFixes, openGate } from '../../../shared/gates';
import { countStates, stateInFile } from '../../../shared/counts';
import type { Spec } from '../../../shared/domain';
import { describeError } from '../../../shared/errors';
import type { Readiness, Snapshot } from '../../../shared/ipc';
import { type Run, type TaskRunState, countTasks, statesOf } from '../../../shared/run';
import { heldBack } from '../../../shared/waiting';
import { noTasks, tally } from '../../tally';
import { isActive, runIsOf, unitStates } from '../../tasks';
import type { Mark } from '../../ui/status-mark';
import { counted, sentenceList, someOf } from '../../ui/format';

export interface Said {
  readonly mark: Mark;
  readonly text: string;
}

const shown = 3;

/** What the person holds back, where nothing else could start; null otherwise. */
function held(run: Run): string | null {
  const pending = run.order.flatMap((id) => (run.tasks[id]?.state === 'pending' ? run.tasks[id] ?? [] : []));
  const ids = pending.filter((task) => task.held).map(({ id }) => id);
  const free = pending.some((task) => !task.held && task.dependsOn.every((id) => (run.tasks[id]?.state ?? 'done') === 'done'));
  return ids.length === 0 || free ? null : `${sentenceList(ids)} ${ids.length === 1 ? 'is' : 'are'} held back by you`;
}

function active(run: Run): string {
  const ids = run.order.filter((id) => isActive(run.tasks[id]?.state ?? 'pending'));
  if (ids.length === 0) return held(run) ?? 'starting the next task';
  const more = ids.length - shown;
  const named = more > 0 ? [...ids.slice(0, shown), `${more} more`] : ids;
  return `${sentenceList(named)} in progress`;
}

/** What the units of the spec count as, where it is open: the figures are those of the list above, and a run that was not asked for all of them says its own as well. */
type Whole = readonly TaskRunState[] | null;

function outcome(run: Run, whole: Whole): string {
  const states = whole ?? statesOf(run);
  const { done, total } = countStates(states);
  const own = countTasks(run);
  const rest = tally(states).filter(({ tone }) => tone !== 'running' && tone !== 'pending');
  return [`${done} of ${total} done`, ...(own.total === total ? [] : [`${own.done} of ${own.total} in this run`]), ...rest.map(({ text }) => text)].join(', ');
}

/** What goes on at the gate of a phase. */
function atGate(run: Run): string {
  const gate = openGate(run);
  if (gate === null) return '';
  if (gate.state === 'reverting') return `${gateTitle(gate)} is being taken back`;
  if (isFixing(run)) return `an agent mends what the checks refuse after ${gateTitle(gate)} (attempt ${gate.fixes.length} of ${mostFixes})`;
  return `checks run on what is merged after ${gateTitle(gate)}`;
}

/** What was added to the task file while the run goes on, and waits for a person's word. */
function offered(run: Run): string {
  const ids = run.offered.map(({ id }) => id);
  return ids.length === 0 ? '' : ` ${counted(ids.length, 'task')} added to the file: ${sentenceList(ids.length > shown ? [...ids.slice(0, shown), `${ids.length - shown} more`] : ids)} ${ids.length === 1 ? 'is' : 'are'} not part of this run.`;
}

function going(run: Run, whole: Whole): Said {
  const held = heldBack(run);
  if (held === '' && openGate(run) !== null) return { mark: 'running', text: `${outcome(run, whole)}; ${atGate(run)}.` };
  if (held === '') return { mark: 'running', text: `${outcome(run, whole)}; ${active(run)}.${offered(run)}` };
  return { mark: 'limited', text: `${outcome(run, whole)}. Nothing more starts now: ${held}.${offered(run)}` };
}

function finished(run: Run, whole: Whole): Said {
  const facts = outcome(run, whole);
  switch (run.status) {
    case 'done': return { mark: 'done', text: `Finished: ${facts}. Review the result, then merge it.` };
    case 'waiting': return { mark: 'waiting', text: `Waits for you: ${facts}. Select a marked task to see why and to look at its terminal; mend it by hand or reword it, then run again.` };
    case 'timed-out': return { mark: 'limited', text: `Ended with a timeout: ${facts}.` };
    case 'interrupted': return { mark: 'paused', text: `Stopped: ${facts}. All work is kept.` };
    case 'failed': case null: return { mark: 'failed', text: `Ended: ${facts}. Select a task to see why.` };
  }
}

/** The question of a run that waits for a person's word. `goOn`: what that answer means. */
export function checkpointWords(run: Run): { readonly title: string; readonly hint: string; readonly goOn: string } {
  const { pauseCause: cause } = run;
  const title = askingWords(cause, run.pauseReason);
  if (cause === 'budget') return { title, hint: 'No other task starts before you say so.', goOn: 'Go on with as much again' };
  if (cause === 'failure' || cause === 'common-cause') return { title, hint: 'The others go on when you say so; what needs a failed task is skipped.', goOn: 'Leave what failed and go on with the rest' };
  if (cause === 'gate') return { title, hint: 'Look at the errors, then check again, go on all the same, or take the phase back.', goOn: 'Go on; the gate is recorded as failed' };
  return { title, hint: 'No other task starts before you say so.', goOn: 'Start waiting tasks again' };
}

function paused(run: Run, whole: Whole): Said {
  if (run.atCheckpoint) return { mark: 'waiting', text: `Waits for your word. ${checkpointWords(run).title}.` };
  const why = run.pauseReason === '' ? '' : `${run.pauseReason}. `;
  return { mark: 'paused', text: `Paused: ${why}${outcome(run, whole)}. Tasks in progress go on to their end.${offered(run)}` };
}

function stopping(run: Run): Said {
  if (run.ending !== 'current') return { mark: 'paused', text: 'Stopping: ending every agent. All work is kept.' };
  return { mark: 'paused', text: `Stopping after what is at work: ${active(run)}. No other task starts.` };
}

/** The state of a run: how far it is and whether it needs a person. `whole`: what the units of the open spec count as, null where it is not the run's. */
export function runSentence(run: Run, whole: Whole = null): Said {
  switch (run.state) {
    case 'running': return going(run, whole);
    case 'paused': return paused(run, whole);
    case 'stopping': return stopping(run);
    case 'finished': return finished(run, whole);
    case 'landed': return { mark: 'done', text: `Merged into ${run.base}: ${outcome(run, whole)}.` };
    case 'rolled-back': return { mark: 'skipped', text: `Rolled back: ${run.base} is as it was before the merge. The result is kept and can be merged again.` };
    case 'abandoned': return { mark: 'skipped', text: 'Set aside. Its branches are kept.' };
  }
}

/** Why a selection asks for nothing: all of it is done, or it lies before the task from which on it is asked for. */
export function nothingAsked(spec: Spec, { tasks, from }: Pick<Snapshot['options'], 'tasks' | 'from'>): string {
  const open = spec.tasks.filter((task) => tasks?.includes(task.id) === true && stateInFile(task) === 'pending').map(({ id }) => id);
  return open.length === 0 || from === null ? 'Every task that is asked for is done.' : `No open task is asked for: ${someOf(open)} ${open.length === 1 ? 'stands' : 'stand'} before ${from}, from which on tasks are asked for.`;
}

/** The live run where it works on another spec than the one that is open; else null. */
export function otherRun({ liveRun, runs, spec }: Pick<Snapshot, 'liveRun' | 'runs' | 'spec'>): Run | null {
  const run = runs.find(({ id }) => id === liveRun) ?? null;
  return run !== null && spec !== null && !runIsOf(run, spec) ? run : null;
}

/** That a run goes on, with the name of its spec where another one is open. */
export const goingOn = (other: Run | null): string => (other === null ? 'A run is going on' : `A run of ${other.spec} is going on`);

/** Why a run cannot start now; null when it can. `wrong`: the field of the options that cannot be as it stands. */
export function whyNotRun(snapshot: Snapshot, wrong: string | null): string | null {
  const { spec, readiness, liveRun } = snapshot;
  if (liveRun !== null) return `${goingOn(otherRun(snapshot))}.`;
  if (snapshot.elsewhere !== null) return `A run of this spec is going on in another Braid (process ${snapshot.elsewhere.process}).`;
  if (spec === null) return 'Choose a spec first.';
  if (spec.tasks.length === 0) return `${noTasks.title}.`;
  if (wrong !== null) return wrong;
  const blocking = blockingError(readiness);
  // The path of a circle is the reason; of other errors the panel says the details.
  if (blocking !== null) return [readiness.error?.kind === 'plan/cycle' ? blocking.detail : blocking.title, blocking.hint].filter(Boolean).join(' ');
  if (readiness.uncommitted.length > 0) return 'Commit the spec files first, so that agents see them.';
  if (readiness.error?.kind === 'run/nothing-to-do' && (snapshot.options.tasks !== null || snapshot.options.from !== null)) return nothingAsked(spec, snapshot.options);
  if (readiness.error?.kind === 'run/nothing-to-do' || spec.tasks.every((task) => task.done || task.state === 'skipped')) return 'Every task of this spec is done.';
  const agent = snapshot.agents.find((known) => known.name === snapshot.options.agent);
  if (snapshot.options.agent === 'custom') return snapshot.options.agentCommand ? null : 'Give the command line of the custom agent.';
  return agent !== undefined && !agent.ready ? agent.reason ?? `${agent.title} is not ready.` : null;
}

/** The error that stands in the way. Uncommitted files have a card of their own, lost ones the place of the list, and a spec that is done is no error. */
export function blockingError(readiness: Readiness): ReturnType<typeof describeError> | null {
  const { error } = readiness;
  return error === null || error.kind === 'spec/uncommitted' || error.kind === 'run/nothing-to-do' ? null : describeError(error);
}

/** What the live region says. */
export function statusSentence(snapshot: Snapshot, run: Run | null, wrong: string | null): Said {
  const { spec, plan } = snapshot;
  if (wrong !== null && snapshot.liveRun === null && spec !== null) return { mark: 'failed', text: `${wrong} No run starts before that is mended.` };
  if (run !== null && runIsOf(run, spec)) {
    const said = runSentence(run, spec === null ? null : unitStates(spec, run));
    return snapshot.elsewhere?.run === run.id ? { ...said, text: `${said.text} Another Braid drives it (process ${snapshot.elsewhere.process}).` } : said;
  }
  const obstacle = whyNotRun(snapshot, wrong);
  if (obstacle !== null) return { mark: spec?.tasks.length && obstacle.startsWith('Every task') ? 'done' : 'waiting', text: obstacle };
  const open = plan?.waves.flat().length ?? 0;
  return { mark: 'pending', text: `Ready: ${counted(open, 'open task')} in ${counted(plan?.waves.length ?? 0, 'wave')}.` };
}
