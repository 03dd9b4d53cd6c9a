import { useSyncExternalStore } from 'react';
import { describeError } from '../../../shared/errors';
import { Button, IconButton } from '../../ui/button';
import { icons } from '../../ui/icons';
import { StatusMark } from '../../ui/status-mark';
import { Tip } from '../../ui/tooltip';
import { copyText } from '../../ui/clipboard';
import type { LaneCard } from './lanes';
import type { LaneTerminal } from './terminal';

/** Bars below a screen: a clicked address, keys that did not arrive, why the lane stands still. */
export function Strips({ card, terminal }: { readonly card: LaneCard; readonly terminal: LaneTerminal }) {
  const { address, problem } = useSyncExternalStore(terminal.subscribe, terminal.getStatus);
  return (
    <>
      {address === null ? null : (
        <div className="term-strip" role="group" aria-label="Link">
          <icons.external />
          <span className="grow term-address selectable">{address}</span>
          <Button size="sm" icon={icons.copy} onClick={() => { void copyText(address); terminal.dismiss(); }}>Copy link</Button>
          <IconButton small label="Dismiss" icon={icons.close} onClick={() => terminal.dismiss()} />
        </div>
      )}
      {problem === null ? null : (
        <div className="term-strip strip-failed" role="alert">
          <StatusMark mark="failed" size={14} />
          <span className="grow">{describeError(problem).title} {describeError(problem).detail}</span>
          <IconButton small label="Dismiss" icon={icons.close} onClick={() => terminal.dismiss()} />
        </div>
      )}
      {card.strip === null ? null : (
        <div className={`term-strip strip-${card.strip.mark}`}>
          <StatusMark mark={card.strip.mark} size={14} />
          <Tip text={card.strip.text} side="top"><span className="grow term-why">{card.strip.text}</span></Tip>
        </div>
      )}
    </>
  );
}
