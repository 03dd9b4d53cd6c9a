import { useMemo } from 'react';
import type { Diagnostic } from '../../../shared/domain';
import { inOrder, noticed, severityWord } from '../../diagnostics';
import { goToLine, setWindow, useStore } from '../../store';
import { icons } from '../../ui/icons';
import { useRoving } from '../../ui/roving';
import './diagnostics.css';

/** Longer lists are told by their worst; a file with more has one cause that repeats. */
const listed = 300;

const drawnAs = { error: icons.alert, warning: icons.warning, info: icons.info } as const;
const none: readonly Diagnostic[] = [];

function placeOf({ file, line }: Diagnostic, open: string | null): string {
  const at = line === null ? '' : `line ${line}`;
  return file === null || file === open ? at : [file, at].filter(Boolean).join(', ');
}

function Entry({ diagnostic, open }: { readonly diagnostic: Diagnostic; readonly open: string | null }) {
  const { severity, file, line, code, message, hint } = diagnostic;
  const Drawn = drawnAs[severity];
  const place = placeOf(diagnostic, open);
  const said = (
    <>
      <Drawn width={14} height={14} />
      <span className="diagnostic-text"><span className="sr">{severityWord[severity]}: </span>{place === '' ? null : <b>{place}: </b>}{message}{hint === null ? null : <span className="sub"> {hint}</span>}</span>
      <code className="diagnostic-code">{code}</code>
    </>
  );
  // What concerns no line leads nowhere.
  if (file === null || line === null) return <div className={`diagnostic is-${severity} selectable`}>{said}</div>;
  return <button type="button" className={`diagnostic is-${severity}`} data-roving="" tabIndex={-1} title="Go to line" onClick={() => goToLine(file, line)}>{said}</button>;
}

/** What was noticed in the files and in the plan: counts by severity, and below them each with its line, code and hint. Open by itself where there are errors. */
export function Diagnostics({ file }: { readonly file: string | null }) {
  const diagnostics = useStore((state) => state.snapshot?.diagnostics ?? none);
  const wish = useStore((state) => state.diagnosticsOpen);
  const { ref, ...roving } = useRoving<HTMLUListElement>();
  const sorted = useMemo(() => inOrder(diagnostics), [diagnostics]);
  const found = noticed(diagnostics);
  if (found === null) return null;
  const open = wish ?? found.worst === 'error';
  const Drawn = drawnAs[found.worst];
  return (
    <section className={`diagnostics is-${found.worst}`} aria-label="Diagnostics">
      <button type="button" className="diagnostics-head" aria-expanded={open} onClick={() => setWindow({ diagnosticsOpen: !open })}>
        <Drawn width={14} height={14} /><span className="grow">{found.text}</span>{open ? <icons.down width={14} height={14} /> : <icons.right width={14} height={14} />}
      </button>
      {open ? (
        <ul className="diagnostics-list scroll" aria-label="Diagnostics" ref={ref} {...roving}>
          {sorted.slice(0, listed).map((diagnostic, index) => <li key={index}><Entry diagnostic={diagnostic} open={file} /></li>)}
          {sorted.length > listed ? <li className="diagnostic dim">And {sorted.length - listed} more. braid plan lists all of them.</li> : null}
        </ul>
      ) : null}
    </section>
  );
}
