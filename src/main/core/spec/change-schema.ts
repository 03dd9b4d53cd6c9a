/**
 * Which files hold the tasks of an OpenSpec change whose project has a workflow schema of its own: the change's `.openspec.yaml`, else
 * `openspec/config.yaml`, names the schema; `openspec/schemas/<name>/schema.yaml` says what is tracked (`apply.tracks`, else what the artifact
 * `tasks` generates), as a path or a glob below the change.
 */
import { basename, dirname, resolve } from 'node:path';
import { parse } from 'yaml';
import { readBounded, resolveInside } from './files';

const sizeLimit = 200_000;
/** More wildcards than this could make a pattern slow. */
const maxStars = 12;

/** A value without a schema of its own: only what is asked for is looked at. */
function field(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? new Map<string, unknown>(Object.entries(value)).get(key) : undefined;
}

/** A YAML file inside `root`; null when it is not there, too large, no YAML, or leads out by a link. Aliases are few, so that a small file cannot grow. */
async function yamlAt(root: string, name: string): Promise<unknown> {
  const path = await resolveInside(root, name);
  const read = path.ok ? await readBounded(path.value, sizeLimit) : path;
  if (!read.ok) return null;
  try {
    return parse(read.value.toString('utf8'), { maxAliasCount: 20, logLevel: 'silent' });
  } catch {
    // A broken schema says nothing; the usual places still hold.
    return null;
  }
}

/** The folder `openspec` above a change, also above an archived one; null for any other folder. */
function homeOf(change: string): string | null {
  const parent = dirname(resolve(change));
  const changes = basename(parent) === 'archive' ? dirname(parent) : parent;
  return basename(changes) === 'changes' ? dirname(changes) : null;
}

/** The pattern of one path or glob: `**` crosses folders, `*` and `?` do not, `{a,b}` is either. Null for one that leads out or is too wild. */
export function globPattern(glob: string): RegExp | null {
  const path = glob.trim().replace(/^(?:\.\/)+/, '');
  if (path === '' || path.length > 200 || path.startsWith('/') || path.split('/').includes('..') || (path.match(/\*/g)?.length ?? 0) > maxStars) return null;
  const source = path.replace(/\{([^{}]*)\}|\*\*\/|\*\*|\*|\?|[.+^$()|[\]{}\\]/g, (found, choices: string | undefined) => {
    if (choices !== undefined) return `(?:${choices.split(',').map((one) => one.trim().replace(/[.*+?^$()|[\]{}\\]/g, '\\$&')).join('|')})`;
    return found === '**/' ? '(?:[^/]+/)*' : found === '**' ? '.*' : found === '*' ? '[^/]*' : found === '?' ? '[^/]' : `\\${found}`;
  });
  return new RegExp(`^${source}$`);
}

async function schemaOf(home: string, change: string): Promise<unknown> {
  const named = field(await yamlAt(change, '.openspec.yaml'), 'schema') ?? field(await yamlAt(home, 'config.yaml'), 'schema');
  // A name, never a path.
  return typeof named === 'string' && /^[\w-][\w.-]*$/.test(named) ? yamlAt(home, `schemas/${named}/schema.yaml`) : null;
}

/** Whether a path below the change holds tasks, as the project's own schema says; null where none says anything. */
export async function trackedBySchema(change: string): Promise<((path: string) => boolean) | null> {
  const home = homeOf(change);
  const schema = home === null ? null : await schemaOf(home, resolve(change));
  if (schema === null) return null;
  const artifacts = field(schema, 'artifacts');
  const tasks: unknown = Array.isArray(artifacts) ? artifacts.find((one) => field(one, 'id') === 'tasks') : null;
  const globs = [field(field(schema, 'apply'), 'tracks') ?? field(tasks, 'generates')].flat();
  const patterns = globs.flatMap((glob) => (typeof glob === 'string' ? globPattern(glob) ?? [] : []));
  return patterns.length === 0 ? null : (path) => patterns.some((pattern) => pattern.test(path));
}
