/** A person's own edges, beside the repository's data and never in the spec: `<git common dir>/braid/overrides/<spec>.json`. */
import { join } from 'node:path';
import { z } from 'zod';
import type { EdgeOverride } from '../../../shared/domain';
import type { AppError } from '../../../shared/errors';
import type { Result } from '../../../shared/result';
import { readPlainText } from '../plain-file';
import { writeAtomic } from './atomic-write';
import { specFileName } from './spec-file-name';

const overridesSchema = z.object({
  version: z.literal(1),
  spec: z.string(),
  edges: z.array(z.object({ task: z.string(), dependsOn: z.string(), kind: z.enum(['add', 'remove']) })).max(10_000),
});

const overridesFile = (commonDir: string, spec: string): string => join(commonDir, 'braid', 'overrides', specFileName(spec));

function parse(text: string): readonly EdgeOverride[] {
  try {
    const parsed = overridesSchema.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data.edges : [];
  } catch (cause) {
    if (cause instanceof SyntaxError) return [];
    throw cause;
  }
}

/** The overrides of a spec; a missing or unreadable file means none. */
export async function readOverrides(commonDir: string, spec: string): Promise<readonly EdgeOverride[]> {
  const text = await readPlainText(overridesFile(commonDir, spec)).catch(() => null);
  return text === null ? [] : parse(text);
}

/** Sets or takes back (`reset`) the person's word on one pair. */
export async function writeOverride(
  commonDir: string, spec: string, change: { readonly task: string; readonly dependsOn: string; readonly kind: 'add' | 'remove' | 'reset' },
): Promise<Result<null, AppError>> {
  const { task, dependsOn, kind } = change;
  const others = (await readOverrides(commonDir, spec)).filter((edge) => edge.task !== task || edge.dependsOn !== dependsOn);
  const edges = kind === 'reset' ? others : [...others, { task, dependsOn, kind }];
  return writeAtomic(overridesFile(commonDir, spec), `${JSON.stringify({ version: 1, spec, edges }, null, 2)}\n`);
}
