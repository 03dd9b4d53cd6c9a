import type { Evidence } from '../../../shared/domain';

const count = (n: number, one: string): string => `${n} ${one}${n === 1 ? '' : 's'}`;

/** The one-line proof that is written below a ticked task: when, by whom, what it left, which checks passed. */
export function taskNote(input: { at: Date; agent: string; lane: string; evidence: Pick<Evidence, 'commits' | 'files' | 'checks'>; summary: string }): string {
  const { commits, files, checks } = input.evidence;
  const named = files.slice(0, 3).join(', ') + (files.length > 3 ? ` and ${files.length - 3} more` : '');
  const facts = `${input.at.toISOString().slice(0, 10)} ${input.agent} in ${input.lane}: ${count(commits.length, 'commit')}, ${count(files.length, 'file')} (${named})`;
  const proof = checks.length > 0 ? `; checks passed: ${checks.map((check) => check.command).join(', ')}` : '';
  const summary = input.summary.trim() === '' ? '' : `. ${input.summary.trim()}`;
  return `✅ ${facts}${proof}${summary}`;
}
