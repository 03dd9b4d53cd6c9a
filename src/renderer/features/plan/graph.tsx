/** The one owner of the graph component: boxes at the places of a layout, lines along its routes, pan and zoom. */
import { BaseEdge, type Edge, type EdgeProps, Handle, MiniMap, type Node, type NodeProps, Position, ReactFlow, type ReactFlowInstance, useStore as useFlow, useViewport } from '@xyflow/react';
import '@xyflow/react/dist/base.css';
import { type KeyboardEvent, memo, useContext, useEffect, useEffectEvent, useMemo, useRef, useState } from 'react';
import { IconButton } from '../../ui/button';
import { icons } from '../../ui/icons';
import type { Column } from './columns';
import { type Layout, size, stepFrom } from './layout';
import type { Clash, Drawn, Link } from './links';
import { arcOf, firstView, fitted, headOf, middleOf, pathOf, readable, revealing, type View, zooms } from './routes';
import { LineContext, type Pointed, SceneContext } from './scene';
import { TaskBox } from './task-box';
import './graph.css';

/** Smaller graphs need no map. */
const mapAbove = 60;

type BoxNode = Node<Record<string, never>, 'task'>;
type LineEdge = Edge<{ readonly path: string; readonly head: string | null; readonly look: string }, 'line'>;

const handleAt = (type: 'source' | 'target', x: number) => ({ type, position: type === 'source' ? Position.Right : Position.Left, x, y: size.height / 2, width: 1, height: 1 });
const handles = [handleAt('target', 0), handleAt('source', size.width - 1)];

function BoxView({ id }: NodeProps<BoxNode>) {
  return <><Handle type="target" position={Position.Left} isConnectable={false} /><TaskBox id={id} /><Handle type="source" position={Position.Right} isConnectable={false} /></>;
}

function LineView({ id, data }: EdgeProps<LineEdge>) {
  const lineTone = useContext(LineContext);
  if (data === undefined) return null;
  return (
    <g className={`line line-${data.look} is-${lineTone(id)}`}>
      <BaseEdge path={data.path} interactionWidth={12} />
      {data.head === null ? null : <path className="line-head" d={data.head} />}
    </g>
  );
}

const nodeTypes = { task: BoxView };
const edgeTypes = { line: LineView };

const lookOf = (link: Link): string => `${link.style} ${link.critical ? 'is-critical' : ''} ${link.redundant ? 'is-redundant' : ''} ${link.cyclic ? 'is-cyclic' : ''}`;

function boxesOf(layout: Layout): BoxNode[] {
  const measured = { width: size.width, height: size.height };
  return [...layout.at].map(([id, position]): BoxNode => ({ id, type: 'task', position, ...measured, measured, handles, data: {} }));
}

function linesOf(layout: Layout, links: readonly Link[], clashes: readonly Clash[]): LineEdge[] {
  const hidden = { 'aria-hidden': true };
  const arrows = links.flatMap((link): LineEdge[] => {
    const route = layout.routes.get(link.id);
    return route === undefined ? [] : [{ id: link.id, type: 'line', source: link.dependsOn, target: link.task, domAttributes: hidden, data: { path: pathOf(route), head: headOf(route), look: lookOf(link) } }];
  });
  const arcs = clashes.flatMap(({ id, a, b }): LineEdge[] => {
    const [from, to] = [layout.at.get(a), layout.at.get(b)];
    if (from === undefined || to === undefined) return [];
    const [left, right] = from.x <= to.x ? [from, to] : [to, from];
    const end = { x: left.x === right.x ? right.x + size.width : right.x, y: right.y + size.height - 12 };
    return [{ id, type: 'line', source: a, target: b, domAttributes: hidden, data: { path: arcOf({ x: left.x + size.width, y: left.y + size.height - 12 }, end), head: null, look: 'clash' } }];
  });
  return [...arcs, ...arrows];
}

/** Headings that stay at the top while the columns below them move. */
function Headings({ columns }: { readonly columns: readonly Column[] }) {
  const { x, zoom } = useViewport();
  const pitch = (size.width + size.gapX) * zoom;
  const nth = Math.ceil(64 / pitch);
  return (
    <div className="headings">
      {columns.map((column, index) => {
        const left = index * pitch + x;
        return left < -pitch || left > 4000 ? null : (
          <div key={column.key} className="heading" style={{ left: left - (size.gapX * zoom) / 2, width: pitch, paddingInline: (size.gapX * zoom) / 2 }}>
            {index % nth === 0 ? <b>{column.title}</b> : null}{pitch < 150 ? null : <span className="dim cut">{column.note}</span>}
          </div>
        );
      })}
    </div>
  );
}

/** From afar the texts of the boxes could not be read: then each shows its id, large; from farther away nothing but its state as a colour. */
function FromAfar() {
  const far = useFlow((state) => state.transform[2] < zooms.legible);
  const root = useFlow((state) => state.domNode);
  const specks = useFlow((state) => state.transform[2] < zooms.specks);
  useEffect(() => {
    root?.classList.toggle('is-from-afar', far && !specks);
    root?.classList.toggle('is-specks', specks);
  }, [root, far, specks]);
  return null;
}

const proOptions = { hideAttribution: true };
const mapSize = { width: 150, height: 100 };

type Handlers = Pick<FlowProps, 'onInit' | 'onKeyDown' | 'onMoved' | 'onPin' | 'onPoint'>;

/** The same functions at each turn, which call the newest ones. */
function useStable(newest: Handlers): Handlers {
  const current = useRef(newest);
  useEffect(() => { current.current = newest; });
  const [stable] = useState((): Handlers => ({
    onInit: (flow) => current.current.onInit(flow), onKeyDown: (event) => current.current.onKeyDown(event), onMoved: (view) => current.current.onMoved(view),
    onPin: (link) => current.current.onPin(link), onPoint: (pointed) => current.current.onPoint(pointed),
  }));
  return stable;
}

/** Where each spec was last looked at, for the time the window lives. */
const lastViews = new Map<string, View>();

/** Brings a box into sight and moves the focus to it once it is drawn: only boxes in sight are. */
function useBoxes(layout: Layout, flow: ReactFlowInstance<BoxNode, LineEdge> | null, frame: { readonly current: HTMLElement | null }) {
  const boxes = useRef(new Map<string, HTMLElement>());
  const awaited = useRef<string | null>(null);
  const [onBox] = useState(() => (id: string, box: HTMLElement | null): void => {
    if (box === null) boxes.current.delete(id);
    else boxes.current.set(id, box);
    if (box === null || awaited.current !== id) return;
    awaited.current = null;
    box.focus({ preventScroll: true });
  });
  const focused = (): string | null => [...boxes.current].find(([, box]) => box === document.activeElement)?.[0] ?? null;
  const windowSize = () => ({ width: frame.current?.clientWidth ?? 800, height: frame.current?.clientHeight ?? 400 });
  const reveal = (id: string, into: typeof revealing = revealing): void => {
    const at = layout.at.get(id);
    if (at === undefined || flow === null) return;
    const view = flow.getViewport();
    const next = into(view, { ...at, width: size.width, height: size.height }, windowSize());
    if (next !== view) void flow.setViewport(next);
  };
  const focus = (id: string): void => {
    reveal(id);
    const box = boxes.current.get(id);
    awaited.current = box === undefined ? id : null;
    box?.focus({ preventScroll: true });
  };
  return { onBox, reveal, focus, focused, windowSize };
}

interface FlowProps {
  readonly layout: Layout;
  readonly drawn: Drawn;
  readonly columns: readonly Column[];
  readonly onInit: (flow: ReactFlowInstance<BoxNode, LineEdge>) => void;
  readonly onKeyDown: (event: KeyboardEvent) => void;
  readonly onMoved: (view: View) => void;
  readonly onPin: (link: string | null) => void;
  readonly onPoint: (pointed: Pointed | null) => void;
}

/** The component itself; drawn anew only when the plan is, so all that is passed in must stay the same in between. */
const Flow = memo(function Flow({ layout, drawn, columns, onInit, onKeyDown, onMoved, onPin, onPoint }: FlowProps) {
  const nodes = useMemo(() => boxesOf(layout), [layout]);
  const edges = useMemo(() => linesOf(layout, drawn.links, drawn.clashes), [layout, drawn]);
  const on = useMemo(() => ({
    enter: (_event: unknown, edge: LineEdge) => onPoint({ kind: 'link', id: edge.id }), leave: () => onPoint(null),
    pin: (_event: unknown, edge: LineEdge) => onPin(edge.id), letGo: () => onPin(null), moved: (_event: unknown, view: View) => onMoved(view),
  }), [onPoint, onPin, onMoved]);
  return (
    <ReactFlow<BoxNode, LineEdge> nodes={nodes} edges={edges} nodeTypes={nodeTypes} edgeTypes={edgeTypes} onInit={onInit} onMoveEnd={on.moved}
      aria-label="Plan graph" tabIndex={0} onKeyDown={onKeyDown} minZoom={zooms.least} maxZoom={zooms.most} onlyRenderVisibleElements
      nodesDraggable={false} nodesConnectable={false} nodesFocusable={false} edgesFocusable={false} elementsSelectable={false} disableKeyboardA11y
      deleteKeyCode={null} selectionKeyCode={null} multiSelectionKeyCode={null} panActivationKeyCode={null} panOnScroll zoomOnDoubleClick={false} proOptions={proOptions}
      onEdgeMouseEnter={on.enter} onEdgeMouseLeave={on.leave} onEdgeClick={on.pin} onPaneClick={on.letGo}>
      <Headings columns={columns} />
      <FromAfar />
      {nodes.length > mapAbove ? <MiniMap pannable zoomable ariaLabel="Map of the plan" style={mapSize} /> : null}
    </ReactFlow>
  );
});

interface GraphProps {
  /** Names the graph: another one starts with a view of its own. */
  readonly name: string;
  readonly columns: readonly Column[];
  readonly layout: Layout;
  readonly drawn: Drawn;
  readonly onPin: (link: string | null) => void;
  readonly onClear: () => void;
  readonly onPoint: (pointed: Pointed | null) => void;
}

/** The plan as a graph. One tab stop: arrows walk from task to task, Enter selects, + - 0 zoom, Esc lets go. */
export function Graph({ name, columns, layout, drawn, onPin, onClear, onPoint }: GraphProps) {
  const scene = useContext(SceneContext);
  const frame = useRef<HTMLDivElement | null>(null);
  const last = useRef<string | null>(null);
  const [flow, setFlow] = useState<ReactFlowInstance<BoxNode, LineEdge> | null>(null);
  const { onBox, reveal, focus, focused, windowSize } = useBoxes(layout, flow, frame);
  const { selected } = scene;
  const toShow = scene.holder ?? selected;
  // What was selected here is where the person looks; selected elsewhere, it comes into a view in which it can be read.
  const here = useRef<string | null>(null);
  // Only a new selection moves the view: what changes in the files must not.
  const onSelected = useEffectEvent((id: string) => {
    reveal(id, here.current === id ? revealing : readable);
    here.current = null;
  });
  useEffect(() => { if (toShow !== null && flow !== null) onSelected(toShow); }, [toShow, flow]);
  const fit = (): void => { if (flow !== null) void flow.setViewport(fitted(layout, windowSize())); };
  const begin = (instance: ReactFlowInstance<BoxNode, LineEdge>): void => {
    setFlow(instance);
    const heights = (layout.columns[0] ?? []).map((id) => (layout.at.get(id)?.y ?? 0) + size.height / 2);
    const middle = { x: 0, y: middleOf(heights) };
    void instance.setViewport(lastViews.get(name) ?? firstView(layout, windowSize(), middle));
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const at = focused();
    const next = at === null && event.key.startsWith('Arrow') ? last.current ?? selected ?? stepFrom(layout, null, event.key) : stepFrom(layout, at, event.key);
    if (next !== null) {
      last.current = next;
      focus(next);
    } else if (event.key === '+' || event.key === '=') void flow?.zoomIn();
    else if (event.key === '-') void flow?.zoomOut();
    else if (event.key === '0') fit();
    else if (event.key === 'Escape') onClear();
    else return;
    event.preventDefault();
  };
  const stable = useStable({ onInit: begin, onKeyDown, onMoved: (view: View) => { lastViews.set(name, view); }, onPin, onPoint });
  const inside = useMemo(() => ({ ...scene, onBox, onSelect: (id: string) => { here.current = id; scene.onSelect(id); } }), [scene, onBox]);
  return (
    <div className="graph" ref={frame}>
      <SceneContext value={inside}><Flow layout={layout} drawn={drawn} columns={columns} {...stable} /></SceneContext>
      <div className="graph-tools">
        <IconButton small label="Zoom in" keys="+" icon={icons.plus} onClick={() => void flow?.zoomIn()} />
        <IconButton small label="Zoom out" keys="-" icon={icons.minus} onClick={() => void flow?.zoomOut()} />
        <IconButton small label="Show all" keys="0" icon={icons.maximize} onClick={fit} />
      </div>
    </div>
  );
}
