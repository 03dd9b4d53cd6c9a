/** What speaks against a mode that a person chose for a plan (requirements.md, B4): said beside the choice, and before a run. */
import type { RunMode } from './domain';

export interface ModeDoubt {
  /** `sequential`: falls back to one task at a time. `small`: a question, as the mode works all the same. */
  readonly kind: 'sequential' | 'small';
  readonly said: string;
}

/** Fewer open tasks than this give a team nothing to share out. */
const smallestTeam = 4;

/** `waves` hold the open tasks of the run. Null when nothing speaks against the mode. */
export function modeDoubt(mode: RunMode | 'auto', waves: readonly (readonly string[])[]): ModeDoubt | null {
  const count = waves.reduce((sum, wave) => sum + wave.length, 0);
  if (count === 0) return null;
  if (mode === 'parallel' && waves.every((wave) => wave.length < 2)) {
    return { kind: 'sequential', said: count === 1 ? 'Parallel was chosen, but there is only one task: it runs by itself.' : `Parallel was chosen, but all ${count} tasks wait for one another: they run one at a time.` };
  }
  if (mode === 'team' && count < smallestTeam) {
    return { kind: 'small', said: `Team was chosen for ${count === 1 ? 'one task' : `${count} tasks`}: one agent at a time is as fast, with less around it.` };
  }
  return null;
}
