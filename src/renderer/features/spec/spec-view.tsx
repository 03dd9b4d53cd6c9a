import { type RefObject, useCallback, useEffect, useEffectEvent, useRef, useState } from 'react';
import { isChecklist } from '../../../shared/checklists';
import type { Spec, SpecDocument } from '../../../shared/domain';
import type { AppError } from '../../../shared/errors';
import { ask, perform } from '../../bridge';
import { Lost, lostOf } from '../../lost';
import { setUi, setWindow, useStore } from '../../store';
import { Button } from '../../ui/button';
import { counted } from '../../ui/format';
import { icons } from '../../ui/icons';
import { Empty, Problem } from '../../ui/message';
import { useRoving } from '../../ui/roving';
import { Diagnostics } from './diagnostics';
import { DocumentText, type DocumentTextHandle } from './document-text';
import { useKeepPlace } from './keep-place';
import { blockAt } from './line';
import './spec-view.css';

/** `a/../b.md` seen from `folder` as a path inside the spec; null when it leaves it. */
export function resolveDocument(from: string, href: string): string | null {
  const parts = from.split('/').slice(0, -1);
  for (const part of (href.split(/[?#]/)[0] ?? '').split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    else if (parts.pop() === undefined) return null;
  }
  return parts.join('/');
}

interface Loaded {
  readonly path: string;
  readonly text: string | null;
  readonly error: AppError | null;
}

/** The text of a document; read again whenever the spec was, while the old text stays on screen. `before` is called when another one comes. */
function useDocument(spec: Spec, path: string | null, before: () => void): Loaded | null {
  const [loaded, setLoaded] = useState<Loaded | null>(null);
  const onText = useEffectEvent(before);
  useEffect(() => {
    if (path === null) return;
    let current = true;
    void ask('spec.document', { path }).then((result) => {
      if (!current) return;
      onText();
      setLoaded(result.ok ? { path, text: result.value.text, error: null } : { path, text: null, error: result.error });
    });
    return () => { current = false; };
  }, [spec, path]);
  return loaded !== null && loaded.path === path ? loaded : null;
}

/** The block that was marked last: what it says, and the line where it stood. */
interface Target {
  readonly document: string;
  readonly words: string;
  readonly line: number;
}

function mark(body: HTMLElement, block: HTMLElement | undefined): void {
  for (const old of body.querySelectorAll('.is-target')) if (old !== block) old.classList.remove('is-target');
  block?.classList.add('is-target');
}

/** Marks the block that says the same as the marked one did, nearest to where it stood; where it stands now. */
function markAgain(body: HTMLElement, target: Target): Target {
  const far = (block: HTMLElement): number => Math.abs(Number(block.dataset['line']) - target.line);
  const same = [...body.querySelectorAll<HTMLElement>('[data-line]')].filter((block) => block.textContent === target.words);
  const [block] = same.sort((a, b) => far(a) - far(b));
  if (block === undefined) return target;
  mark(body, block);
  return { ...target, line: Number(block.dataset['line']) };
}

/** Brings the line that was asked for into sight once its document is there, marks its block, and forgets the wish. The mark stays on what it stood on when lines move. */
function useFocusLine(loaded: Loaded | null, body: RefObject<HTMLElement | null>, text: RefObject<DocumentTextHandle | null>): () => void {
  const wanted = useStore((state) => state.focusLine);
  const [rendered, setRendered] = useState(0);
  const target = useRef<Target | null>(null);
  useEffect(() => {
    if (wanted !== null || body.current === null || target.current === null || loaded?.path !== target.current.document) return;
    target.current = markAgain(body.current, target.current);
  }, [wanted, loaded, body, rendered]);
  useEffect(() => {
    if (wanted === null || body.current === null || text.current === null || loaded?.path !== wanted.document) return;
    // The part of a long document that holds the line calls again when it is there.
    if (text.current.bring(wanted.line)) return;
    setWindow({ focusLine: null });
    const blocks = [...body.current.querySelectorAll<HTMLElement>('[data-line]')];
    const block = blocks[blockAt(blocks.map((one) => Number(one.dataset['line'])), wanted.line)];
    mark(body.current, block);
    target.current = block === undefined ? null : { document: wanted.document, words: block.textContent, line: Number(block.dataset['line']) };
    block?.scrollIntoView({ block: 'center' });
    body.current.focus({ preventScroll: true });
  }, [wanted, loaded, body, text, rendered]);
  return useCallback(() => setRendered((count) => count + 1), []);
}

function DocumentList({ spec, open }: { readonly spec: Spec; readonly open: string | null }) {
  const { ref, ...roving } = useRoving<HTMLUListElement>();
  return (
    <ul className="documents scroll" aria-label="Documents" ref={ref} {...roving}>
      {spec.documents.map((document) => (
        <li key={document.path}>
          <button type="button" className="nav-item" data-roving="" tabIndex={-1} aria-current={document.path === open ? 'true' : undefined} title={`${document.path}\n${document.title}`} onClick={() => setUi({ document: document.path })}>
            {spec.taskFiles.includes(document.path) ? <icons.tasks /> : <icons.document />}
            <span className="cut">{document.path}</span>
            <span className="nav-end">{document.tasks > 0 ? document.tasks : ''}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}

function DocumentBar({ spec, document }: { readonly spec: Spec; readonly document: SpecDocument }) {
  const isTaskFile = spec.taskFiles.includes(document.path);
  return (
    <div className="document-bar">
      <span className="cut grow"><b>{document.path}</b> <span className="dim">{isTaskFile ? `task file, ${counted(document.tasks, 'task')}` : document.title}</span></span>
      {!isTaskFile && document.tasks > 0 && !isChecklist(document.path) ? <Button size="sm" icon={icons.tasks} onClick={() => void perform('spec.open', { path: spec.folder, file: document.path })}>Use as task file</Button> : null}
      <Button size="sm" icon={icons.edit} onClick={() => void perform('spec.edit', { path: document.path })}>Edit</Button>
    </div>
  );
}

const openDocument = (path: string): void => setUi({ document: path });

/** The documents of the spec, as read. Edits made outside appear here without losing the place. */
export function SpecView() {
  const spec = useStore((state) => state.snapshot?.spec ?? null);
  return spec === null ? <Empty icon={icons.document} title="No spec is open">Choose a spec folder to read its documents here.</Empty> : <Documents spec={spec} />;
}

function Documents({ spec }: { readonly spec: Spec }) {
  const chosen = useStore((state) => state.ui.document);
  const document = spec.documents.find((known) => known.path === chosen) ?? spec.documents.find((known) => spec.taskFiles.includes(known.path)) ?? spec.documents[0] ?? null;
  const body = useRef<HTMLDivElement | null>(null);
  const loaded = useDocument(spec, document?.path ?? null, useKeepPlace(body));
  const text = useRef<DocumentTextHandle | null>(null);
  const onRendered = useFocusLine(loaded, body, text);
  const path = document?.path ?? '';
  const lost = useStore(lostOf);
  const { documents } = spec;
  const documentOf = useCallback((href: string): string | null => {
    const target = resolveDocument(path, href);
    return documents.some((other) => other.path === target) ? target : null;
  }, [path, documents]);
  if (lost !== null && lost.path === path) return <div className="spec-view"><DocumentList spec={spec} open={path} /><Lost error={lost} /></div>;
  return (
    <div className="spec-view">
      <DocumentList spec={spec} open={document?.path ?? null} />
      <section className="document" aria-label="Document">
        {document === null ? <Empty icon={icons.document} title="This folder has no documents" /> : <DocumentBar spec={spec} document={document} />}
        <Diagnostics file={document?.path ?? null} />
        <div className="document-body scroll" ref={body} tabIndex={0} key={document?.path ?? ''}>
          {loaded?.error ? <Problem error={loaded.error} /> : null}
          {loaded?.text === null || loaded?.text === undefined ? null : <DocumentText text={loaded.text} box={body} handle={text} onRendered={onRendered} documentOf={documentOf} onDocument={openDocument} />}
        </div>
      </section>
    </div>
  );
}
