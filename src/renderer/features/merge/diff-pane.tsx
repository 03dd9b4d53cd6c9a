import { useEffect, useMemo, useRef, useState } from 'react';
import type { ChangedFile } from '../../../shared/domain';
import { Button, IconButton } from '../../ui/button';
import { counted } from '../../ui/format';
import { icons } from '../../ui/icons';
import { Empty, Problem } from '../../ui/message';
import { Segments } from '../../ui/segments';
import { byFolder, neighbour, shownDiff } from './diff-data';
import './diff-pane.css';
import { DiffText } from './diff-text';
import { Counts, PathText, StatusLetter } from './file-bits';
import { FileTree } from './file-tree';
import { taskWords } from './summary';
import { useFileDiff } from './use-report';

interface DiffPaneProps {
  readonly run: string;
  /** Changes when the diff may have: results are fetched again. */
  readonly version: string;
  readonly files: readonly ChangedFile[];
  readonly selected: string | null;
  readonly onSelect: (path: string) => void;
}

const modes = [
  { value: 'split', label: 'Split', icon: <icons.split /> },
  { value: 'unified', label: 'Unified', icon: <icons.unified /> },
] as const;

const layerOf = (node: Element): Element | null => node.closest('[role="dialog"]');

/** J and K go to the next and previous file, while neither text is typed nor another layer lies above. */
function useFileKeys(box: React.RefObject<HTMLElement | null>, go: (step: 1 | -1) => void): void {
  const latest = useRef(go);
  useEffect(() => { latest.current = go; });
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey || !(event.target instanceof Element) || box.current === null) return;
      if (event.target.closest('input, textarea, [contenteditable], .xterm') || layerOf(event.target) !== layerOf(box.current)) return;
      const step = event.key === 'j' ? 1 : event.key === 'k' ? -1 : null;
      if (step === null) return;
      event.preventDefault();
      latest.current(step);
    };
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, [box]);
}

/** Changed files and the difference of the chosen one. */
export function DiffPane({ run, version, files: unsorted, selected, onSelect }: DiffPaneProps) {
  const box = useRef<HTMLDivElement>(null);
  const [mode, setMode] = useState<'split' | 'unified'>('split');
  const [wrap, setWrap] = useState(true);
  const files = useMemo(() => byFolder(unsorted), [unsorted]);
  const file = files.find((entry) => entry.path === selected) ?? files[0] ?? null;
  const paths = files.map((entry) => entry.path);
  const go = (step: 1 | -1): void => {
    const next = neighbour(paths, file?.path ?? null, step);
    if (next !== null) onSelect(next);
  };
  useFileKeys(box, go);
  if (file === null) return <Empty icon={icons.document} title="No file was changed" />;

  return (
    <div className="diff-pane" ref={box}>
      <FileTree files={files} selected={file.path} onSelect={onSelect} />
      <section className="diff-main" aria-label={`Changes in ${file.path}`}>
        <header className="diff-head">
          <StatusLetter file={file} />
          <span className="mono diff-path cut"><PathText file={file} /></span>
          {file.tasks.length === 0 ? null : <span className="chip" title={file.tasks.join(', ')}>{taskWords(file.tasks)}</span>}
          <span className="diff-counts sm"><Counts file={file} /></span>
          <span className="grow" />
          <IconButton small label="Previous file" keys="K" icon={icons.up} unavailable={file === files[0] ? 'This is the first file' : null} onClick={() => go(-1)} />
          <IconButton small label="Next file" keys="J" icon={icons.down} unavailable={file === files[files.length - 1] ? 'This is the last file' : null} onClick={() => go(1)} />
          <IconButton small label="Wrap lines" icon={icons.wrap} pressed={wrap} onClick={() => setWrap(!wrap)} />
          <Segments label="Diff layout" value={mode} segments={modes} onChange={setMode} />
        </header>
        <div className="diff-body"><FileBody key={`${version} ${file.path}`} run={run} path={file.path} split={mode === 'split'} wrap={wrap} /></div>
      </section>
    </div>
  );
}

function FileBody({ run, path, split, wrap }: { readonly run: string; readonly path: string; readonly split: boolean; readonly wrap: boolean }) {
  const { state, again } = useFileDiff(run, path);
  const [insist, setInsist] = useState(false);
  if (state.kind === 'loading') return <p className="diff-note sub" role="status">Reading the changes…</p>;
  if (state.kind === 'failed') return <div className="diff-note"><Problem error={state.error} actions={<Button size="sm" icon={icons.refresh} onClick={again}>Try again</Button>} /></div>;
  const shown = shownDiff(state.value, insist);
  switch (shown.kind) {
    case 'binary':
      return <Empty icon={icons.document} title="Binary file">Its content cannot be shown as text. Open the lane in your editor to look at it.</Empty>;
    case 'same':
      return <Empty icon={icons.document} title="The text is the same">Only the name or the mode of the file changed.</Empty>;
    case 'large':
      return (
        <Empty icon={icons.document} title="A large change" action={shown.never ? undefined : <Button onClick={() => setInsist(true)}>Show it anyway</Button>}>
          {shown.never ? `The difference has ${counted(Math.round(shown.characters / 1_000_000), 'million character', 'million characters')}, too many to show here.` : 'Showing it may take a few seconds; syntax is not coloured.'}
        </Empty>
      );
    case 'text':
      return <DiffText path={path} oldPath={shown.oldPath} before={shown.before} after={shown.after} patch={shown.patch} split={split} wrap={wrap} coloured={shown.coloured} />;
  }
}
