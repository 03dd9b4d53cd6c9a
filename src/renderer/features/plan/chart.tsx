import { type RefObject, memo, useEffect, useRef, useState } from 'react';
import { selectTask, setWindow, useStore } from '../../store';
import type { TaskRow } from '../../tasks';
import { clock } from '../../ui/format';
import { useRoving } from '../../ui/roving';
import { useScrollMemory } from '../../ui/scroll-memory';
import { marksOf } from './actual';
import type { Bar, Half, Times, Track } from './times';

/** Widths in px: the names at the left, a task of median length at least, the whole chart at most, marks of the axis, and bars with an id at least. */
const width = { names: 136, task: 44, most: 60_000, mark: 72, label: 34 } as const;

/** With more bars only those in sight are drawn. */
const drawnWhole = 300;

interface Sight {
  readonly left: number;
  readonly width: number;
}

/** What part of the chart is in sight, in steps, so that a scroll does not draw at every pixel. */
function useSight(box: RefObject<HTMLElement | null>): Sight {
  const [sight, setSight] = useState<Sight>({ left: 0, width: 800 });
  useEffect(() => {
    const element = box.current;
    if (element === null) return;
    const look = (): void => {
      const next = { left: Math.floor(element.scrollLeft / 200) * 200, width: element.clientWidth };
      setSight((last) => (last.left === next.left && last.width === next.width ? last : next));
    };
    const observer = new ResizeObserver(look);
    observer.observe(element);
    element.addEventListener('scroll', look, { passive: true });
    look();
    return () => {
      observer.disconnect();
      element.removeEventListener('scroll', look);
    };
  }, [box]);
  return sight;
}

interface Scales {
  /** Px per second or unit of each half. */
  readonly predicted: number;
  readonly actual: number;
  readonly width: number;
}

/** Both halves share a scale where they can be compared; each fills the room there is, and grows beyond it for the sake of its shortest tasks. */
function scalesOf({ predicted, actual, comparable }: Times, room: number): Scales {
  const count = predicted.tracks.reduce((sum, track) => sum + track.bars.length, 0);
  const length = predicted.tracks.reduce((sum, track) => sum + track.bars.reduce((all, bar) => all + bar.end - bar.start, 0), 0);
  const least = length > 0 ? width.task * count / length : 1;
  const fit = (end: number, low: number): number => Math.min(Math.max(room / Math.max(end, 1e-6), low), width.most / Math.max(end, 1e-6));
  const shared = fit(Math.max(predicted.end, comparable ? actual?.end ?? 0 : 0), least);
  const own = comparable ? shared : fit(actual?.end ?? 1, 0);
  return { predicted: shared, actual: own, width: Math.max(predicted.end * shared, (actual?.end ?? 0) * own, room) };
}

interface HalfProps {
  readonly title: string;
  readonly half: Half;
  readonly scale: number;
  readonly sight: Sight | null;
  readonly rows: ReadonlyMap<string, TaskRow>;
  readonly critical: ReadonlySet<string>;
  readonly selected: string | null;
  readonly onPoint: (bar: Bar | null) => void;
}

function Axis({ half, scale, sight }: Pick<HalfProps, 'half' | 'scale' | 'sight'>) {
  const marks = marksOf(half.end, width.mark / scale, half.unit);
  const inSight = (x: number): boolean => sight === null || (x > sight.left - 400 && x < sight.left + sight.width + 400);
  return <div className="axis" aria-hidden="true">{marks.filter((mark) => inSight(mark * scale)).map((mark) => <span key={mark} style={{ left: mark * scale }}>{half.unit === 'seconds' ? clock(mark) : mark}</span>)}</div>;
}

const widthOf = (bar: Bar, scale: number): number => Math.max(3, (bar.end - bar.start) * scale - 2);

function TrackRow({ track, scale, sight, rows, critical, selected, onPoint }: Omit<HalfProps, 'title' | 'half'> & { readonly track: Track }) {
  const bars = sight === null ? track.bars : track.bars.filter((bar) => bar.end * scale > sight.left - 400 && bar.start * scale < sight.left + sight.width + 400);
  return (
    <div className="track" role="group" aria-label={track.name}>
      <span className="track-name cut" title={track.name} aria-hidden="true">{track.name}</span>
      <div className="track-bars">
        {bars.map((bar) => (
          <button key={`${bar.id}:${bar.start}`} type="button" data-roving="" tabIndex={-1} className={`bar ${bar.mark === null ? 'bar-predicted' : `bar-${bar.mark}`} ${critical.has(bar.id) ? 'is-critical' : ''}`} aria-pressed={bar.id === selected}
            style={{ left: bar.start * scale, width: widthOf(bar, scale) }} aria-label={`${bar.id} ${rows.get(bar.id)?.title ?? ''}, ${bar.text}${critical.has(bar.id) ? ', on the critical path' : ''}`}
            onMouseEnter={() => onPoint(bar)} onMouseLeave={() => onPoint(null)} onFocus={() => onPoint(bar)} onBlur={() => onPoint(null)} onClick={() => selectTask(bar.id === selected ? null : bar.id)}>
            {widthOf(bar, scale) < width.label ? null : bar.id}
          </button>
        ))}
      </div>
    </div>
  );
}

/** Not drawn anew by a second that passes, unless it is of the half that grows. */
const HalfView = memo(function HalfView({ title, half, scale, ...rest }: HalfProps) {
  return (
    <section className="half" aria-label={title}>
      <div className="half-head"><h3>{title}</h3><Axis half={half} scale={scale} sight={rest.sight} /></div>
      {half.tracks.map((track) => <TrackRow key={track.name} track={track} scale={scale} {...rest} />)}
    </section>
  );
});

/** The timeline as bars: predicted slots above, the lanes of the run below. Pointing at a bar says its times and why it waited. */
export function Chart({ name, times, rows, critical }: { readonly name: string; readonly times: Times; readonly rows: ReadonlyMap<string, TaskRow>; readonly critical: ReadonlySet<string> }) {
  const selected = useStore((state) => state.selectedTask);
  const [pointed, setPointed] = useState<Bar | null>(null);
  const box = useRef<HTMLDivElement | null>(null);
  const sight = useSight(box);
  useScrollMemory(box, `chart ${name}`);
  const { ref, ...roving } = useRoving<HTMLDivElement>();
  const scales = scalesOf(times, Math.max(200, sight.width - width.names - 24));
  const { predicted, actual } = times;
  const count = [...predicted.tracks, ...(actual?.tracks ?? [])].reduce((sum, track) => sum + track.bars.length, 0);
  const shared = { sight: count > drawnWhole ? sight : null, rows, critical, selected, onPoint: setPointed };
  const ofSelected = [...(actual?.tracks ?? []), ...predicted.tracks].flatMap((track) => track.bars).filter((bar) => bar.id === selected);
  const told = pointed === null ? ofSelected : [pointed];
  return (
    <>
      <div className="chart scroll" ref={box}>
        <div ref={ref} {...roving} style={{ width: scales.width + width.names + 8 }} onKeyDown={(event) => { if (event.key === 'Escape') setWindow({ selectedTask: null }); else roving.onKeyDown(event); }}>
          <HalfView title="Predicted" half={predicted} scale={scales.predicted} {...shared} />
          {actual === null ? null : <HalfView title="Actual" half={actual} scale={scales.actual} {...shared} />}
          {actual !== null && actual.tracks.length === 0 ? <p className="chart-note">No task has started yet.</p> : null}
          {times.comparable || actual?.tracks.length === 0 ? null : <p className="chart-note">The scales differ until the first task is done: before that nothing says how long a task takes.</p>}
        </div>
      </div>
      <footer className="reasons" aria-live="polite">
        {told.length === 0 ? <p className="dim">Point at a bar to see its times and why it waited.</p> : told.map((bar) => (
          <p key={`${bar.id}:${bar.text}`}><b className="mono">{bar.id}</b> {rows.get(bar.id)?.title} <span className="sub">{bar.text}{critical.has(bar.id) ? ', on the critical path' : ''}</span></p>
        ))}
      </footer>
    </>
  );
}
