/** A run that asks for a person's word: at a terminal the person answers, elsewhere `--yes` does or the run ends and can be resumed. */
import { askingWords } from '../../shared/asking';
import { sentence } from '../../shared/errors';
import type { RunEvent } from '../../shared/events';
import { askedGate, gateTitle, refusedBy } from '../../shared/gates';
import type { PhaseGate } from '../../shared/run';
import type { LiveRun } from '../core/run/start';
import { ask, askWord, canAsk, choose, say } from './output';

type Paused = Extract<RunEvent, { type: 'run.paused' }>;

const wordsOf = ({ cause, reason }: Paused): string => askingWords(cause, reason ?? '');

/** Type, message and place of each failure (C23), then what to do; `logs` shows the end of the output and asks again. */
async function askAboutFailures(live: LiveRun, event: Paused): Promise<void> {
  const tasks = (event.tasks ?? []).flatMap((id) => live.run().tasks[id] ?? []);
  for (const task of tasks) {
    const lane = live.run().lanes[task.ranIn ?? ''];
    say(`  ${task.id} ${task.state} (${task.failure?.class ?? 'unknown'}): ${task.reason}${lane ? `; its work is in ${lane.worktree}` : ''}`);
  }
  const answer = await choose(`${wordsOf(event)}.`, [['r', 'Retry on its own work'], ['f', 'Retry afresh, in a new lane'], ['s', 'Skip and go on'], ['a', 'Abort: end the run, keep all work'], ['l', 'Logs']], 's');
  if (answer === 'l') {
    for (const task of tasks) {
      const check = task.evidence?.checks.find((one) => one.exitCode !== 0 || one.signal !== null);
      say(`--- ${task.id}\n${(check?.tail ?? task.evidence?.tail ?? '').trimEnd() || 'No output.'}`);
    }
    return askAboutFailures(live, event);
  }
  const retries = answer === 'r' || answer === 'f';
  if (retries) for (const task of tasks) await live.obey({ action: 'retry', task: task.id, fresh: answer === 'f' });
  return retries || answer === 's' ? live.resume() : end(live, event);
}

/** The boxes of the phases that only a person ticks. */
function sayManual({ manual }: PhaseGate): void {
  if (manual.length > 0) say('To verify by hand:');
  for (const { title, file, line } of manual) say(`  [ ] ${title} (${file}, line ${line})`);
}

/** A gate whose checks fail after the fix attempts (B16): the output, again, on all the same, or back to before the phase, which wants its word. */
async function askAboutGate(live: LiveRun, event: Paused, gate: PhaseGate): Promise<void> {
  const answer = await choose(`${wordsOf(event)}.`, [
    ['e', 'Show errors'], ['c', 'Check again, with new fix attempts'], ['s', 'Skip: go on, the gate is recorded as failed'], ['r', `Revert phase: take ${gateTitle(gate)} back`], ['x', 'Stop here'],
  ], 'x');
  if (answer === 'e') {
    const check = refusedBy(gate);
    say(`--- ${check?.command ?? ''}\n${check?.tail.trimEnd() || 'No output.'}${gate.log === '' ? '' : `\n--- all of it: ${gate.log}`}`);
    return askAboutGate(live, event, gate);
  }
  if (answer === 's') return void await live.obey({ action: 'gate', answer: 'skip' });
  if (answer !== 'c' && answer !== 'r') return end(live, event);
  if (answer === 'r' && await askWord(`${gate.tasks.length} merged tasks are taken back and open again; what they made is kept under refs/braid/snapshots. Type revert to do that:`) !== 'revert') return askAboutGate(live, event, gate);
  const told = await live.obey({ action: 'gate', answer: answer === 'c' ? 'again' : 'revert' });
  if (told.ok) return undefined;
  say(sentence(told.error));
  return askAboutGate(live, event, gate);
}

function end(live: LiveRun, event: Paused): Promise<void> {
  say(`${wordsOf(event)}. The run ends here; "braid resume" goes on.`);
  return live.stopAfterCurrent(true);
}

/** Runs whose question about a marker stands at the terminal. */
const asking = new WeakSet<LiveRun>();

/** Asks about a marker of the file. While the question stands, what an edit makes of it is said, and the answer is about that. */
async function askAboutMarker(live: LiveRun, event: Paused): Promise<void> {
  if (asking.has(live)) return say(`${wordsOf(event)}.`);
  asking.add(live);
  const goOn = await ask(`${wordsOf(event)}. Go on?`).finally(() => asking.delete(live));
  if (live.run().pauseCause !== 'person') return say('The marker is gone from the file, so the run goes on already.');
  return goOn ? live.resume() : end(live, event);
}

/** Answers a run that waits. `--yes` lets it go on, but never beyond a budget that a person set, nor past a place of the file that wants a person. */
export async function atCheckpoint(live: LiveRun, event: Paused, yes: boolean): Promise<void> {
  if (yes && event.cause !== 'budget' && event.cause !== 'person') {
    if (event.cause !== undefined) say(`${wordsOf(event)}. Going on, as --yes says${event.cause === 'gate' ? '; the gate is recorded as failed' : ''}.`);
    return event.cause === 'gate' ? void await live.obey({ action: 'gate', answer: 'skip' }) : live.resume();
  }
  if (!canAsk()) return end(live, event);
  if (event.cause === 'person') return askAboutMarker(live, event);
  const gate = askedGate(live.run());
  if (gate && event.cause === 'gate') return askAboutGate(live, event, gate);
  if (gate) sayManual(gate);
  if (event.cause === 'failure' || event.cause === 'common-cause') return askAboutFailures(live, event);
  if (event.commit !== undefined) say(`  Look at it: git diff ${live.run().base}...${event.commit.slice(0, 12)}`);
  return await ask(`${wordsOf(event)}. Go on${event.cause === 'budget' ? ' with as much again' : ''}?`) ? live.resume() : end(live, event);
}
