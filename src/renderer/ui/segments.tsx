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

/** The tab list of a `Tabs.Root` above it; the same look as `Segments`, other roles. */
export function SegmentTabs<T extends string>({ label, segments }: { readonly label: string; readonly segments: readonly Segment<T>[] }) {
  return (
    <Tabs.List className="segments" aria-label={label}>
      {segments.map((segment) => <Tabs.Trigger key={segment.value} className="segment" value={segment.value}>{segment.icon}{segment.label}</Tabs.Trigger>)}
    </Tabs.List>
  );
}
