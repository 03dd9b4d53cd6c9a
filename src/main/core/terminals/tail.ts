/** The last lines of a terminal's stream as plain text, for reasons, notes and prompts. */
import { stripControl } from '../../../shared/plain-text';

/** Most characters of a tail (ports.ts, `LaneProcess.tail`). */
export const tailLength = 4000;

/** A line that was redrawn with carriage returns, as progress bars do, counts as its last drawing. */
function lastDrawing(line: string): string {
  let end = line.length;
  while (end > 0 && line[end - 1] === '\r') end -= 1;
  const drawn = line.slice(0, end);
  return drawn.slice(drawn.lastIndexOf('\r') + 1);
}

/** Plain text of terminal bytes without control sequences, at most its last 4,000 characters, whole characters only. */
export function plainTail(bytes: Uint8Array): string {
  const drawn = new TextDecoder('utf-8').decode(bytes).split('\n').map(lastDrawing).join('\n');
  const plain = stripControl(drawn).split('\n').map((line) => line.trimEnd()).join('\n').trimEnd();
  // Cutting between the halves of a surrogate pair would leave a broken character.
  return plain.slice(-tailLength).replace(/^[\udc00-\udfff]/, '');
}
