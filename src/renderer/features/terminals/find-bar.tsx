import { useEffect, useRef, useState, useSyncExternalStore } from 'react';
import { IconButton } from '../../ui/button';
import { icons } from '../../ui/icons';
import { TextField } from '../../ui/text-field';
import type { LaneTerminal } from './terminal';

interface FindBarProps {
  readonly terminal: LaneTerminal;
  /** Grows with each request, so that a repeated shortcut selects the text again. */
  readonly requests: number;
  readonly onClose: () => void;
}

/** Searches the output of one lane. */
export function FindBar({ terminal, requests, onClose }: FindBarProps) {
  const [query, setQuery] = useState('');
  const input = useRef<HTMLInputElement>(null);
  const { matches } = useSyncExternalStore(terminal.subscribe, terminal.getStatus);
  useEffect(() => { input.current?.select(); }, [requests]);
  useEffect(() => {
    terminal.find(query, 'next');
    return () => terminal.endFind();
  }, [terminal, query]);

  const count = query === '' ? '' : matches.count === 0 ? 'no match' : matches.index < 0 ? `${matches.count}` : `${matches.index + 1} of ${matches.count}`;
  return (
    <div className="term-find" role="search" aria-label={`Find in ${terminal.lane}`}>
      <icons.search />
      <TextField
        ref={input} label={`Find in ${terminal.lane}`} placeholder={`Find in ${terminal.lane}`} value={query} onChange={setQuery}
        onKeyDown={(event) => {
          if (event.key === 'Enter') terminal.find(query, event.shiftKey ? 'previous' : 'next');
          else if (event.key === 'Escape') onClose();
          else return;
          event.preventDefault();
        }}
      />
      <span className="dim sm term-find-count" role="status">{count}</span>
      <IconButton small label="Previous match" keys="Shift Enter" icon={icons.up} onClick={() => terminal.find(query, 'previous')} />
      <IconButton small label="Next match" keys="Enter" icon={icons.down} onClick={() => terminal.find(query, 'next')} />
      <IconButton small label="Close search" keys="Esc" icon={icons.close} onClick={onClose} />
    </div>
  );
}
