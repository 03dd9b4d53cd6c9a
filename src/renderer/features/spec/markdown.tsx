/** The one owner of Markdown rendering. The text is hostile: no raw HTML, no images fetched, no links followed. */
import { memo, useMemo, useState } from 'react';
import Markdown, { type Components } from 'react-markdown';
import remarkGfm from 'remark-gfm';
import { Button } from '../../ui/button';
import { copyText } from '../../ui/clipboard';
import { Dialog } from '../../ui/dialog';
import { icons } from '../../ui/icons';
import './markdown.css';

/** The parts of a Markdown tree that are needed to say where its blocks begin. */
interface Block {
  readonly type: string;
  readonly position?: { readonly start: { readonly line: number } } | undefined;
  readonly children?: readonly Block[];
  data?: { hProperties?: Record<string, unknown> } | undefined;
}

const marked: ReadonlySet<string> = new Set(['heading', 'paragraph', 'listItem', 'code', 'blockquote', 'tableRow', 'thematicBreak']);

/** Gives each rendered block `data-line`, the 1-based line of the file where it begins; the text begins at `first`. */
function markLines({ first }: { readonly first: number }) {
  const mark = (block: Block): void => {
    if (block.position !== undefined && marked.has(block.type)) block.data = { ...block.data, hProperties: { ...block.data?.hProperties, dataLine: block.position.start.line + first - 1 } };
    for (const child of block.children ?? []) mark(child);
  };
  return mark;
}

interface Follow {
  /** The document of the spec that a relative address leads to; null when there is none. */
  readonly documentOf: (href: string) => string | null;
  readonly onDocument: (path: string) => void;
  readonly onAddress: (address: string) => void;
}

/** Where a link leads: a document of the spec, a page outside that can be shown as text, or nowhere. */
export function destination(href: string, documentOf: Follow['documentOf']): { readonly kind: 'document' | 'page'; readonly to: string } | null {
  if (/^https:\/\//i.test(href)) return { kind: 'page', to: href };
  if (href === '' || /^(?:[a-z][a-z0-9+.-]*:|#|\/)/i.test(href)) return null;
  const path = documentOf(href);
  return path === null ? null : { kind: 'document', to: path };
}

function components({ documentOf, onDocument, onAddress }: Follow): Components {
  return {
    // Only what leads somewhere looks like a link.
    a: ({ href = '', children }) => {
      const found = destination(href, documentOf);
      if (found === null) return <span title={href}>{children}</span>;
      return <button type="button" className="md-link" title={href} onClick={() => (found.kind === 'page' ? onAddress : onDocument)(found.to)}>{children}</button>;
    },
    img: ({ alt, src }) => <span className="md-image" title={typeof src === 'string' ? src : ''}>[Image: {alt || 'no description'}]</span>,
    input: ({ checked }) => <span className={`md-box ${checked ? 'is-on' : ''}`} role="img" aria-label={checked ? 'Done' : 'Open'}>{checked ? <icons.check width={12} height={12} strokeWidth={2.25} /> : null}</span>,
    table: ({ children }) => <div className="md-table"><table>{children}</table></div>,
  };
}

/** Shows where a link leads, and lets it be copied: Braid itself opens no pages. */
function AddressDialog({ address, onClose }: { readonly address: string | null; readonly onClose: () => void }) {
  const copy = (): void => { if (address !== null) void copyText(address).then(onClose); };
  return (
    <Dialog open={address !== null} onClose={onClose} title="Link out of this spec" description="Braid opens no pages. Read the address, then copy it to your browser if you trust it."
      footer={<><span className="grow" /><Button onClick={onClose}>Cancel</Button><Button kind="primary" icon={icons.copy} onClick={copy}>Copy link</Button></>}>
      <p className="md-address mono selectable">{address}</p>
    </Dialog>
  );
}

interface MarkdownTextProps extends Pick<Follow, 'documentOf' | 'onDocument'> {
  readonly text: string;
  /** 1-based line of the file where the text begins. */
  readonly line: number;
}

/** Renders a document, or a part of one. */
export const MarkdownText = memo(function MarkdownText({ text, line, documentOf, onDocument }: MarkdownTextProps) {
  const [address, setAddress] = useState<string | null>(null);
  const drawn = useMemo(() => components({ documentOf, onDocument, onAddress: setAddress }), [documentOf, onDocument]);
  return (
    <>
      <div className="md selectable"><Markdown remarkPlugins={[remarkGfm, [markLines, { first: line }]]} components={drawn}>{text}</Markdown></div>
      <AddressDialog address={address} onClose={() => setAddress(null)} />
    </>
  );
});
