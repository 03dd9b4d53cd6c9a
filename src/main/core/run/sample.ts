/** The bundled sample: a small repository with a spec-kit feature, made anew in a temporary folder each time. */
import { cp, mkdir, mkdtemp, realpath } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AppError } from '../../../shared/errors';
import { err, ok, type Result } from '../../../shared/result';
import { git } from '../git/git';
import { ioError } from '../state/atomic-write';

/** Absolute paths; `spec` is the feature's folder inside `repo`. */
export interface Sample {
  readonly repo: string;
  readonly spec: string;
}

const FEATURE = join('specs', '001-search-and-tags');

/** A first commit of everything, under an identity that is local to the sample. */
const STEPS: readonly (readonly string[])[] = [
  ['init', '-q', '-b', 'main'],
  ['config', 'user.name', 'Braid Sample'],
  ['config', 'user.email', 'sample@braid.invalid'],
  ['add', '--all'],
  ['commit', '-q', '-m', 'Inkwell 0.3.0 with the plan for search and tags'],
];

async function copySample(resources: string, parent: string): Promise<Result<string, AppError>> {
  try {
    await mkdir(parent, { recursive: true });
    // Resolved, because git names paths without symbolic links. A folder around the repository keeps its worktrees together with it.
    const around = await realpath(await mkdtemp(join(parent, 'braid-sample-')));
    const repo = join(around, 'inkwell');
    await cp(join(resources, 'sample'), repo, { recursive: true });
    return ok(repo);
  } catch (cause) {
    return err(ioError(join(resources, 'sample'), cause));
  }
}

/** Copies `<resources>/sample` into a new folder below `parent` (the system's temporary folder) and commits it on `main`. Errors: io/failed, git/*. */
export async function createSample(resources: string, parent: string = tmpdir()): Promise<Result<Sample, AppError>> {
  const copied = await copySample(resources, parent);
  if (!copied.ok) return copied;
  for (const args of STEPS) {
    const done = await git(args, { cwd: copied.value });
    if (!done.ok) return done;
  }
  return ok({ repo: copied.value, spec: join(copied.value, FEATURE) });
}
