import { selectTask, useStore } from '../../store';
import type { Times } from './times';
import { TitleText } from '../../ui/title-text';

/** Longer tables are cut; the list of waves has every task. */
const rowsShown = 1000;

/** The timeline in words and numbers. */
export function TimeTable({ times, critical }: { readonly times: Times; readonly critical: ReadonlySet<string> }) {
  const selected = useStore((state) => state.selectedTask);
  const withRun = times.actual !== null;
  const left = times.rows.length - rowsShown;
  return (
    <div className="time-table scroll" tabIndex={0} role="region" aria-label="Timeline table">
      <table>
        <thead><tr><th scope="col">Task</th><th scope="col">Slot</th><th scope="col">Predicted</th>{withRun ? <><th scope="col">Lane</th><th scope="col">Actual</th></> : null}<th scope="col">Why then</th></tr></thead>
        <tbody>
          {times.rows.slice(0, rowsShown).map((row) => (
            <tr key={row.id} aria-current={row.id === selected ? 'true' : undefined}>
              <th scope="row"><button type="button" aria-pressed={row.id === selected} onClick={() => selectTask(row.id === selected ? null : row.id)}><b className="mono">{row.id}</b> <TitleText title={row.title} /></button>{critical.has(row.id) ? <> <span className="chip">critical</span></> : null}</th>
              <td>{row.slot}</td><td>{row.predicted}</td>{withRun ? <><td>{row.lane}</td><td>{row.actual}</td></> : null}<td>{row.why}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {left > 0 ? <p className="chart-note">{left} more tasks are not in this table.</p> : null}
    </div>
  );
}
