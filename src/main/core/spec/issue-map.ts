/**
 * Issues of a track in the issue tracker `br` (beads): maestro's plan-to-br sync writes `beads_epic_id` and `beads_issue_map` into the track's
 * `metadata.json`, keyed `P<phase>T<task>` (metadata-and-registry.md, br-integration.md of maestro; B3, B25).
 */
import { z } from 'zod';
import type { Task } from '../../../shared/domain';

/** Ids go to a command line, so none may look like an option. */
const issueId = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/);
const metadataSchema = z.object({ beads_epic_id: z.string().min(1), beads_issue_map: z.record(z.string(), z.unknown()) });

/** The tasks' keys: by a number `N.M` of their own, else by their place in their phase. */
function keysOf(tasks: readonly Pick<Task, 'id' | 'phase'>[]): ReadonlyMap<string, string> {
  const counts = new Map<number, number>();
  return new Map(tasks.map(({ id, phase }) => {
    const number = phase?.number ?? (phase?.index ?? 0) + 1;
    const place = (counts.get(number) ?? 0) + 1;
    counts.set(number, place);
    const own = /^(\d+)\.(\d+)$/.exec(id);
    return [id, own ? `P${own[1]}T${own[2]}` : `P${number}T${place}`];
  }));
}

/** Task id -> issue id, for the tasks that have an issue. Empty where the track is not kept in a tracker, or its metadata is not what it should be. */
export function issuesOf(metadata: string, tasks: readonly Pick<Task, 'id' | 'phase'>[]): ReadonlyMap<string, string> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(metadata);
  } catch {
    return new Map();
  }
  const known = metadataSchema.safeParse(parsed);
  if (!known.success) return new Map();
  const issues = new Map(Object.entries(known.data.beads_issue_map));
  return new Map([...keysOf(tasks)].flatMap(([task, key]) => {
    const issue = issueId.safeParse(issues.get(key));
    return issue.success ? [[task, issue.data]] : [];
  }));
}
