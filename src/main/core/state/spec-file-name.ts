import { createHash } from 'node:crypto';

/** The name of a spec is foreign text: a readable part and a hash make a safe file name of it. */
export function specFileName(spec: string): string {
  const readable = spec.replace(/[^A-Za-z0-9-]+/g, '-').slice(0, 40);
  return `${readable}-${createHash('sha256').update(spec).digest('hex').slice(0, 12)}.json`;
}
