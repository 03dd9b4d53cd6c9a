import { useMemo, useState } from 'react';
import type { ChangedFile } from '../../../shared/domain';
import { counted } from '../../ui/format';
import { TextField } from '../../ui/text-field';
import { Counts } from './file-bits';
import { splitPath } from './summary';
import { Rows } from './virtual-rows';

type Row = { readonly kind: 'folder'; readonly folder: string } | { readonly kind: 'file'; readonly file: ChangedFile };

/** Files under a line for each folder, in the order given. */
function rowsOf(files: readonly ChangedFile[]): readonly Row[] {
  const rows: Row[] = [];
  let last: string | null = null;
  for (const file of files) {
    const { folder } = splitPath(file.path);
    if (folder !== last && folder !== '') rows.push({ kind: 'folder', folder: folder.slice(0, -1) });
    last = folder;
    rows.push({ kind: 'file', file });
  }
  return rows;
}

interface FileTreeProps {
  readonly files: readonly ChangedFile[];
  readonly selected: string;
  readonly onSelect: (path: string) => void;
}

/** The changed files by folder, with a filter. */
export function FileTree({ files, selected, onSelect }: FileTreeProps) {
  const [filter, setFilter] = useState('');
  const rows = useMemo(() => {
    const wanted = filter.trim().toLowerCase();
    return rowsOf(wanted === '' ? files : files.filter((file) => file.path.toLowerCase().includes(wanted)));
  }, [files, filter]);
  const keyOf = (row: Row | undefined): string => (row === undefined ? '' : row.kind === 'folder' ? `folder ${row.folder}` : row.file.path);
  return (
    <nav className="diff-files" aria-label="Changed files">
      <h3 className="diff-files-head sm">{counted(files.length, 'changed file')}</h3>
      <div className="diff-filter"><TextField label="Filter files" placeholder="Filter files" value={filter} onChange={setFilter} /></div>
      {rows.length === 0 ? <p className="diff-note sub sm">No file matches “{filter.trim()}”.</p> : (
        <Rows
          className="diff-rows" label="Files" count={rows.length} rowHeight={26} current={rows.findIndex((row) => row.kind === 'file' && row.file.path === selected)}
          keyOf={(index) => `${index} ${keyOf(rows[index])}`}
          row={(index) => {
            const row = rows[index];
            if (row === undefined) return null;
            return row.kind === 'folder'
              ? <div className="diff-folder cut" title={row.folder}>{row.folder}</div>
              : <FileButton file={row.file} selected={row.file.path === selected} onSelect={onSelect} />;
          }}
        />
      )}
    </nav>
  );
}

function FileButton({ file, selected, onSelect }: { readonly file: ChangedFile; readonly selected: boolean; readonly onSelect: (path: string) => void }) {
  return (
    <button type="button" className="diff-file" aria-current={selected} onClick={() => onSelect(file.path)} title={file.path}>
      <span className="cut grow">{splitPath(file.path).name}</span>
      <span className="diff-file-counts"><Counts file={file} /></span>
    </button>
  );
}
