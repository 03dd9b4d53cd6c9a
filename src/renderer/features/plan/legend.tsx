/** What the kinds of lines mean. */
const kinds = [
  ['written', 'Written in the spec', null], ['usual', 'By phase or order', '6 4'], ['mention', 'Mentioned', '1.5 3.5'], ['user', 'Yours', null], ['clash', 'Shares a file', '8 3 2 3'],
] as const;

/** The kinds of lines that the graph has, each with its sample; the critical path always. */
export function Legend({ shown }: { readonly shown: ReadonlySet<string> }) {
  return (
    <ul className="legend" aria-label="Lines">
      <li><svg className="line is-critical" width="22" height="8" aria-hidden="true"><path d="M0 4h22" stroke="currentColor" strokeWidth="3" /></svg>Critical path</li>
      {shown.has('circle') ? <li><svg className="line is-cyclic" width="22" height="8" aria-hidden="true"><path d="M0 4h22" stroke="currentColor" strokeWidth="3" /></svg>Circle</li> : null}
      {kinds.filter(([look]) => shown.has(look)).map(([look, words, dashes]) => (
        <li key={look}><svg className={`line line-${look}`} width="22" height="8" aria-hidden="true"><path d="M0 4h22" stroke="currentColor" strokeWidth="1.75" {...(dashes === null ? {} : { strokeDasharray: dashes })} /></svg>{words}</li>
      ))}
    </ul>
  );
}
