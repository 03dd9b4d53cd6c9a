/** What stands uncommitted in a lane although no agent made it (setup or a check did): kept on disk, as it must outlive Braid. */
import { join } from 'node:path';
import { z } from 'zod';
import type { AppError } from '../../../shared/errors';
import type { Result } from '../../../shared/result';
import { readPlainText } from '../plain-file';
import type { Uncommitted } from '../git/evidence';
import { writeAtomic } from '../state/atomic-write';
import type { RunFolder } from '../state/run-folder';
import { slug } from './names';

const schema = z.array(z.tuple([z.string(), z.string()]));

/** Path of a lane's record. */
export const disownedFile = (folder: RunFolder, lane: string): string => join(folder.path, 'disowned', `${slug(lane)}.json`);

/** Keeps what stands uncommitted in a lane now. */
export const writeDisowned = (path: string, known: Uncommitted): Promise<Result<null, AppError>> => writeAtomic(path, JSON.stringify([...known]));

/** What was kept; nothing where no setup and no check ran. */
export async function readDisowned(path: string): Promise<Uncommitted> {
  try {
    const parsed = schema.safeParse(JSON.parse(await readPlainText(path)));
    return new Map(parsed.success ? parsed.data : []);
  } catch {
    // Missing: nothing was disowned.
    return new Map();
  }
}
