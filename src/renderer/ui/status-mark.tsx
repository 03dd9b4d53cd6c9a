import './status-mark.css';

/** The shared set of state shapes; each is told apart by shape as well as by colour. */
export type Mark = 'pending' | 'running' | 'checking' | 'integrating' | 'done' | 'failed' | 'waiting' | 'limited' | 'skipped' | 'conflict' | 'paused';

const circle = <circle cx="8" cy="8" r="5.75" />;
const disc = <circle cx="8" cy="8" r="6.25" fill="currentColor" stroke="none" />;

const shapes: Readonly<Record<Mark, React.ReactNode>> = {
  pending: circle,
  running: <><circle cx="8" cy="8" r="5.75" opacity=".3" /><path d="M8 2.25A5.75 5.75 0 0 1 13.75 8" /></>,
  checking: <><circle cx="8" cy="8" r="5.75" strokeDasharray="2.6 2" /><path d="m5.8 8.2 1.6 1.6 2.9-3.3" /></>,
  integrating: <><circle cx="4.5" cy="3.5" r="1.5" /><circle cx="4.5" cy="12.5" r="1.5" /><circle cx="11.5" cy="9" r="1.5" /><path d="M4.5 5v6M4.5 5c0 3 2 4 5.5 4" /></>,
  done: <>{disc}<path className="mark-cut" d="m5.4 8.2 1.8 1.8 3.5-3.8" /></>,
  failed: <>{disc}<path className="mark-cut" d="m6 6 4 4m0-4-4 4" /></>,
  waiting: <><path d="M2.5 3.5h11v7.5H8l-3 2.5V11H2.5z" fill="currentColor" /><path className="mark-cut" d="M8 5.4v2.2M8 9.2v.1" /></>,
  limited: <>{circle}<path d="M8 4.8V8l2.2 1.4" /></>,
  skipped: <>{circle}<path d="M5.5 8h5" /></>,
  conflict: <><path d="M8 2.5 14 13H2z" fill="currentColor" /><path className="mark-cut" d="M8 6.5v3M8 11.2v.1" /></>,
  paused: <>{circle}<path d="M6.5 6v4M9.5 6v4" /></>,
};

/** Shows a state as a 16 px shape. With `label` it is an image that says the state; without, it is decoration beside a word. */
export function StatusMark({ mark, label, size = 16 }: { readonly mark: Mark; readonly label?: string; readonly size?: number }) {
  const naming = label === undefined ? { 'aria-hidden': true } : { role: 'img', 'aria-label': label };
  return (
    <svg className={`mark mark-${mark}`} width={size} height={size} viewBox="0 0 16 16" fill="none" stroke="currentColor" strokeWidth={1.5} strokeLinecap="round" strokeLinejoin="round" focusable="false" {...naming}>
      {shapes[mark]}
    </svg>
  );
}
