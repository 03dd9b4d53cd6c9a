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
  /** How a box is called: a task by its id, a phase or story by its title. */
  readonly nameOf: (id: string) => string;
  /** Whether a box is one task, whose dependencies can be changed. */
  readonly isTask: (id: string) => boolean;
  /** Called with the link whose reason has the focus or the mouse. */
  readonly onTrace: (link: string | null) => void;
}

/** Other reasons of a pair that are told. */
const alsoTold = 6;

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

function LinkReason({ link, file, nameOf, isTask, onTrace }: { readonly link: Link; readonly file: string | null } & Pick<ReasonsProps, 'nameOf' | 'isTask' | 'onTrace'>) {
  const { of, unavailable } = useOverrides();
  const isYours = of(link.task, link.dependsOn) === 'add';
  const [first, ...others] = link.edges;
  const place = link.edges.find((edge) => edge.file !== null && edge.line !== null);
  return (
    <li className="reason" onMouseEnter={() => onTrace(link.id)} onMouseLeave={() => onTrace(null)} onFocus={() => onTrace(link.id)} onBlur={() => onTrace(null)}>
      <span className="grow">
        <Id id={nameOf(link.task)} /> waits for <Id id={nameOf(link.dependsOn)} />
        {first === undefined ? <span className="sub">: through tasks that were done before their turn</span> : <Source edge={first} file={file} />}
        {others.length === 0 ? null : <span className="dim">; also {others.slice(0, alsoTold).map((edge) => sourceOf(edge, file)).join('; ')}{others.length > alsoTold ? ` and ${others.length - alsoTold} more` : ''}</span>}
        {link.redundant ? <span className="dim">; follows from other dependencies</span> : null}
      </span>
      {place?.file == null || place.line === null ? null : <Button size="sm" kind="ghost" onClick={() => { if (place.file !== null && place.line !== null) goToLine(place.file, place.line); }}>Go to line</Button>}
      {first === undefined || !isTask(link.task) || !isTask(link.dependsOn) ? null : <Button size="sm" kind="ghost" unavailable={unavailable} aria-label={isYours ? `Undo your dependency of ${link.task} on ${link.dependsOn}` : `Remove the dependency of ${link.task} on ${link.dependsOn}`} onClick={() => void override(link.task, link.dependsOn, isYours ? 'reset' : 'remove')}>{isYours ? 'Undo' : 'Remove'}</Button>}
    </li>
  );
}

const ClashReason = ({ clash }: { readonly clash: Clash }) => (
  <li className="reason"><span className="grow"><Id id={clash.a} /> and <Id id={clash.b} /> never run at the same time<span className="sub">: both touch {clash.paths.map((path, index) => <span key={path}>{index === 0 ? '' : ', '}<code>{path}</code></span>)}; either may go first</span></span></li>
);

/** The foot of the graph: why the line or the task that is pointed at waits, with the words of the spec. */
export function Reasons({ explained, fileOf, nameOf, isTask, onTrace }: ReasonsProps) {
  if (explained.kind === 'nothing') return <footer className="reasons dim">Point at a line or a task to see what waits for what, and why. Arrow keys walk through the graph, Enter selects.</footer>;
  const links = explained.kind === 'task' ? explained.links : explained.kind === 'link' ? [explained.link] : [];
  const clashes = explained.kind === 'task' ? explained.clashes : explained.kind === 'clash' ? [explained.clash] : [];
  return (
    <footer className="reasons" aria-live="polite">
      <ul aria-label={explained.kind === 'task' ? `Dependencies of ${nameOf(explained.id)}` : 'Dependency'}>
        {explained.kind === 'task' && explained.waits === 0 ? <li><Id id={nameOf(explained.id)} /> waits for no other {isTask(explained.id) ? 'task' : 'group'}.</li> : null}
        {links.map((link) => <LinkReason key={link.id} link={link} file={fileOf(link.task)} nameOf={nameOf} isTask={isTask} onTrace={onTrace} />)}
        {clashes.map((clash) => <ClashReason key={clash.id} clash={clash} />)}
      </ul>
    </footer>
  );
}
