import { DiffModeEnum, DiffView } from '@git-diff-view/react';
import '@git-diff-view/react/styles/diff-view-pure.css';
import './diff-text.css';
import { memo, useMemo } from 'react';

interface DiffTextProps {
  readonly path: string;
  readonly oldPath: string;
  readonly before: string;
  readonly after: string;
  /** Unified diff of the one file, as git prints it. */
  readonly patch: string;
  readonly split: boolean;
  readonly wrap: boolean;
  readonly coloured: boolean;
}

/** The one owner of the diff component: a file's change, side by side or in one column. Colours come from the tokens. */
export const DiffText = memo(function DiffText({ path, oldPath, before, after, patch, split, wrap, coloured }: DiffTextProps) {
  const data = useMemo(
    () => ({ oldFile: { fileName: oldPath, content: before }, newFile: { fileName: path, content: after }, hunks: [patch] }),
    [path, oldPath, before, after, patch],
  );
  return (
    <div className="diff-text selectable">
      <DiffView
        data={data} diffViewMode={split ? DiffModeEnum.Split : DiffModeEnum.Unified} diffViewWrap={wrap}
        diffViewHighlight={coloured} diffViewTheme="light" diffViewFontSize={12} diffViewAddWidget={false}
      />
    </div>
  );
});
