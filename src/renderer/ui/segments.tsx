import { RadioGroup, Tabs } from 'radix-ui';
import type { ReactNode } from 'react';
import './segments.css';

interface Segment<T extends string> {
  readonly value: T;
  readonly label: string;
  readonly icon?: ReactNode;
}

interface SegmentsProps<T extends string> {
  readonly label: string;
  readonly value: T;
  readonly segments: readonly Segment<T>[];
  readonly onChange: (value: T) => void;
}

/** One of a few values as a radio group. */
export function Segments<T extends string>({ label, value, segments, onChange }: SegmentsProps<T>) {
  const choose = (next: string): void => {
    const chosen = segments.find((segment) => segment.value === next);
    if (chosen) onChange(chosen.value);
  };
  return (
    <RadioGroup.Root className="segments" aria-label={label} value={value} onValueChange={choose} orientation="horizontal">
      {segments.map((segment) => <RadioGroup.Item key={segment.value} className="segment" value={segment.value} aria-label={segment.label}>{segment.icon}{segment.label}</RadioGroup.Item>)}
    </RadioGroup.Root>
  );
}

interface SegmentTabsProps<T extends string> {
  readonly label: string;
  /** The same as that of the `Tabs.Root`. */
  readonly value: T;
  readonly segments: readonly Segment<T>[];
}

/**
 * The tab list of a `Tabs.Root` above it; the same look as `Segments`, other roles. The chosen tab is the tab stop: left to itself,
 * the primitive makes the list one after a click and then shows no focus.
 */
export function SegmentTabs<T extends string>({ label, value, segments }: SegmentTabsProps<T>) {
  return (
    <Tabs.List className="segments" aria-label={label} tabIndex={-1}>
      {segments.map((segment) => <Tabs.Trigger key={segment.value} className="segment" value={segment.value} tabIndex={segment.value === value ? 0 : -1}>{segment.icon}{segment.label}</Tabs.Trigger>)}
    </Tabs.List>
  );
}
