/**
 * Tasks that are done although their file has no box for them (formats.md section 6: sidecar): `<git common dir>/braid/progress/<spec>.json`.
 * Written when a run lands, taken back when the landing is.
 */
import { join } from 'node:path';
import { z } from 'zod';
import type { AppError } from '../../../shared/errors';
import { ok, type Result } from '../../../shared/result';
import { readPlainText } from '../plain-file';
import { writeAtomic } from './atomic-write';
import { specFileName } from './spec-file-name';

const doneSchema = z.object({ file: z.string(), id: z.string(), textHash: z.string(), run: z.string(), commit: z.string(), at: z.string() });
const progressSchema = z.object({ version: z.literal(1), spec: z.string(), tasks: z.array(doneSchema).max(50_000) });

/** One task that landed; `file` is relative to the spec folder, `commit` its integration. */
export type DoneTask = z.infer<typeof doneSchema>;

const progressFile = (commonDir: string, spec: string): string => join(commonDir, 'braid', 'progress', specFileName(spec));

/** What landed of a spec; a missing or unreadable file means nothing. */
export async function readProgress(commonDir: string, spec: string): Promise<readonly DoneTask[]> {
  const text = await readPlainText(progressFile(commonDir, spec)).catch(() => null);
  if (text === null) return [];
  try {
    const parsed = progressSchema.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data.tasks : [];
  } catch (cause) {
    if (cause instanceof SyntaxError) return [];
    throw cause;
  }
}

/** Replaces what a run has on record by `tasks`; an empty list takes it back. */
export async function writeProgress(commonDir: string, spec: string, change: { readonly run: string; readonly tasks: readonly DoneTask[] }): Promise<Result<null, AppError>> {
  const before = await readProgress(commonDir, spec);
  if (change.tasks.length === 0 && !before.some((task) => task.run === change.run)) return ok(null);
  const tasks = [...before.filter((task) => task.run !== change.run), ...change.tasks];
  return writeAtomic(progressFile(commonDir, spec), `${JSON.stringify({ version: 1, spec, tasks }, null, 2)}\n`);
}
