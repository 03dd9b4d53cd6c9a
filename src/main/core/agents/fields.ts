/** Reads fields of foreign JSON without trusting its shape. */

/** The object behind a key; empty when there is none. */
export function objectAt(value: unknown, key: string): Readonly<Record<string, unknown>> {
  const found = fieldAt(value, key);
  // Any object that is no array can be read by key.
  return typeof found === 'object' && found !== null && !Array.isArray(found) ? (found as Record<string, unknown>) : {};
}

/** The text behind a key; empty when there is none. */
export function textAt(value: unknown, key: string): string {
  const found = fieldAt(value, key);
  return typeof found === 'string' ? found : '';
}

/** The finite number behind a key, or null. */
export function numberAt(value: unknown, key: string): number | null {
  const found = fieldAt(value, key);
  return typeof found === 'number' && Number.isFinite(found) ? found : null;
}

/** The list behind a key; empty when there is none. */
export function listAt(value: unknown, key: string): readonly unknown[] {
  const found = fieldAt(value, key);
  return Array.isArray(found) ? found : [];
}

function fieldAt(value: unknown, key: string): unknown {
  // Own fields only: a key such as "constructor" must not reach the prototype.
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key) ? (value as Record<string, unknown>)[key] : undefined;
}
