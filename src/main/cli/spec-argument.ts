/** `<spec>` and `--repo` of the command line: which spec, in which repository. */
import { stat } from 'node:fs/promises';
import { resolve, sep } from 'node:path';
import type { Spec } from '../../shared/domain';
import type { AppError } from '../../shared/errors';
import { ok, type Result } from '../../shared/result';
import { openRepository, repositoryAround, type Repository } from '../core/git/repository';
import { readSpecIn } from '../core/run/read-spec';
import { resolveSpec } from '../core/spec/resolve-spec';

export interface OpenedSpec {
  readonly spec: Spec;
  readonly repo: Repository;
}

/** A folder that is there and that git says nothing of. */
async function isPlainFolder(path: string, error: AppError): Promise<boolean> {
  return (error.kind === 'git/not-a-repository' || error.kind === 'git/missing') && await stat(path).then((entry) => entry.isDirectory(), () => false);
}

/** Reads the spec that an argument names, with or without a repository around it. Errors: spec/*, git/* when `--repo` is no folder or one that git refuses. */
export async function findSpec(argument: string, repoFlag: string | undefined): Promise<Result<{ spec: Spec; repo: Repository | null }, AppError>> {
  const cwd = process.cwd();
  const root = resolve(cwd, repoFlag ?? '.');
  const named = await openRepository(root);
  if (repoFlag !== undefined && !named.ok && !await isPlainFolder(root, named.error)) return named;
  const place = await resolveSpec(argument, { cwd, repo: named.ok ? named.value.root : repoFlag === undefined ? null : root });
  if (!place.ok) return place;
  // A path may lead into another repository than the one of the current directory.
  const around = repoFlag === undefined ? await repositoryAround(place.value.folder, named.ok ? named.value : null) : named;
  // A link that leads out of the repository it lies in is refused, whatever is at its end.
  const leadsOut = !around.ok && named.ok && place.value.folder.startsWith(`${named.value.root}${sep}`);
  const repo = around.ok ? around.value : leadsOut ? named.value : null;
  const spec = await readSpecIn(repo, place.value.folder, place.value.file);
  return spec.ok ? ok({ spec: spec.value, repo }) : spec;
}

/** The same for commands that need the repository. */
export async function openSpec(argument: string, repoFlag: string | undefined): Promise<Result<OpenedSpec, AppError>> {
  const found = await findSpec(argument, repoFlag);
  if (!found.ok) return found;
  if (found.value.repo) return ok({ spec: found.value.spec, repo: found.value.repo });
  const opened = await openRepository(repoFlag === undefined ? found.value.spec.folder : resolve(process.cwd(), repoFlag));
  return opened.ok ? ok({ spec: found.value.spec, repo: opened.value }) : opened;
}
