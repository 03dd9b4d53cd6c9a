/** What the graph says about an edge, in words. */
import type { Edge } from '../../../shared/domain';

/** How sure an edge is, in a word: 1 is certain, by formats.md section 5. */
export function confidenceWord(confidence: number): string {
  if (confidence >= 0.95) return 'certain';
  if (confidence >= 0.75) return 'very likely';
  return confidence >= 0.6 ? 'likely' : 'a guess';
}

const reasonNames: Readonly<Record<Edge['reason'], string>> = { user: 'yours', explicit: 'explicit', section: 'section', phase: 'phase', order: 'order', mention: 'mention' };

/** Reason and place of an edge: `order, line 33` or, in another file than the task's, `section, plan.md line 4`. */
export function sourceOf(edge: Edge, taskFile: string | null): string {
  const file = edge.file === null || edge.file === taskFile ? '' : `${edge.file} `;
  return edge.line === null ? reasonNames[edge.reason] : `${reasonNames[edge.reason]}, ${file}line ${edge.line}`;
}
