/** The one owner of Markdown rendering. The text is hostile: no raw HTML, no images fetched, no links followed. */
import { memo } from 'react';
import Markdown, { type Components } from 'react-markdown';
import remarkGfm from 'remark-gfm';
import { icons } from '../../ui/icons';
import './markdown.css';

const plugins = [remarkGfm];

function components(onDocument: (href: string) => boolean): Components {
  return {
    // A link to another document of the spec opens it; any other shows where it leads and leads nowhere.
    a: ({ href = '', children }) => href !== '' && !/^[a-z][a-z0-9+.-]*:|^#|^\//i.test(href)
      ? <button type="button" className="md-link" title={href} onClick={() => onDocument(href)}>{children}</button>
      : <span className="md-address" title={href}>{children}</span>,
    img: ({ alt, src }) => <span className="md-image" title={typeof src === 'string' ? src : ''}>[Image: {alt || 'no description'}]</span>,
    input: ({ checked }) => <span className={`md-box ${checked ? 'is-on' : ''}`} role="img" aria-label={checked ? 'Done' : 'Open'}>{checked ? <icons.check width={12} height={12} strokeWidth={2.25} /> : null}</span>,
    table: ({ children }) => <div className="md-table"><table>{children}</table></div>,
  };
}

interface MarkdownTextProps {
  readonly text: string;
  /** Called with the relative address of a document; false when the spec has no such document. */
  readonly onDocument: (href: string) => boolean;
}

/** Renders one document. Front matter is left out: it is for programs. */
export const MarkdownText = memo(function MarkdownText({ text, onDocument }: MarkdownTextProps) {
  const body = text.replace(/^\uFEFF?---\r?\n[\s\S]*?\r?\n---[ \t]*(?:\r?\n|$)/, '');
  return <div className="md selectable"><Markdown remarkPlugins={plugins} components={components(onDocument)}>{body}</Markdown></div>;
});
