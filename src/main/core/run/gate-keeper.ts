/** Takes the steps of a gate between phases: checks, fix attempts, the question, the checkpoint, and taking phases back. */
import type { CheckResult } from '../../../shared/domain';
import { sentence } from '../../../shared/errors';
import { awaitsWord, gateTitle, refusedBy } from '../../../shared/gates';
import type { GateAnswer } from '../../../shared/control';
import type { PhaseGate } from '../../../shared/run';
import { runChecks } from './checks';
import type { EngineContext } from './engine';
import { mergedPlace } from './names';
import { fixTask, gatePause, reopenedBy, sinceCheckpoint, type GateStep } from './gate-steps';

const warn = (context: EngineContext, text: string): Promise<void> => context.emit({ type: 'notice', level: 'warning', code: 'gate', text, task: null });

/** Checks that could not begin count as refused, with the reason as their output. */
const unable = (command: string, detail: string): CheckResult => ({ command, where: 'merged', exitCode: null, signal: null, seconds: 0, timedOut: false, tail: detail });

async function check(context: EngineContext, gate: PhaseGate): Promise<void> {
  const { world } = context;
  const [first] = context.run().options.checks;
  if (first === undefined) {
    return context.emit({ type: 'gate.checked', gate: gate.number, commit: context.run().integrationTip, checks: [], log: '' });
  }
  const place = await world.gates.scratch(context.run());
  if (!place.ok) {
    return context.emit({ type: 'gate.checked', gate: gate.number, commit: context.run().integrationTip, checks: [unable(first, sentence(place.error))], log: '' });
  }
  const { commit, ...scratch } = place.value;
  const checks = await runChecks(context, 'merged', { name: mergedPlace, ...scratch });
  // Ended by a person, the checks say nothing.
  if (!context.isStopping()) await context.emit({ type: 'gate.checked', gate: gate.number, commit, checks: [...checks], log: scratch.log });
}

async function open(context: EngineContext, phases: readonly string[]): Promise<void> {
  const run = context.run();
  const { from, tasks } = sinceCheckpoint(run);
  const manual = await context.world.gates.manual(phases);
  await context.emit({ type: 'gate.opened', gate: run.gates.length + 1, phases, from, tasks, manual });
}

/** Stores the checkpoint; a plan that keeps checkpoints of its own gets it written into its heading. */
async function close(context: EngineContext, gate: PhaseGate): Promise<void> {
  const run = context.run();
  const commit = gate.commit ?? run.integrationTip;
  const result = refusedBy(gate) !== null ? 'failed' : (gate.checks ?? []).length === 0 ? 'unchecked' : 'passed';
  const marked = await context.world.gates.mark(run, { gate, commit, keeps: result !== 'failed' });
  if (!marked.ok) await warn(context, `The checkpoint of ${gateTitle(gate)} could not be written into the plan: ${sentence(marked.error)}`);
  const tip = marked.ok ? marked.value : commit;
  await context.emit({ type: 'gate.closed', gate: gate.number, result, commit, ...(tip === commit ? {} : { tip }) });
  const words = { passed: 'its checks passed', unchecked: 'no checks are configured', failed: 'its checks fail, and you went on all the same' }[result];
  await context.emit({ type: 'notice', level: result === 'failed' ? 'warning' : 'info', code: 'gate', text: `Checkpoint ${commit.slice(0, 9)} after ${gateTitle(gate)}: ${words}.`, task: null });
}

/** Each part can be repeated: the ref and the branch first, then what the journal says of tasks and lanes. */
async function revert(context: EngineContext, gate: PhaseGate): Promise<void> {
  const moved = await context.world.gates.takeBack(context.run(), gate);
  if (!moved.ok) {
    await context.emit({ type: 'run.paused', reason: `${gateTitle(gate)} could not be taken back: ${sentence(moved.error)} Nothing is lost; going on tries again` });
    return;
  }
  for (const event of reopenedBy(context.run(), gate)) await context.emit(event);
  await context.emit({ type: 'gate.reverted', gate: gate.number, commit: gate.from });
  await context.emit({ type: 'run.paused', checkpoint: true, reason: `${gateTitle(gate)} was taken back to ${gate.from.slice(0, 9)}; what it held is kept as ${gate.snapshot}, and its tasks are open again` });
}

/** Takes one step. */
export async function takeStep(context: EngineContext, step: GateStep): Promise<void> {
  switch (step.type) {
    case 'open': return open(context, step.phases);
    case 'check': return check(context, step.gate);
    case 'fix': return context.emit({ type: 'gate.fixing', gate: step.gate.number, fix: fixTask(context.run(), step.gate) });
    case 'ask': return context.emit(gatePause(context.run(), step.gate));
    case 'close': return close(context, step.gate);
    case 'revert': return revert(context, step.gate);
  }
}

/** Does what a person answers at a gate; resolves with what stands against it, '' for nothing. */
export async function answerGate(context: EngineContext, answer: GateAnswer): Promise<string> {
  const run = context.run();
  const gate = awaitsWord(run);
  if (gate === null || (run.state !== 'paused' && run.state !== 'running')) return 'it waits at no gate';
  const isRed = refusedBy(gate) !== null;
  if (answer === 'pass' && isRed) return `"${refusedBy(gate)?.command ?? ''}" fails: the gate can be skipped, checked again, or its phase be taken back`;
  if (answer === 'skip' && !isRed) return 'its checks do not fail: there is nothing to skip';
  if (answer === 'revert') {
    const refused = await context.world.gates.refusal(run);
    if (refused !== '') return refused;
    await context.emit({ type: 'gate.reverting', gate: gate.number, to: gate.from, snapshot: `refs/braid/snapshots/${run.id}/gate-${gate.number}` });
    await revert(context, { ...gate, state: 'reverting', snapshot: `refs/braid/snapshots/${run.id}/gate-${gate.number}` });
    return '';
  }
  if (answer === 'again') await context.emit({ type: 'gate.again', gate: gate.number });
  else await close(context, gate);
  if (context.run().state === 'paused') await context.emit({ type: 'run.resumed' });
  return '';
}
