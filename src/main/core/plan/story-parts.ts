/** What is said of one story of a phase that it shares with others: it binds that story's tasks, not the whole phase (formats.md section 5: "Joint phases: per story"). */
import type { SourceLine } from '../../../shared/domain';
import type { Part } from './ref-index';
import type { Ref } from './refs';

/** `replaces`: nothing else that phases usually wait for holds it back. */
export interface PartRule extends Part {
  readonly after: Map<number, SourceLine>;
  replaces: boolean;
}

/** Groups of a reference that it names as a whole. */
export const wholeOf = ({ groups, parts }: Ref): readonly number[] => (parts.length === 0 ? groups : groups.filter((group) => !parts.some((part) => part.group === group)));

export class StoryParts {
  private readonly rules = new Map<string, PartRule>();

  all(): readonly PartRule[] {
    return [...this.rules.values()];
  }

  private rule({ group, units }: Part): PartRule {
    const key = `${group}:${units.join(',')}`;
    const rule = this.rules.get(key) ?? { group, units, after: new Map<number, SourceLine>(), replaces: false };
    this.rules.set(key, rule);
    return rule;
  }

  /** It was said to depend on nothing. */
  free(part: Part): void {
    this.rule(part).replaces = true;
  }

  /** The story waits for the phases of `earlier`. Where that is a story beside it, the pairs of their own tasks, `from` after `to`, are returned. */
  wait(part: Part, earlier: Ref, line: SourceLine, replaces: boolean): readonly (readonly [from: number, to: number])[] {
    const rule = this.rule(part);
    for (const other of earlier.groups) {
      if (other === part.group || (earlier.previous && other > part.group)) continue;
      rule.after.set(other, line);
      if (replaces) rule.replaces = true;
    }
    const beside = earlier.parts.find(({ group }) => group === part.group)?.units ?? [];
    const own = part.units.filter((unit) => !beside.includes(unit));
    const others = beside.filter((unit) => !part.units.includes(unit));
    return own.flatMap((from) => others.map((to) => [from, to] as const));
  }
}
