/** The checkpoint of a phase in the plan of a track, as conductor writes it: `## Phase 1: Title [checkpoint: 1a2b3c4]`. All other bytes stay as they are. */
import { phaseHeading } from './headings';
import { scan } from './scan';

/** The plan with the short commit behind the headings of these phases; a heading that has a checkpoint keeps it, bytes that are not UTF-8 stay alone. */
export function markCheckpoint(content: Buffer, mark: { readonly phases: readonly string[]; readonly sha: string }): Buffer {
  const text = content.toString('utf8');
  if (!Buffer.from(text).equals(content)) return content;
  const lines = text.split('\n');
  const found = scan(text).rows.filter((row) => row.kind === 'heading' && !/\[checkpoint:/i.test(row.heading.text)
    && mark.phases.some((phase) => row.heading.text === phase || phaseHeading(row.heading.text)?.title === phase));
  for (const { number } of found) {
    const line = lines[number - 1] ?? '';
    lines[number - 1] = line.replace(/[ \t]*(\r?)$/, ` [checkpoint: ${mark.sha}]$1`);
  }
  return found.length === 0 ? content : Buffer.from(lines.join('\n'));
}
