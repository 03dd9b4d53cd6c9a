/** Zod's word on many values of the same few shapes, without the copy that zod makes of each. */
import { z } from 'zod';

/** True where the schema accepts a value as it is: parsing it would succeed and give back an equal one. False where only zod can tell. */
export type Unchanged = (value: unknown) => boolean;

/** Asks zod itself: whatever is no object comes back as the same value where nothing changes it. */
const askZod = (schema: z.core.$ZodType): Unchanged => (value) => {
  const parsed = z.safeParse(schema, value);
  return parsed.success && Object.is(parsed.data, value);
};

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

interface Field {
  readonly name: string;
  readonly accepts: Unchanged;
  readonly needed: boolean;
  /** Kinds of values that need no further look. */
  readonly plain: number;
  /** The field that follows it in the schema, and most likely in a value. */
  next: Field | undefined;
}

function ofObject(shape: Readonly<Record<string, z.core.$ZodType>>): Unchanged {
  const fields = Object.entries(shape).map(([name, schema]): Field => ({ name, accepts: unchanged(schema), needed: defOf(schema).type !== 'optional', plain: plainKinds(schema), next: undefined }));
  fields.forEach((field, at) => { field.next = fields[at + 1]; });
  const byName = new Map(fields.map((field) => [field.name, field]));
  const needed = fields.filter((field) => field.needed).length;
  return (value) => {
    if (!isRecord(value)) return false;
    let missing = needed;
    let next = fields[0];
    for (const name in value) {
      const field = next?.name === name ? next : byName.get(name);
      // A field that the schema does not know is one that zod takes out.
      if (field === undefined) return false;
      const inside = value[name];
      if ((field.plain & kindOf(inside)) === 0 && !field.accepts(inside)) return false;
      if (field.needed) missing -= 1;
      next = field.next;
    }
    return missing === 0;
  };
}

function ofArray(element: z.core.$ZodType): Unchanged {
  const accepts = unchanged(element);
  return (value) => Array.isArray(value) && value.every(accepts);
}

/** Only the option that the field's value names is asked. */
function ofTagged(options: readonly z.core.$ZodType[], tag: string): Unchanged {
  const byTag = new Map(options.flatMap((option) => {
    const accepts = unchanged(option);
    return [...option._zod.propValues?.[tag] ?? []].map((value) => [value as unknown, accepts] as const);
  }));
  return (value) => isRecord(value) && (byTag.get(value[tag])?.(value) ?? false);
}

// As zod's documentation for libraries has it: every schema that its functions make is one of these.
const defOf = (schema: z.core.$ZodType): z.core.$ZodTypes['_zod']['def'] => (schema as z.core.$ZodTypes)._zod.def;

const hasRules = (def: z.core.$ZodTypes['_zod']['def']): boolean => (def.checks?.length ?? 0) > 0 || ('coerce' in def && def.coerce === true);

/** One bit for each kind of value that says enough by itself. */
const kinds = { text: 1, number: 2, flag: 4, nothing: 8 } as const;

function kindOf(value: unknown): number {
  if (typeof value === 'string') return kinds.text;
  if (typeof value === 'number') return Number.isFinite(value) ? kinds.number : 0;
  if (typeof value === 'boolean') return kinds.flag;
  return value === null ? kinds.nothing : 0;
}

/** The kinds of which a schema takes every value as it is. */
function plainKinds(schema: z.core.$ZodType): number {
  const def = defOf(schema);
  if (hasRules(def)) return 0;
  switch (def.type) {
    case 'string': return kinds.text;
    case 'number': return kinds.number;
    case 'boolean': return kinds.flag;
    case 'nullable': return kinds.nothing | plainKinds(def.innerType);
    case 'optional': case 'default': case 'readonly': return plainKinds(def.innerType);
    default: return 0;
  }
}

/**
 * What a schema accepts unchanged, derived from the schema, so that there is nothing to keep in step. Known are the kinds that events are made of; for
 * any other kind, and for what has rules of its own, zod is asked. Made for what JSON can hold; the arrays of `readonly` are not frozen.
 */
export function unchanged(schema: z.core.$ZodType): Unchanged {
  const def = defOf(schema);
  if (hasRules(def)) return askZod(schema);
  switch (def.type) {
    case 'string': return (value) => typeof value === 'string';
    case 'number': return (value) => Number.isFinite(value);
    case 'boolean': return (value) => typeof value === 'boolean';
    case 'literal': case 'enum': {
      const values: ReadonlySet<unknown> = schema._zod.values ?? new Set();
      return (value) => values.has(value);
    }
    case 'nullable': {
      const accepts = unchanged(def.innerType);
      return (value) => value === null || accepts(value);
    }
    case 'optional': case 'default': case 'readonly': return unchanged(def.innerType);
    case 'array': return ofArray(def.element);
    case 'object': return def.catchall === undefined ? ofObject(def.shape) : askZod(schema);
    case 'union': return 'discriminator' in def && typeof def.discriminator === 'string' ? ofTagged(def.options, def.discriminator) : askZod(schema);
    default: return askZod(schema);
  }
}
