import type { Edge } from '../../../shared/domain';
import { override, useOverrides } from '../../overrides';
import { goToLine } from '../../store';
import { Button } from '../../ui/button';
import type { Clash, Link } from './links';
import { confidenceWord } from '../../tasks';
import { sourceOf } from './phrases';
import './reasons.css';

/** What is being explained: one line of the graph, or a task with all its lines. */
export type Explained =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'clash'; readonly clash: Clash }
  | { readonly kind: 'link'; readonly link: Link }
  | { readonly kind: 'task'; readonly id: string; /** What it waits for, then what waits for it. */ readonly links: readonly Link[]; /** How many of them it waits for. */ readonly waits: number; readonly clashes: readonly Clash[] };

interface ReasonsProps {
  readonly explained: Explained;
  /** File of each task, relative to the spec folder. */
  readonly fileOf: (id: string) => string | null;
  /** Called with the link whose reason has the focus or the mouse. */
  readonly onTrace: (link: string | null) => void;
}

const Id = ({ id }: { readonly id: string }) => <b className="mono">{id}</b>;

function Source({ edge, file }: { readonly edge: Edge; readonly file: string | null }) {
  return (
    <>
      <span className="sub">: {sourceOf(edge, file)}{edge.text === '' ? '' : ': '}</span>
      {edge.text === '' ? null : <q className="sub selectable">{edge.text}</q>}
      <span className="dim">, {confidenceWord(edge.confidence)}</span>
    </>
  );
}

function LinkReason({ link, file, onTrace }: { readonly link: Link; readonly file: string | null; readonly onTrace: ReasonsProps['onTrace'] }) {
  const { of, unavailable } = useOverrides();
  const isYours = of(link.task, link.dependsOn) === 'add';
  const [first, ...others] = link.edges;
  const place = link.edges.find((edge) => edge.file !== null && edge.line !== null);
  return (
    <li className="reason" onMouseEnter={() => onTrace(link.id)} onMouseLeave={() => onTrace(null)} onFocus={() => onTrace(link.id)} onBlur={() => onTrace(null)}>
      <span className="grow">
        <Id id={link.task} /> waits for <Id id={link.dependsOn} />
        {first === undefined ? <span className="sub">: through tasks that were done before their turn</span> : <Source edge={first} file={file} />}
        {others.length === 0 ? null : <span className="dim">; also {others.map((edge) => sourceOf(edge, file)).join('; ')}</span>}
        {link.redundant ? <span className="dim">; follows from other dependencies</span> : null}
      </span>
      {place?.file == null || place.line === null ? null : <Button size="sm" kind="ghost" onClick={() => { if (place.file !== null && place.line !== null) goToLine(place.file, place.line); }}>Go to line</Button>}
      {first === undefined ? null : <Button size="sm" kind="ghost" unavailable={unavailable} aria-label={isYours ? `Undo your dependency of ${link.task} on ${link.dependsOn}` : `Remove the dependency of ${link.task} on ${link.dependsOn}`} onClick={() => void override(link.task, link.dependsOn, isYours ? 'reset' : 'remove')}>{isYours ? 'Undo' : 'Remove'}</Button>}
    </li>
  );
}

const ClashReason = ({ clash }: { readonly clash: Clash }) => (
  <li className="reason"><span className="grow"><Id id={clash.a} /> and <Id id={clash.b} /> never run at the same time<span className="sub">: both touch {clash.paths.map((path, index) => <span key={path}>{index === 0 ? '' : ', '}<code>{path}</code></span>)}; either may go first</span></span></li>
);

/** The foot of the graph: why the line or the task that is pointed at waits, with the words of the spec. */
export function Reasons({ explained, fileOf, onTrace }: ReasonsProps) {
  if (explained.kind === 'nothing') return <footer className="reasons dim">Point at a line or a task to see what waits for what, and why. Arrow keys walk through the graph, Enter selects.</footer>;
  const links = explained.kind === 'task' ? explained.links : explained.kind === 'link' ? [explained.link] : [];
  const clashes = explained.kind === 'task' ? explained.clashes : explained.kind === 'clash' ? [explained.clash] : [];
  return (
    <footer className="reasons" aria-live="polite">
      <ul aria-label={explained.kind === 'task' ? `Dependencies of ${explained.id}` : 'Dependency'}>
        {explained.kind === 'task' && explained.waits === 0 ? <li><Id id={explained.id} /> waits for no other task.</li> : null}
        {links.map((link) => <LinkReason key={link.id} link={link} file={fileOf(link.task)} onTrace={onTrace} />)}
        {clashes.map((clash) => <ClashReason key={clash.id} clash={clash} />)}
      </ul>
    </footer>
  );
}
