/** Checkpoints that a task file states as text and not as a box: `**Checkpoint**: User Story 1 works by itself` (spec-kit's template). */
import { scan } from './scan';

export interface CheckpointLine {
  readonly title: string;
  /** 1-based. */
  readonly line: number;
}

const stated = /^[\s>*_-]*Checkpoint[*_\s]*[:：][*_\s]*(.+)$/i;

/** The checkpoints that a Markdown text states, in its order; boxes and headings are none. Linear in its size. */
export function checkpointLines(text: string): readonly CheckpointLine[] {
  return scan(text).rows.flatMap((row) => {
    const title = row.kind === 'text' ? stated.exec(row.visible)?.[1]?.trim() : undefined;
    return title === undefined || title === '' ? [] : [{ title: `Checkpoint: ${title}`, line: row.number }];
  });
}
