/** What the graph says about an edge, in words. */
import type { Edge } from '../../../shared/domain';

const reasonNames: Readonly<Record<Edge['reason'], string>> = { user: 'yours', explicit: 'explicit', section: 'section', phase: 'phase', order: 'order', mention: 'mention' };

/** Reason and place of an edge: `order, line 33` or, in another file than the task's, `section, plan.md line 4`. */
export function sourceOf(edge: Edge, taskFile: string | null): string {
  const file = edge.file === null || edge.file === taskFile ? '' : `${edge.file} `;
  return edge.line === null ? reasonNames[edge.reason] : `${reasonNames[edge.reason]}, ${file}line ${edge.line}`;
}
