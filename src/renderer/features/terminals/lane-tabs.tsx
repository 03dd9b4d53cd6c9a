import { type KeyboardEvent, type RefObject, useEffect, useRef, useState } from 'react';
import { icons } from '../../ui/icons';
import { StatusMark } from '../../ui/status-mark';
import type { LaneCard } from './lanes';

interface LaneTabsProps {
  readonly cards: readonly LaneCard[];
  readonly selected: string;
  /** Id of the pane that shows a lane; null while it is not shown. */
  readonly paneOf: (lane: string) => string | null;
  readonly onSelect: (lane: string) => void;
}

const steps: Readonly<Record<string, number>> = { ArrowLeft: -1, ArrowRight: 1 };

/** On which sides of a row that scrolls something is out of sight; looked at again when `count` changes. */
function useHidden(list: RefObject<HTMLElement | null>, count: number): { readonly left: boolean; readonly right: boolean } {
  const [hidden, setHidden] = useState({ left: false, right: false });
  useEffect(() => {
    const element = list.current;
    if (element === null) return undefined;
    const look = (): void => {
      const left = element.scrollLeft > 1;
      const right = element.scrollLeft + element.clientWidth < element.scrollWidth - 1;
      setHidden((before) => (before.left === left && before.right === right ? before : { left, right }));
    };
    const observer = new ResizeObserver(look);
    observer.observe(element);
    element.addEventListener('scroll', look, { passive: true });
    look();
    return () => {
      observer.disconnect();
      element.removeEventListener('scroll', look);
    };
  }, [list, count]);
  return hidden;
}

/** Scrolls by most of what is in sight. For the pointer only: the arrow keys reach every tab. */
function Scroller({ list, to, off }: { readonly list: RefObject<HTMLElement | null>; readonly to: 'left' | 'right'; readonly off: boolean }) {
  const Drawn = icons[to];
  const scroll = (): void => list.current?.scrollBy({ left: (to === 'left' ? -0.8 : 0.8) * list.current.clientWidth, behavior: 'auto' });
  return <button type="button" className="lane-scroll" tabIndex={-1} aria-hidden="true" disabled={off} onClick={scroll}><Drawn width={14} height={14} /></button>;
}

/** One tab a lane, with its state as a shape. Arrows move and select. */
export function LaneTabs({ cards, selected, paneOf, onSelect }: LaneTabsProps) {
  const list = useRef<HTMLDivElement>(null);
  const { left, right } = useHidden(list, cards.length);
  useEffect(() => { list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest', inline: 'nearest' }); }, [selected]);
  const onKeyDown = (event: KeyboardEvent<HTMLElement>, index: number): void => {
    const step = steps[event.key];
    const to = step !== undefined ? (index + step + cards.length) % cards.length : event.key === 'Home' ? 0 : event.key === 'End' ? cards.length - 1 : null;
    const card = to === null ? undefined : cards[to];
    if (!card) return;
    event.preventDefault();
    onSelect(card.name);
    const tab = event.currentTarget.parentElement?.children[to ?? 0];
    if (tab instanceof HTMLElement) tab.focus();
  };
  return (
    <div className="lane-bar">
      {left || right ? <Scroller list={list} to="left" off={!left} /> : null}
      <div className={`lane-tabs ${left ? 'more-left' : ''} ${right ? 'more-right' : ''}`} ref={list} role="tablist" aria-label="Terminals">
        {cards.map((card, index) => {
          const pane = paneOf(card.name);
          return (
            <button
              key={card.name} type="button" role="tab" className="lane-tab" aria-selected={card.name === selected} tabIndex={card.name === selected ? 0 : -1}
              title={`${card.name}: ${card.label}`} {...(pane === null ? {} : { 'aria-controls': pane })}
              onClick={() => onSelect(card.name)} onKeyDown={(event) => onKeyDown(event, index)}
            >
              <StatusMark mark={card.mark} size={14} />
              {card.name}
            </button>
          );
        })}
      </div>
      {left || right ? <Scroller list={list} to="right" off={!right} /> : null}
    </div>
  );
}
