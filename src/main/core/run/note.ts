import type { Evidence } from '../../../shared/domain';
import { describeEnd } from './checks';

const count = (n: number, one: string): string => `${n} ${one}${n === 1 ? '' : 's'}`;
const few = (files: readonly string[]): string => files.slice(0, 3).join(', ') + (files.length > 3 ? ` and ${files.length - 3} more` : '');

/**
 * The one-line proof that is written below a ticked task: when, by whom, what it left, how the agent ended, which checks passed, what the task declared and
 * nobody touched. Nothing in it depends on the order in which agents ended: the same spec gives the same tree, run after run (the lane is in the journal).
 */
export function taskNote(input: {
  readonly at: Date; readonly agent: string; readonly summary: string;
  readonly evidence: Pick<Evidence, 'commits' | 'files' | 'checks' | 'exitCode' | 'signal' | 'untouched'>;
}): string {
  const { commits, files, checks, untouched = [] } = input.evidence;
  const left = files.length === 0 ? 'verification, no change' : `${count(commits.length, 'commit')}, ${count(files.length, 'file')} (${few(files)})`;
  const facts = `${input.at.toISOString().slice(0, 10)} ${input.agent}: ${left}; ${describeEnd(input.evidence)}`;
  const proof = checks.length > 0 ? `; checks passed: ${checks.map((check) => check.command).join(', ')}` : '';
  const missing = untouched.length > 0 ? `; declared but not touched: ${few(untouched)}` : '';
  const summary = input.summary.trim() === '' ? '' : `. ${input.summary.trim()}`;
  return `✅ ${facts}${proof}${missing}${summary}`;
}
