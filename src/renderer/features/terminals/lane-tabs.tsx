import { type KeyboardEvent, useEffect, useRef } from 'react';
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

/** One tab a lane, with its state as a shape. Arrows move and select. */
export function LaneTabs({ cards, selected, paneOf, onSelect }: LaneTabsProps) {
  const list = useRef<HTMLDivElement>(null);
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
    <div className="lane-tabs" ref={list} role="tablist" aria-label="Terminals">
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
  );
}
