import { useStore } from '../../store';
import { Callout } from '../../ui/message';

/** What the reader and the planner noticed in a file; those without a file are shown with every one. */
export function Diagnostics({ file }: { readonly file: string | null }) {
  const diagnostics = useStore((state) => state.snapshot?.diagnostics);
  const shown = (diagnostics ?? []).filter((diagnostic) => diagnostic.file === null || diagnostic.file === file);
  if (shown.length === 0) return null;
  return (
    <div className="diagnostics">
      {shown.map((diagnostic, index) => (
        <Callout key={`${diagnostic.code}:${diagnostic.line ?? index}`} tone={diagnostic.severity} title={diagnostic.line === null ? diagnostic.message : `Line ${diagnostic.line}: ${diagnostic.message}`}>
          {diagnostic.hint ?? undefined}
        </Callout>
      ))}
    </div>
  );
}
