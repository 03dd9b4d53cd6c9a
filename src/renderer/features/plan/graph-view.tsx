import { type ReactNode, useCallback, useMemo, useState } from 'react';
import type { Plan } from '../../../shared/domain';
import { listAt } from '../../../shared/list-at';
import { related } from '../../plan-index';
import { selectTask, setWindow, useStore } from '../../store';
import type { TaskRow } from '../../tasks';
import { counted } from '../../ui/format';
import { Switch } from '../../ui/switch';
import type { GroupBox } from './collapse';
import type { Column } from './columns';
import { Graph } from './graph';
import { layOut } from './layout';
import { Legend } from './legend';
import { type Drawn, type Links, drawnOf, isImplied, linksOf } from './links';
import { type Explained, Reasons } from './reasons';
import { LineContext, type Pointed, type Scene, SceneContext, type Tone } from './scene';
import { useSame } from './use-same';

interface GraphViewProps {
  readonly name: string;
  readonly rows: ReadonlyMap<string, TaskRow>;
  readonly plan: Plan;
  readonly columns: readonly Column[];
  /** Name of each task's lane. */
  readonly lanes: ReadonlyMap<string, string>;
  /** Phases or stories that are drawn as one box, where single tasks would be too many. */
  readonly groups?: {
    readonly boxes: ReadonlyMap<string, GroupBox>;
    readonly boxOf: ReadonlyMap<string, string>;
    /** Also of those that are opened. */
    readonly titles: ReadonlyMap<string, string>;
    readonly onOpen: (key: string) => void;
    /** Stands in front of the legend. */
    readonly bar: ReactNode;
  };
}

const noBoxes: ReadonlyMap<string, GroupBox> = new Map();

function useLayout(columns: readonly Column[], drawn: Drawn) {
  const given = {
    columns: columns.map((column) => column.ids),
    lines: drawn.links.map(({ id, task, dependsOn }) => ({ id, from: dependsOn, to: task })),
  };
  const same = useSame(given, JSON.stringify(given));
  return useMemo(() => layOut(same.columns, same.lines), [same]);
}

/** Longer lists of what waits for a task are told by their beginning. */
const holdsTold = 12;

function explain(links: Links, pointed: Pointed | null): Explained {
  if (pointed === null) return { kind: 'nothing' };
  if (pointed.kind === 'task') {
    const { id } = pointed;
    // What still decides is told first.
    const waits = links.links.filter((link) => link.task === id).sort((a, b) => Number(a.satisfied) - Number(b.satisfied));
    const holds = links.links.filter((link) => link.dependsOn === id && !link.redundant).slice(0, holdsTold);
    return { kind: 'task', id, links: [...waits, ...holds], waits: waits.length, clashes: links.clashes.filter((clash) => clash.a === id || clash.b === id) };
  }
  const link = links.links.find((one) => one.id === pointed.id);
  const clash = links.clashes.find((one) => one.id === pointed.id);
  return link ? { kind: 'link', link } : clash ? { kind: 'clash', clash } : { kind: 'nothing' };
}

interface Tones {
  readonly toneOf: (id: string) => Tone;
  readonly lineTone: (id: string) => Tone;
}

/** Which boxes and lines belong to what is pointed at. Boxes fade only while something is pointed at, not for a mere selection. */
function tones(plan: Plan, links: Links, shown: Pointed | null, traced: string | null, fades: boolean): Tones {
  const lit = new Set<string>(traced === null ? [] : [traced]);
  if (shown === null) return { toneOf: () => 'none', lineTone: (id) => (lit.has(id) ? 'at' : 'none') };
  const far: Tone = fades ? 'far' : 'none';
  if (shown.kind === 'task') {
    const { before, after } = related(plan, shown.id);
    if (traced === null) {
      for (const { id, task, dependsOn } of links.links) if (task === shown.id || dependsOn === shown.id) lit.add(id);
      for (const { id, a, b } of links.clashes) if (a === shown.id || b === shown.id) lit.add(id);
    }
    return { toneOf: (id) => (id === shown.id ? 'at' : before.has(id) ? 'before' : after.has(id) ? 'after' : far), lineTone: (id) => (lit.has(id) ? 'at' : 'far') };
  }
  const link = links.links.find((one) => one.id === shown.id);
  const clash = links.clashes.find((one) => one.id === shown.id);
  const ends = link ? [link.task, link.dependsOn] : clash ? [clash.a, clash.b] : [];
  return { toneOf: (id) => (ends.includes(id) ? 'at' : far), lineTone: (id) => (id === shown.id ? 'at' : 'far') };
}

/** What each task waits for in words, by id. */
function waitsOf(links: Links, nameOf: (id: string) => string): (id: string) => string {
  const ids = new Map<string, string[]>();
  for (const link of links.links) if (!link.redundant && !link.satisfied) listAt(ids, link.task).push(link.dependsOn);
  return (id) => { const found = ids.get(id); return found === undefined ? '' : `waits for ${found.map(nameOf).join(', ')}`; };
}

/** The graph of the plan with its legend, and below it the reason of what is pointed at. */
export function GraphView({ name, rows, plan, columns, lanes, groups }: GraphViewProps) {
  const selected = useStore((state) => state.selectedTask);
  const [under, setHovered] = useState<Pointed | null>(null);
  const [pinned, setPinned] = useState<string | null>(null);
  const [traced, setTraced] = useState<string | null>(null);
  const [all, setAll] = useState(false);
  const links = useMemo(() => linksOf(plan, columns.flatMap((column) => column.ids), new Set(columns.flatMap((column) => (column.key === 'before' ? column.ids : [])))), [plan, columns]);
  const drawn = useMemo(() => drawnOf(links, all), [links, all]);
  const layout = useLayout(columns, drawn);
  const boxes = groups?.boxes ?? noBoxes;
  const titles = groups?.titles;
  const nameOf = useCallback((id: string): string => titles?.get(id) ?? id, [titles]);
  const present = useMemo(() => new Set(columns.flatMap((column) => column.ids)), [columns]);
  // A box that is gone tells nobody that the mouse has left it.
  const hovered = under !== null && under.kind === 'task' && !present.has(under.id) ? null : under;
  const holder = selected === null || present.has(selected) ? null : groups?.boxOf.get(selected) ?? null;
  // What was told of a group stays while its box has given way to its tasks.
  const [opened, setOpened] = useState<{ readonly box: string; readonly explained: Explained } | null>(null);
  // In a plan by groups the selected task may have no box of its own.
  const isSelected = selected !== null && present.has(selected);
  const shown = useMemo((): Pointed | null => hovered ?? (pinned !== null ? { kind: 'link', id: pinned } : selected !== null && isSelected ? { kind: 'task', id: selected } : null), [hovered, pinned, selected, isSelected]);
  const fades = hovered !== null || pinned !== null;
  const { toneOf, lineTone } = useMemo(() => tones(plan, links, shown, traced, fades), [plan, links, shown, traced, fades]);
  const told = useMemo(() => ({ lanes, critical: new Set(plan.criticalPath), cyclic: new Set((plan.cycles ?? []).flatMap((cycle) => cycle.path)), waitsOf: waitsOf(links, nameOf) }), [plan, links, lanes, nameOf]);
  const scene = useMemo((): Scene => ({
    rows, ...told, boxes, selected, holder, toneOf, onPoint: setHovered,
    onOpen: (id) => { setOpened({ box: id, explained: explain(links, { kind: 'task', id }) }); setHovered(null); groups?.onOpen(boxes.get(id)?.key ?? ''); },
    onSelect: (id) => { setPinned(null); selectTask(id === selected ? null : id); }, onBox: () => undefined,
  }), [rows, told, boxes, groups, links, selected, holder, toneOf]);
  const looks = new Set([...drawn.links.map((link) => link.style), ...(drawn.clashes.length > 0 ? ['clash'] : []), ...(drawn.links.some((link) => link.cyclic) ? ['circle'] : [])]);
  const implied = links.links.filter(isImplied).length;
  return (
    <>
      <div className="plan-bar">
        {groups?.bar}
        <Legend shown={looks} />
        <span className="grow" />
        {drawn.left === 0 ? null : <span className="dim">{counted(drawn.left, 'line')} not drawn: there are too many. Point at a task to read all of its own.</span>}
        {implied === 0 ? null : <label className="plan-all"><Switch label="All edges" checked={all} onChange={setAll} /><span aria-hidden="true">All edges</span></label>}
      </div>
      <SceneContext value={scene}><LineContext value={lineTone}>
        <Graph name={name} columns={columns} layout={layout} drawn={drawn} onPoint={setHovered} onPin={setPinned} onClear={() => { setPinned(null); setWindow({ selectedTask: null }); }} />
      </LineContext></SceneContext>
      <Reasons explained={shown === null && opened !== null && titles?.has(opened.box) && !present.has(opened.box) ? opened.explained : explain(links, shown)} fileOf={(id) => rows.get(id)?.file ?? null} nameOf={nameOf} isTask={(id) => titles?.has(id) !== true} onTrace={setTraced} />
    </>
  );
}
