import { type ReactNode, memo, useDeferredValue, useMemo, useState } from 'react';
import type { Plan, Spec } from '../../../shared/domain';
import type { Run } from '../../../shared/run';
import { useOptions } from '../../options';
import { type TaskRow, isActive } from '../../tasks';
import { clock } from '../../ui/format';
import { icons } from '../../ui/icons';
import { Empty } from '../../ui/message';
import { Segments } from '../../ui/segments';
import { useNow } from '../../ui/ticker';
import { Chart } from './chart';
import { type Forecast, type Times, type Told, forecastOf, timesOf, toldOf } from './times';
import { TimeTable } from './time-table';
import './timeline.css';

interface TimelineProps {
  /** What it is a timeline of; another name is another one. */
  readonly name: string;
  readonly spec: Spec | null;
  readonly plan: Plan;
  /** A run of this spec; null before there is one. */
  readonly run: Run | null;
  readonly rows: ReadonlyMap<string, TaskRow>;
}

interface FaceProps {
  readonly name: string;
  readonly forecast: Forecast;
  readonly rows: ReadonlyMap<string, TaskRow>;
  readonly critical: ReadonlySet<string>;
  /** The choice between the last and the next run, where there is one. */
  readonly choice: ReactNode;
}

/** A run is foreseen in median tasks; how long one lasts is only known from the run itself, which is said where it is used. */
export function endsWords({ predicted, actual }: Times, units: number, over: boolean): string {
  const foreseen = `as long as ${Math.round(units * 10) / 10} median tasks`;
  if (actual === null || actual.tracks.length === 0) return `Predicted: ${predicted.unit === 'seconds' ? clock(predicted.end) : foreseen}`;
  const pace = predicted.unit === 'seconds' ? `, ${clock(predicted.end)} at the pace of this run` : '';
  return `Predicted: ${foreseen}${pace}; ${over ? 'took' : 'so far'}: ${clock(actual.end)}`;
}

const Face = memo(function Face({ name, forecast, rows, critical, choice, now }: FaceProps & { readonly now: number }) {
  const [face, setFace] = useState<'chart' | 'table'>('chart');
  const times = useMemo(() => timesOf(forecast, rows, now), [forecast, rows, now]);
  return (
    <>
      <div className="plan-bar">
        {choice}
        <span className="time-key"><i className="time-sample is-predicted" />Predicted, {forecast.slots} {forecast.slots === 1 ? 'slot' : 'slots'}</span>
        {times.actual === null ? null : <span className="time-key"><i className="time-sample is-actual" />Actual</span>}
        <span className="time-key"><i className="time-sample is-predicted is-critical" />Critical path</span>
        <span className="grow">{endsWords(times, forecast.prediction.end, forecast.run?.finishedAt != null)}</span>
        <Segments label="Timeline as" value={face} segments={[{ value: 'chart', label: 'Chart' }, { value: 'table', label: 'Table' }]} onChange={setFace} />
      </div>
      {face === 'chart' ? <Chart name={name} times={times} rows={rows} critical={critical} /> : <TimeTable times={times} critical={critical} />}
    </>
  );
});

function Ticking(props: FaceProps) {
  // A chart of thousands of bars is drawn in small steps: a second never holds up what a person does.
  const now = useDeferredValue(useNow());
  return <Face {...props} now={now} />;
}

const stories: readonly { readonly value: Told; readonly label: string }[] = [{ value: 'last', label: 'Last run' }, { value: 'next', label: 'Next run' }];

/** When each task is predicted to run with the slots at hand, beside when it really ran; bars of tasks at work grow. A run that is over stays to be looked at until the next one. */
export function Timeline({ name, spec, plan, run, rows }: TimelineProps) {
  const maxParallel = useOptions()?.maxParallel ?? 1;
  const [chosen, setChosen] = useState<{ readonly run: string; readonly told: Told } | null>(null);
  const told = toldOf(plan, run);
  const shown = chosen !== null && chosen.run === run?.id && told.includes(chosen.told) ? chosen.told : told[0] ?? 'next';
  const of = shown === 'last' ? run : null;
  const forecast = useMemo(() => forecastOf(spec, plan, of, maxParallel), [spec, plan, of, maxParallel]);
  const critical = useMemo(() => new Set(plan.criticalPath), [plan]);
  if (forecast.prediction.bars.length === 0) return <Empty icon={icons.clock} title="Nothing to predict">Every task is done, so there is nothing left to schedule.</Empty>;
  const choice = told.length < 2 || run === null ? null : <Segments label="Timeline of" value={shown} segments={stories} onChange={(next) => setChosen({ run: run.id, told: next })} />;
  const ticks = forecast.run !== null && Object.values(forecast.run.tasks).some((task) => isActive(task.state));
  return ticks ? <Ticking name={name} forecast={forecast} rows={rows} critical={critical} choice={choice} /> : <Face name={name} forecast={forecast} rows={rows} critical={critical} choice={choice} now={Date.parse(forecast.run?.finishedAt ?? '') || Date.now()} />;
}
