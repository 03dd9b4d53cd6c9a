import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AppError } from '../../../shared/errors';
import { ok, type Result } from '../../../shared/result';
import { git } from './git';

/** True when `text` has every line of `base` in its order, and perhaps more between them. */
function onlyAdds(base: Buffer, text: Buffer): boolean {
  const wanted = base.toString('latin1').split('\n');
  let next = 0;
  for (const line of text.toString('latin1').split('\n')) if (next < wanted.length && line === wanted[next]) next += 1;
  return next === wanted.length;
}

/** As `mergeTexts`, but where both sides only added lines, those that meet are kept one after the other, ours first. */
export async function mergeAdditions(root: string, sides: { readonly ours: Buffer; readonly base: Buffer; readonly theirs: Buffer }): Promise<Result<Buffer | null, AppError>> {
  const isSafe = onlyAdds(sides.base, sides.ours) && onlyAdds(sides.base, sides.theirs);
  return mergeTexts(root, sides, isSafe ? ['--union'] : []);
}

/** Three-way merge of a file's text; null where it conflicts. git-merge-file(1) exits with the number of conflicts, with 255 for binary files. */
export async function mergeTexts(root: string, sides: { readonly ours: Buffer; readonly base: Buffer; readonly theirs: Buffer }, how: readonly string[] = []): Promise<Result<Buffer | null, AppError>> {
  const folder = await mkdtemp(join(tmpdir(), 'braid-merge-'));
  try {
    const names = ['ours', 'base', 'theirs'] as const;
    for (const name of names) await writeFile(join(folder, name), sides[name]);
    const okCodes = [...Array.from({ length: 128 }, (_, code) => code), 255];
    const done = await git(['merge-file', '-p', '--quiet', ...how, ...names.map((name) => join(folder, name))], { cwd: root, okCodes });
    return done.ok ? ok(done.value.exitCode === 0 ? done.value.stdout : null) : done;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
