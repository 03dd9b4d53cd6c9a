/** The gates between phases of a guided run: how events change them, and what they need next. Pure. */
import type { CheckResult } from './domain';
import type { RunEvent } from './events';
import type { PhaseGate, Run, TaskRun } from './run-state';

export type GateEvent = Extract<RunEvent, { gate: number }>;

const opened = (event: Extract<GateEvent, { type: 'gate.opened' }>): PhaseGate => ({
  number: event.gate, phases: event.phases, state: 'open', from: event.from, tasks: event.tasks, manual: event.manual,
  checks: null, checkedAt: '', commit: null, tip: null, log: '', fixes: [], fixedBefore: 0, snapshot: '',
});

function changeOf(gate: PhaseGate, event: Exclude<GateEvent, { type: 'gate.opened' }>): Partial<PhaseGate> {
  switch (event.type) {
    case 'gate.checked': return { checks: event.checks, checkedAt: event.at, commit: event.commit, log: event.log };
    case 'gate.fixing': return { fixes: [...gate.fixes, event.fix.id] };
    case 'gate.again': return { checks: null, fixes: [], fixedBefore: gate.fixedBefore + gate.fixes.length };
    case 'gate.closed': return { state: event.result, commit: event.commit, tip: event.tip ?? event.commit };
    case 'gate.reverting': return { state: 'reverting', snapshot: event.snapshot };
    case 'gate.reverted': return { state: 'reverted' };
  }
}

/** The gates after one event; an event of a gate that is not known changes nothing. */
export function foldGate(gates: readonly PhaseGate[], event: GateEvent): readonly PhaseGate[] {
  if (event.type === 'gate.opened') return [...gates, opened(event)];
  return gates.map((gate) => (gate.number === event.gate ? { ...gate, ...changeOf(gate, event) } : gate));
}

/** The gates once a task is merged: what a fix merged has not been checked yet. */
export const foldIntegratedFix = (gates: readonly PhaseGate[], task: string): readonly PhaseGate[] =>
  (gates.some((gate) => gate.state === 'open' && gate.fixes.includes(task)) ? gates.map((gate) => (gate.fixes.includes(task) ? { ...gate, checks: null } : gate)) : gates);

/** The gate that the run stands at; null where it stands at none. There is never more than one. */
export const openGate = (run: Run): PhaseGate | null => run.gates.find((gate) => gate.state === 'open' || gate.state === 'reverting') ?? null;

/** The fix attempts of the open gate: tasks of their own, in no phase and no order. */
export const openFixes = (run: Run): readonly TaskRun[] => openGate(run)?.fixes.flatMap((id) => run.tasks[id] ?? []) ?? [];

/** The gate that a fix attempt belongs to; null for a task of the spec. */
export const gateOfFix = (run: Run, task: string): PhaseGate | null => run.gates.find((gate) => gate.fixes.includes(task)) ?? null;

/** The check that refused what is merged; null where none did or none ran. */
export const refusedBy = (gate: PhaseGate): CheckResult | null => gate.checks?.find((check) => check.exitCode !== 0 || check.signal !== null) ?? null;

/** `Setup` or `Setup and Stories`. */
export const gateTitle = (gate: Pick<PhaseGate, 'phases'>): string => gate.phases.join(' and ');

/** Ids that only fix attempts have. */
export const fixId = (gate: PhaseGate): string => `gate-${gate.number}-fix-${gate.fixedBefore + gate.fixes.length + 1}`;

/** How often an agent is asked to mend what the checks of a gate refuse (maestro, phase completion). */
export const mostFixes = 2;

/** Whether the gate has all that it can find out by itself, so that only a person's word is missing. */
export function awaitsWord(run: Run): PhaseGate | null {
  const gate = openGate(run);
  if (gate === null || gate.state !== 'open' || gate.checks === null) return null;
  return refusedBy(gate) === null || (fixesSpent(run) >= mostFixes && !isFixing(run)) ? gate : null;
}

/** The gate that the run asks a person about right now; null where it asks about something else, or nothing. */
export const askedGate = (run: Run): PhaseGate | null =>
  (run.state === 'paused' && run.atCheckpoint && (run.pauseCause === null || run.pauseCause === 'gate') ? awaitsWord(run) : null);

/** Fix attempts that were used up; one that was interrupted is none. */
export const fixesSpent = (run: Run): number => openFixes(run).filter((task) => task.state !== 'interrupted').length;

/** Whether a fix attempt waits, is at work, or is on its way into the integration branch. */
export const isFixing = (run: Run): boolean => openFixes(run).some((task) => ['pending', 'running', 'checking', 'integrating'].includes(task.state));

/** The newest gate whose word still holds: one that was taken back says nothing any more. Null where none is closed. */
const lastClosed = (run: Run): PhaseGate | null => [...run.gates].reverse().find(({ state }) => state === 'passed' || state === 'unchecked' || state === 'failed') ?? null;

/** Whether what is merged was last refused by a gate's checks and a person went on all the same. */
export const wentOnRed = (run: Run): boolean => lastClosed(run)?.state === 'failed';
