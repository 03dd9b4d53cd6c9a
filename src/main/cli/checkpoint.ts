/** A run that asks for a person's word: at a terminal the person answers, elsewhere `--yes` does or the run ends and can be resumed. */
import { askingWords } from '../../shared/asking';
import type { RunEvent } from '../../shared/events';
import type { LiveRun } from '../core/run/start';
import { ask, canAsk, choose, say } from './output';

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

function end(live: LiveRun, event: Paused): Promise<void> {
  say(`${wordsOf(event)}. The run ends here; "braid resume" goes on.`);
  return live.stopAfterCurrent(true);
}

/** Answers a run that waits. `--yes` lets it go on, but never beyond a budget that a person set, nor past a place of the file that wants a person. */
export async function atCheckpoint(live: LiveRun, event: Paused, yes: boolean): Promise<void> {
  if (yes && event.cause !== 'budget' && event.cause !== 'person') {
    if (event.cause !== undefined) say(`${wordsOf(event)}. Going on, as --yes says.`);
    return live.resume();
  }
  if (!canAsk()) return end(live, event);
  if (event.cause === 'failure' || event.cause === 'common-cause') return askAboutFailures(live, event);
  if (event.commit !== undefined) say(`  Look at it: git diff ${live.run().base}...${event.commit.slice(0, 12)}`);
  return await ask(`${wordsOf(event)}. Go on${event.cause === 'budget' ? ' with as much again' : ''}?`) ? live.resume() : end(live, event);
}
