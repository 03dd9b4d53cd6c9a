import type { ChangedFile } from '../../../shared/domain';
import { blocksOf, grouped, splitPath, statusWords } from './summary';

/** A path with its folder dimmed; a rename says where it came from. */
export function PathText({ file }: { readonly file: ChangedFile }) {
  const { folder, name } = splitPath(file.path);
  return (
    <span className="file-path cut" title={file.oldPath === null ? file.path : `${file.oldPath} → ${file.path}`}>
      <span className="dim">{folder}</span>{name}
      {file.oldPath === null ? null : <span className="dim"> from {splitPath(file.oldPath).name}</span>}
    </span>
  );
}

/** A, M, D, R or T; the word is its accessible name. */
export function StatusLetter({ file }: { readonly file: ChangedFile }) {
  return <span className={`file-status file-status-${file.status}`} role="img" aria-label={statusWords[file.status]} title={statusWords[file.status]}>{file.status}</span>;
}

/** `+118 -47`, or `binary`. */
export function Counts({ file }: { readonly file: Pick<ChangedFile, 'added' | 'removed'> }) {
  if (file.added === null || file.removed === null) return <span className="file-binary dim">binary</span>;
  return (
    <>
      <span className="file-count add">{file.added > 0 ? `+${grouped(file.added)}` : ''}</span>
      <span className="file-count del">{file.removed > 0 ? `-${grouped(file.removed)}` : ''}</span>
    </>
  );
}

/** Five little blocks: the share of added and removed lines. */
export function Blocks({ file }: { readonly file: ChangedFile }) {
  const { added, removed } = blocksOf(file);
  return (
    <span className="file-blocks" aria-hidden="true">
      {[0, 1, 2, 3, 4].map((place) => <i key={place} className={place < added ? 'block-add' : place < added + removed ? 'block-del' : 'block-none'} />)}
    </span>
  );
}
