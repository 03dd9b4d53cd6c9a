/** The text of one document. A long one is drawn part by part, only where it is in sight: rendering 5,000 lines at once takes seconds. */
import { useVirtualizer } from '@tanstack/react-virtual';
import { type RefObject, memo, startTransition, useCallback, useEffect, useImperativeHandle, useMemo, useState } from 'react';
import { useAnchor } from '../../ui/anchor';
import { type Chunk, chunkAt, chunksOf, renamed, textsOf, unnamed } from './chunks';
import { MarkdownText } from './markdown';
import './document-text.css';

/** Px of a line, for parts that were not drawn yet. */
const lineHeight = 27;

export interface DocumentTextHandle {
  /** Brings the part that holds a line of the file onto the page; false when it was there and rendered already. */
  readonly bring: (line: number) => boolean;
}

interface DocumentTextProps {
  readonly text: string;
  /** What scrolls. */
  readonly box: RefObject<HTMLElement | null>;
  readonly handle: RefObject<DocumentTextHandle | null>;
  /** Called when a part was rendered. */
  readonly onRendered: () => void;
  readonly documentOf: (href: string) => string | null;
  readonly onDocument: (path: string) => void;
}

interface PartProps extends Pick<DocumentTextProps, 'documentOf' | 'onDocument' | 'onRendered'> {
  readonly chunk: Chunk;
}

/** Shows the bare text for the moment that rendering takes, so that scrolling never waits for it. */
const Part = memo(function Part({ chunk, onRendered, ...follow }: PartProps) {
  const [ready, setReady] = useState(false);
  useEffect(() => { startTransition(() => setReady(true)); }, []);
  useEffect(() => { if (ready) onRendered(); }, [ready, onRendered]);
  if (!ready) return <pre className="part-text">{chunk.text}</pre>;
  return <div data-rendered={chunk.line}><MarkdownText text={chunk.text} line={chunk.line} {...follow} /></div>;
});

/** Renders a document inside `box`. */
export function DocumentText({ text, box, handle, ...rest }: DocumentTextProps) {
  const chunks = useMemo(() => chunksOf(text), [text]);
  const [named, setNamed] = useState(unnamed);
  if (named.chunks !== chunks) setNamed(renamed(named, chunks));
  const names = named.chunks === chunks ? named.names : undefined;
  const isLong = chunks.length > 1;
  const virtualizer = useVirtualizer<HTMLElement, Element>({
    enabled: isLong, count: chunks.length, overscan: 1, getScrollElement: () => box.current,
    estimateSize: useCallback((index: number) => (chunks[index]?.lines ?? 1) * lineHeight, [chunks]),
    getItemKey: useCallback((index: number) => names?.[index] ?? index, [names]),
  });
  useAnchor({ virtualizer, box, ids: useMemo(() => textsOf(chunks), [chunks]), preferred: null });
  useImperativeHandle(handle, () => ({
    bring: (line) => {
      const index = chunkAt(chunks, line);
      if (box.current?.querySelector(`[data-rendered="${chunks[index]?.line ?? 0}"]`)) return false;
      virtualizer.scrollToIndex(index, { align: 'center' });
      return true;
    },
  }), [chunks, box, virtualizer]);
  const [first] = chunks;
  if (!isLong) return first === undefined ? null : <div data-rendered={first.line}><MarkdownText text={first.text} line={first.line} documentOf={rest.documentOf} onDocument={rest.onDocument} /></div>;
  return (
    <div className="parts" style={{ height: virtualizer.getTotalSize() }}>
      {virtualizer.getVirtualItems().map(({ index, start, key }) => {
        const chunk = chunks[index];
        return chunk === undefined ? null : <div key={key} ref={virtualizer.measureElement} data-index={index} className="part" style={{ transform: `translateY(${start}px)` }}><Part chunk={chunk} {...rest} /></div>;
      })}
    </div>
  );
}
