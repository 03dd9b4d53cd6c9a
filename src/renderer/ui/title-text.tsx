/** A title as people wrote it, in which `code` is shown as code. */
import { Fragment } from 'react';
import './title-text.css';

/** Splits a title at pairs of backticks; a lonely one stays as it is. Pieces at odd places are code. */
export function piecesOf(title: string): readonly string[] {
  const pieces = title.split(/`([^`]+)`/);
  return pieces.length % 2 === 1 ? pieces : [title];
}

/** Plain text and code only: a title is foreign text, and nothing else of it is rendered. */
export function TitleText({ title }: { readonly title: string }) {
  if (!title.includes('`')) return <>{title}</>;
  return <>{piecesOf(title).map((piece, index) => (index % 2 === 1 ? <code key={index} className="title-code">{piece}</code> : <Fragment key={index}>{piece}</Fragment>))}</>;
}
