/** The progress of a run as one line of plain text: `Wave 2: T002 * T003 + T004 o`. */
import type { RunEvent } from '../../shared/events';
import { limitWords } from '../../shared/limits';
import { gateTitle, mostFixes, refusedBy } from '../../shared/gates';
import { countTasks, isByHand, type Run, type TaskRunState } from '../../shared/run';
import { usageWords } from '../../shared/usage';

/** `*` running, `+` completed, `x` failed, `-` skipped, `o` pending. */
export function stateSymbol(state: TaskRunState): string {
  switch (state) {
    case 'running': case 'checking': case 'integrating': return '*';
    case 'done': return '+';
    case 'skipped': return '-';
    case 'pending': return 'o';
    default: return 'x';
  }
}

/** One wave of a run; `index` counts from 0. */
export function waveLine(run: Run, index: number): string {
  const ids = run.waves[index] ?? [];
  return `Wave ${index + 1}: ${ids.map((id) => `${id} ${stateSymbol(run.tasks[id]?.state ?? 'pending')}`).join(' ')}`;
}

const isSettled = (state: TaskRunState | undefined): boolean => state !== undefined && !['pending', 'running', 'checking', 'integrating'].includes(state);

/** Index of the first wave that still has something to do; the last wave when all is settled. */
export function currentWave(run: Run): number {
  const index = run.waves.findIndex((wave) => !wave.every((id) => isSettled(run.tasks[id]?.state)));
  return index === -1 ? Math.max(0, run.waves.length - 1) : index;
}

/** Where the lines go; `isTerminal` says whether a line can be redrawn in place. */
export interface Screen {
  readonly isTerminal: boolean;
  readonly columns: number;
  write(text: string): void;
}

/** Shows progress: redrawn in place at a terminal, printed on change otherwise. */
export class Progress {
  #shown = '';
  #inPlace = false;

  constructor(private readonly screen: Screen) {}

  /** Shows what an event changed. */
  update(run: Run, event: RunEvent): void {
    if (event.type === 'notice') return this.line(`${event.level === 'warning' ? 'warning: ' : ''}${event.text}`);
    if (event.type === 'agent.limited') return this.line(`${limitWords(event.agent, event, event.at)} (${event.text})`);
    if (event.type === 'agent.released') return this.line(`${event.agent}: goes on`);
    if (event.type === 'spec.edited') return this.line(event.offered.length > 0 ? `${event.text} (--follow-edits takes new tasks in.)` : event.text);
    const gate = gateLine(run, event);
    if (gate !== '') return this.line(gate);
    if (!('task' in event)) return;
    const changed = run.waves.findIndex((wave) => wave.includes(event.task ?? ''));
    const wave = this.screen.isTerminal ? currentWave(run) : changed;
    if (wave >= 0) this.#show(waveLine(run, wave));
  }

  /** A line of its own, above the progress line. */
  line(text: string): void {
    if (this.#inPlace) this.screen.write('\r\u001b[K');
    this.#inPlace = false;
    this.screen.write(`${text}\n`);
    this.#shown = '';
  }

  /** Ends the line that is redrawn. */
  end(): void {
    if (this.#inPlace) this.screen.write('\n');
    this.#inPlace = false;
  }

  #show(text: string): void {
    if (text === this.#shown) return;
    this.#shown = text;
    if (!this.screen.isTerminal) return this.screen.write(`${text}\n`);
    const width = Math.max(20, this.screen.columns - 1);
    this.screen.write(`\r\u001b[K${text.length > width ? `${text.slice(0, width - 1)}…` : text}`);
    this.#inPlace = true;
  }
}

/** What an event says of a gate between phases; '' for any other event. */
function gateLine(run: Run, event: RunEvent): string {
  const gate = 'gate' in event ? run.gates.find(({ number }) => number === event.gate) : undefined;
  if (!gate) return '';
  const title = gateTitle(gate);
  switch (event.type) {
    case 'gate.checked': {
      const refused = refusedBy(gate);
      if (gate.checks?.length === 0) return `Gate of ${title}: no checks are configured`;
      return refused ? `Gate of ${title}: "${refused.command}" fails on what is merged` : `Gate of ${title}: checks passed on ${event.commit.slice(0, 9)}`;
    }
    case 'gate.fixing': return `Gate of ${title}: fix attempt ${gate.fixes.length} of ${mostFixes}`;
    case 'gate.reverted': return `${title} was taken back to ${event.commit.slice(0, 9)}; what it held is kept as ${gate.snapshot}`;
    default: return '';
  }
}

/** What a person wants to read when a run has ended: each task that is not done with its reason, then the counts. */
export function summary(run: Run): readonly string[] {
  const counts = countTasks(run);
  const lines = run.order.flatMap((id) => {
    const task = run.tasks[id];
    if (!task) return [];
    if (task.state === 'done') return isByHand(task) ? [`${id} ticked by hand while the run went on: its work is not part of this run`] : [];
    const label = task.state === 'skipped' ? 'Skipped' : task.state === 'pending' ? 'Not started' : task.state;
    return [`${id} ${label}${task.reason ? `: ${task.reason}` : ''}`];
  });
  const kept = Object.values(run.lanes).filter((lane) => lane.state === 'parked').map((lane) => `Lane ${lane.name} ${lane.reason}: ${lane.worktree}`);
  const why = run.stopReason || (run.stoppedWaiting ? run.pauseReason : '');
  const used = usageWords(run.usage);
  const red = run.gates.filter(({ state }) => state === 'failed').map((gate) => `Gate of ${gateTitle(gate)}: failed, gone on all the same`);
  return [...lines, ...kept, ...red, ...(why === '' ? [] : [`Stopped: ${why}.`]), ...(used === '' ? [] : [`Used, as the agents report it: ${used}.`]), `Run ${run.id}: ${counts.done} done, ${counts.failed} failed, ${counts.skipped} skipped, ${counts.pending} not started.`];
}
