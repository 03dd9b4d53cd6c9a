/** Keeps a viewer's place in a terminal's byte stream, so that loss and repeats show. Pure; knows no terminal. */

/** A run of bytes; `seq` is the stream offset of its first byte. */
export interface Piece {
  readonly seq: number;
  readonly data: Uint8Array;
}

/** What a piece means to a viewer that has read up to `next`. */
export type Step =
  /** Bytes that follow directly; what was read before is trimmed off. */
  | { readonly kind: 'bytes'; readonly data: Uint8Array; readonly next: number }
  /** Nothing new in it. */
  | { readonly kind: 'repeat' }
  /** Bytes in between are missing. */
  | { readonly kind: 'gap' };

/** Says what `piece` adds for a viewer whose next wanted byte has stream offset `next`. */
export function follow(next: number, piece: Piece): Step {
  const end = piece.seq + piece.data.length;
  if (piece.seq > next) return { kind: 'gap' };
  if (end <= next) return { kind: 'repeat' };
  return { kind: 'bytes', data: piece.seq === next ? piece.data : piece.data.subarray(next - piece.seq), next: end };
}

/** How an attachment continues what a viewer shows: `reset` clears the screen first, since the bytes do not join up. */
export interface Join {
  readonly reset: boolean;
  readonly data: Uint8Array;
  readonly next: number;
}

/**
 * Joins an attachment to a viewer that has read up to `next`; null means it has read nothing yet.
 * An attachment that ends before `next` belongs to a stream that began anew, so it starts over too.
 */
export function join(next: number | null, piece: Piece): Join {
  const end = piece.seq + piece.data.length;
  if (next === null) return { reset: false, data: piece.data, next: end };
  if (piece.seq > next || end < next) return { reset: true, data: piece.data, next: end };
  return { reset: false, data: piece.data.subarray(next - piece.seq), next: end };
}

/** Puts pieces of bytes into one array, so that a frame costs one write. */
export function concat(parts: readonly Uint8Array[]): Uint8Array {
  const first = parts[0];
  if (parts.length === 1 && first) return first;
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
