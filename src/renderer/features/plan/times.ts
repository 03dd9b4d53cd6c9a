/** One table of predicted and actual times, which chart and table both show. */
import type { Plan, Spec } from '../../../shared/domain';
import type { Run } from '../../../shared/run';
import { type TaskRow, isPast, stateWords } from '../../tasks';
import { clock } from '../../ui/format';
import type { Mark } from '../../ui/status-mark';
import { type ActualBar, actualBars, lastBefore, unitSeconds, waitWords } from './actual';
import { type PlannedTask, type Prediction, plannedOfRun, plannedTasks, predict } from './predict';

/** What is predicted: a run as it began, or what is open now; and in how many slots. */
export interface Forecast {
  readonly run: Run | null;
  readonly tasks: readonly PlannedTask[];
  readonly slots: number;
  readonly prediction: Prediction;
}

/** A bar of the chart. `start` and `end` in seconds, or in units of the median task where no duration is known. */
export interface Bar {
  readonly id: string;
  readonly start: number;
  readonly end: number;
  readonly mark: Mark | null;
  readonly text: string;
}

export interface Track {
  readonly name: string;
  readonly bars: readonly Bar[];
}

export interface Half {
  readonly tracks: readonly Track[];
  readonly end: number;
  readonly unit: 'seconds' | 'tasks';
}

/** One task, for the table. */
export interface TimeRow {
  readonly id: string;
  readonly title: string;
  readonly slot: number | null;
  readonly predicted: string;
  readonly lane: string;
  readonly actual: string;
  readonly why: string;
}

export interface Times {
  readonly predicted: Half;
  /** Null before a run began. */
  readonly actual: Half | null;
  /** Whether both have the same scale. */
  readonly comparable: boolean;
  readonly rows: readonly TimeRow[];
}

/** Which of two stories a timeline tells after a run: what came of it, or what is open now. */
export type Told = 'last' | 'next';

/** The stories there are to tell, the one that is told at first in front: a run that is over leaves the choice while tasks are open. */
export function toldOf(plan: Plan, run: Run | null): readonly Told[] {
  if (run === null) return ['next'];
  if (!isPast(run) || plan.waves.length === 0) return ['last'];
  return run.state === 'landed' ? ['last', 'next'] : ['next', 'last'];
}

/** The prediction for a run as it began, or for the open tasks in as many slots as may work at once. */
export function forecastOf(spec: Spec | null, plan: Plan, run: Run | null, maxParallel: number): Forecast {
  if (run !== null) {
    const tasks = plannedOfRun(run);
    return { run, tasks, slots: run.slots, prediction: predict(tasks, run.slots) };
  }
  const tasks = plannedTasks(spec, plan);
  return { run: null, tasks, slots: maxParallel, prediction: predict(tasks, maxParallel) };
}

const whole = (value: number): string => String(Math.round(value * 10) / 10);
const spanIn = (unit: Half['unit']) => (start: number, end: number): string =>
  (unit === 'seconds' ? `${clock(start)} to ${clock(end)}` : `${whole(start)} to ${whole(end)} tasks`);

/** The predicted half of each forecast as last told: it changes with the unit, not with the seconds that pass. */
const halves = new WeakMap<Forecast, { readonly seconds: number | null; readonly half: Half }>();

function predictedOf(forecast: Forecast, seconds: number | null): Half {
  const last = halves.get(forecast);
  if (last !== undefined && last.seconds === seconds) return last.half;
  const half = predictedHalf(forecast, seconds);
  halves.set(forecast, { seconds, half });
  return half;
}

function predictedHalf({ prediction, slots }: Forecast, seconds: number | null): Half {
  const unit = seconds === null ? 'tasks' : 'seconds';
  const scale = seconds ?? 1;
  const span = spanIn(unit);
  const tracks = Array.from({ length: slots }, (_, slot): Track => ({
    name: `Slot ${slot + 1}`,
    bars: prediction.bars.filter((bar) => bar.slot === slot).map((bar) => ({
      id: bar.id, start: bar.start * scale, end: bar.end * scale, mark: null, text: `predicted ${span(bar.start * scale, bar.end * scale)}, ${waitWords(bar.wait)}`,
    })),
  }));
  return { tracks: tracks.filter((track) => track.bars.length > 0), end: prediction.end * scale, unit };
}

/** `started 0:12 after T004 was done`. */
function waitedText(run: Run, bar: ActualBar): string {
  const last = lastBefore(run, bar.id);
  return last === null ? `started ${clock(bar.start)} into the run` : `started ${clock(bar.start - last.at)} after ${last.id} was done`;
}

function actualHalf(run: Run, bars: readonly ActualBar[]): Half {
  const lanes = [...new Set(bars.map((bar) => bar.lane))];
  const span = spanIn('seconds');
  const tracks = lanes.map((name): Track => ({
    name,
    bars: bars.filter((bar) => bar.lane === name).sort((a, b) => a.start - b.start).map((bar) => {
      const { mark, word } = stateWords[bar.state];
      return { id: bar.id, start: bar.start, end: bar.end, mark, text: `${word.toLowerCase()}, actual ${span(bar.start, bar.end)}, ${waitedText(run, bar)}` };
    }),
  }));
  return { tracks, end: bars.reduce((last, bar) => Math.max(last, bar.end), 0), unit: 'seconds' };
}

/** Both halves of the timeline. `now` in milliseconds ends the bars of tasks that are at work. */
export function timesOf(forecast: Forecast, rows: ReadonlyMap<string, TaskRow>, now: number): Times {
  const { run, tasks, prediction } = forecast;
  const done = run === null ? [] : actualBars(run, now);
  const seconds = unitSeconds(tasks, done);
  const predicted = predictedOf(forecast, seconds);
  const actual = run === null ? null : actualHalf(run, done);
  const doneById = new Map(done.map((bar) => [bar.id, bar]));
  const span = spanIn(predicted.unit);
  const scale = seconds ?? 1;
  return {
    predicted, actual, comparable: actual === null || seconds !== null,
    rows: prediction.bars.map(({ id, slot, start, end, wait }): TimeRow => {
      const bar = doneById.get(id);
      const waited = run !== null && bar !== undefined ? `; ${waitedText(run, bar)}` : '';
      return {
        id, title: rows.get(id)?.title ?? '', slot: slot + 1, predicted: span(start * scale, end * scale), lane: bar?.lane ?? '',
        actual: bar === undefined ? '' : `${spanIn('seconds')(bar.start, bar.end)}, ${stateWords[bar.state].word.toLowerCase()}`, why: `${waitWords(wait)}${waited}`,
      };
    }),
  };
}
