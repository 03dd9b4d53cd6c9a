/** What the gate between phases needs next, from the run's state alone (B16). Pure: a resumed run takes the same step again. */
import { awaitsWord, fixId, fixesSpent, gateTitle, isFixing, mostFixes, openGate, refusedBy } from '../../../shared/gates';
import type { RunEventDraft, RunTask } from '../../../shared/events';
import { countTasks, endedPhases, isActiveState, isByHand, type PhaseGate, type Run, type TaskRun } from '../../../shared/run';
import { mayRetry } from './retries';

export type GateStep =
  | { readonly type: 'open'; readonly phases: readonly string[] }
  | { readonly type: 'check' | 'fix' | 'ask' | 'close' | 'revert'; readonly gate: PhaseGate };

/** Phases of a guided run that have ended and were at no gate yet; one with a task that is tried again has not ended. */
export function phasesDue(run: Run): readonly string[] {
  if (run.options.style !== 'guided') return [];
  const again = new Set(run.order.flatMap((id) => (run.tasks[id] && mayRetry(run, run.tasks[id]) ? [run.tasks[id].phase] : [])));
  return endedPhases(run).filter((phase) => !run.checkpoint.phases.includes(phase) && !again.has(phase));
}

/** Whether a gate keeps every task of the spec from starting. */
export const isAtGate = (run: Run): boolean => openGate(run) !== null || phasesDue(run).length > 0;

const isActive = (run: Run): boolean => Object.values(run.tasks).some((task) => isActiveState(task.state));

function stepOf(run: Run, gate: PhaseGate): GateStep | null {
  if (gate.state === 'reverting') return { type: 'revert', gate };
  if (isFixing(run)) return null;
  if (gate.checks === null) return { type: 'check', gate };
  if (awaitsWord(run) === null) return fixesSpent(run) < mostFixes ? { type: 'fix', gate } : null;
  // What the last phase leaves to a person is the landing itself.
  const isLast = countTasks(run).pending === 0 && gate.manual.length === 0 && refusedBy(gate) === null;
  return { type: isLast ? 'close' : 'ask', gate };
}

/** The next step at a gate; null when there is none now. `busy`: starts are decided that the journal does not know yet. */
export function gateStep(run: Run, busy: boolean): GateStep | null {
  if (run.state !== 'running' || busy || isActive(run)) return null;
  const gate = openGate(run);
  if (gate) return stepOf(run, gate);
  const phases = phasesDue(run);
  return phases.length > 0 ? { type: 'open', phases } : null;
}

/** The checkpoint before the gate that comes now, and the tasks that were merged since. */
export function sinceCheckpoint(run: Run): { readonly from: string; readonly tasks: readonly string[] } {
  const closed = run.gates.filter(({ state }) => state === 'passed' || state === 'unchecked' || state === 'failed');
  const before = new Set(closed.flatMap(({ tasks }) => tasks));
  const tasks = run.order.filter((id) => {
    const task = run.tasks[id];
    return task?.state === 'done' && !isByHand(task) && !before.has(id);
  });
  return { from: closed[closed.length - 1]?.tip ?? run.baseCommit, tasks };
}

/** The task of a fix attempt: in no phase, with no line in a file. */
export function fixTask(run: Run, gate: PhaseGate): RunTask {
  const id = fixId(gate);
  return {
    id, title: `Mend what the checks refuse after ${gateTitle(gate)}`, file: run.taskFiles[0] ?? '', line: 0, textHash: '', dependsOn: [], conflictsWith: [],
    remaining: 1, weight: 1, lane: id, story: null, phase: null, exclusive: true, boxless: true,
  };
}

const checksWords = (gate: PhaseGate): string => {
  const checks = gate.checks ?? [];
  if (checks.length === 0) return 'no checks are configured';
  return `checks passed (${checks.map(({ command }) => command).join(', ')})`;
};

/** How a check ended, in words. */
export const endOf = ({ exitCode, signal, timedOut }: { readonly exitCode: number | null; readonly signal: number | string | null; readonly timedOut: boolean }): string =>
  (timedOut ? 'timed out' : signal === null ? `exit code ${exitCode ?? 'unknown'}` : `ended by signal ${signal}`);

/** The pause that asks for a person's word at a gate. */
export function gatePause(run: Run, gate: PhaseGate): RunEventDraft {
  const refused = refusedBy(gate);
  const commit = gate.commit === null ? {} : { commit: gate.commit };
  const { done, pending } = countTasks(run);
  const sofar = `${done} ${done === 1 ? 'task is' : 'tasks are'} done, ${pending} ${pending === 1 ? 'waits' : 'wait'}`;
  if (refused) {
    const spent = fixesSpent(run);
    return { type: 'run.paused', checkpoint: true, cause: 'gate', ...commit, reason: `${gateTitle(gate)} has ended, but a check fails on what is merged (${endOf(refused)}), after ${spent} fix ${spent === 1 ? 'attempt' : 'attempts'}: ${refused.command}` };
  }
  const toLook = gate.manual.length === 0 ? '' : `; ${gate.manual.length} to verify by hand`;
  return { type: 'run.paused', checkpoint: true, ...commit, reason: `${gateTitle(gate)} has ended: ${sofar}; ${checksWords(gate)}${toLook}` };
}

/** A task whose end is taken back with its phases: merged since the checkpoint, or of these phases and ended otherwise. */
const takenBack = (gate: PhaseGate, task: TaskRun): boolean =>
  (gate.tasks.includes(task.id) ? task.state === 'done' : gate.phases.includes(task.phase ?? '') && task.state !== 'done' && task.state !== 'pending' && !isActiveState(task.state) && !/^(skipped by you|you skipped)/.test(task.reason));

/** What brings the tasks of phases that were taken back to their beginning; lanes keep what they hold and are not used again. */
export function reopenedBy(run: Run, gate: PhaseGate): readonly RunEventDraft[] {
  const lanes = Object.values(run.lanes).filter(({ state }) => state === 'idle' || state === 'working');
  const reason = `taken back with ${gateTitle(gate)}`;
  return [
    ...lanes.map((lane): RunEventDraft => ({ type: 'lane.parked', lane: lane.name, reason: `holds work that was ${reason}` })),
    ...run.order.flatMap((id): RunEventDraft[] => (run.tasks[id] && takenBack(gate, run.tasks[id]) ? [{ type: 'task.reopened', task: id, reason, fresh: true }] : [])),
  ];
}
