/**
 * Short hash of a task's own line, to find it again after edits. Two FNV-1a lanes of 32 bits: not for secrets, but fast
 * enough for ten thousand lines within a few milliseconds. Returns 14 hexadecimal digits at most.
 */
export function hashText(text: string): string {
  let low = 0x811c9dc5;
  let high = 0x1b873593;
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    low = Math.imul(low ^ code, 0x01000193);
    high = Math.imul(high ^ (code + i), 0x85ebca6b);
  }
  return (low >>> 0).toString(16).padStart(8, '0') + ((high ^ (high >>> 15)) >>> 8).toString(16).padStart(6, '0');
}
