import { useVirtualizer } from '@tanstack/react-virtual';
import { type ReactNode, useEffect, useRef } from 'react';

/** Rows above which only those in sight are in the document. */
const PLAIN_LIMIT = 100;

interface RowsProps {
  readonly count: number;
  /** Pixels; every row has the same height. */
  readonly rowHeight: number;
  readonly label: string;
  readonly className: string;
  /** Row that must be in sight; -1 for none. */
  readonly current: number;
  readonly keyOf: (index: number) => string;
  readonly row: (index: number) => ReactNode;
}

/** A scrolling list: whole while it is short, virtual above 100 rows. */
export function Rows(props: RowsProps) {
  return props.count > PLAIN_LIMIT ? <Virtual {...props} /> : <Plain {...props} />;
}

function Plain({ count, rowHeight, label, className, current, keyOf, row }: RowsProps) {
  const list = useRef<HTMLUListElement>(null);
  useEffect(() => { list.current?.children[current]?.scrollIntoView({ block: 'nearest' }); }, [current]);
  return (
    <ul className={className} aria-label={label} ref={list}>
      {Array.from({ length: count }, (_, index) => <li key={keyOf(index)} style={{ height: rowHeight }}>{row(index)}</li>)}
    </ul>
  );
}

function Virtual({ count, rowHeight, label, className, current, keyOf, row }: RowsProps) {
  const box = useRef<HTMLDivElement>(null);
  const rows = useVirtualizer({ count, getScrollElement: () => box.current, estimateSize: () => rowHeight, overscan: 12 });
  const scrollTo = useRef(rows.scrollToIndex);
  useEffect(() => { if (current >= 0) scrollTo.current(current, { align: 'auto' }); }, [current]);
  return (
    <div className={`${className} rows-virtual`} ref={box}>
      <ul aria-label={label} style={{ height: rows.getTotalSize(), position: 'relative' }}>
        {rows.getVirtualItems().map((item) => (
          <li key={keyOf(item.index)} aria-setsize={count} aria-posinset={item.index + 1} className="rows-placed" style={{ height: rowHeight, transform: `translateY(${item.start}px)` }}>{row(item.index)}</li>
        ))}
      </ul>
    </div>
  );
}
