/** Where task files lie, by the conventions of their tools: which files of a repository are worth a look. */
import { dirname } from 'node:path/posix';
import { trackedBySchema } from './change-schema';

/** Folders of prompts, templates and test data: what looks like a task file there is none. */
const neverSpecs = /(?:^|\/)(?:(?:[_.]|0+[-_])?templates?|commands?|command-templates|_?prompts?|_?fixtures?|__fixtures__|presets?|extensions|missions|skills|checklists|overrides|test[-_]?data|snapshots|__snapshots__|\.kiro\/steering|\.claude|\.cursor|\.github|\.gemini|\.qwen|\.windsurf|\.opencode|\.roo|\.vscode|\.idea)(?:\/|$)|\.worktrees(?:\/|$)/i;
/** Prompts of agents, unless a place of specs stands before or behind: a package may be called so. */
const agentPrompts = /(?:^|\/)(?<!specs\/)agents(?:$|\/(?!(?:.*\/)?(?:[\w-]*specs|openspec|conductor|\.maestro|\.kiro)(?:\/|$)))/i;
const taskFile = /(?:^|\/)tasks\.(?:md|ya?ml)$/;
const inChange = /^((?:.*\/)?openspec\/changes\/(?:archive\/)?(?!archive\/)[^/]+)\/(.+\.md)$/;
const trackPlan = /(?:^|\/)\.?(?:conductor|maestro)\/(?:tracks|archive)\/[^/]+\/plan\.md$/;
const singleFile = /(?:^|\/)superpowers\/plans\/(?:[^/]+|[^/]+\/plan)\.md$|(?:^|\/)Auto Run Docs\/.+\.md$|(?:^|\/)\.maestro\/playbooks\/.+\.md$/;
const planDocument = /(?:^|\/)docs\/plans\/(?!(?:.*\/)?(?:readme|index)\.md$).+\.md$/i;
/** `TASKS.md`, `todo.md`, `old_tasks.md`: lists that no tool made. */
const ownList = /(?:^|\/)(?:[\w.-]*[-_])?(?:tasks?|todos?)\.md$/i;
const schemaFile = /(?:^|\/)openspec\/schemas\/[^/]+\/schema\.ya?ml$/;

/** A file that may hold a spec. */
export interface Candidate {
  /** Relative to the repository, with forward slashes. */
  readonly path: string;
  /** Folder of the OpenSpec change that it is part of, however deep it lies in it. */
  readonly change: string | null;
  /** A document that counts only with boxes: a table or a list of ids there is no task list. */
  readonly needsBoxes: boolean;
}

/** Whether the path is a track's plan, whose title the registry tells. */
export const isTrackPlan = (path: string): boolean => trackPlan.test(path);
/** Whether the name is `tasks.md` or `tasks.yaml`, which stand for their folder. */
export const isUsualName = (path: string): boolean => taskFile.test(path);
/** Whether a folder of finished work is on the way: `archive`, `archived`, `specs-archive`. */
export const isArchived = (path: string): boolean => /(?:^|\/)(?:[\w-]+[-_])?archived?\//i.test(path);

// `.github` and its like are excluded as parents; `.specify`, `.kiro`, `.maestro` and `.claude/specs` are where specs live.
/** Whether a folder (relative, forward slashes) may hold specs: none of prompts, templates, test data and steering does. */
export const isSpecFolder = (folder: string): boolean => !neverSpecs.test(folder.replace(/^\.claude\/specs\//, 'specs/')) && !agentPrompts.test(folder) && folder !== '.specify';

function isUsual(path: string): boolean {
  if (singleFile.test(path)) return !/(?:^|\/)(?:(?:[_.]|0+[-_])?templates?|_?prompts?|_?fixtures?|test[-_]?data)\//i.test(path);
  return (taskFile.test(path) || trackPlan.test(path)) && isSpecFolder(dirname(path)) && dirname(path) !== '.';
}

/** By folder of a change, which of its files its project's schema tracks; read once for each change, and only where the project has schemas. */
class Schemas {
  private readonly known = new Map<string, ReturnType<typeof trackedBySchema>>();

  constructor(private readonly absolute: (path: string) => string, private readonly hasSchemas: boolean) {}

  async of(change: string): ReturnType<typeof trackedBySchema> {
    if (!this.hasSchemas) return null;
    const known = this.known.get(change) ?? trackedBySchema(this.absolute(change));
    this.known.set(change, known);
    return known;
  }
}

async function candidateOf(path: string, schemas: Schemas): Promise<Candidate | null> {
  const [, change, file] = inChange.exec(path) ?? [];
  if (change !== undefined && file !== undefined) {
    const tracked = await schemas.of(change);
    const isMeant = tracked === null ? isUsual(path) : tracked(file) && isSpecFolder(change);
    return isMeant ? { path, change, needsBoxes: false } : null;
  }
  if (isUsual(path)) return { path, change: null, needsBoxes: false };
  return (planDocument.test(path) || ownList.test(path)) && isSpecFolder(dirname(path)) ? { path, change: null, needsBoxes: true } : null;
}

/** Those of the paths (sorted, relative to the repository) that may hold specs; lists that no tool made come last, and only where nothing else is in their folder. */
export async function candidatesOf(paths: readonly string[], absolute: (path: string) => string): Promise<readonly Candidate[]> {
  const schemas = new Schemas(absolute, paths.some((path) => schemaFile.test(path)));
  const found: Candidate[] = [];
  for (const path of paths) {
    const candidate = path.endsWith('.md') || isUsualName(path) ? await candidateOf(path, schemas) : null;
    if (candidate) found.push(candidate);
  }
  const taken = new Set(found.filter((one) => !one.needsBoxes).map((one) => dirname(one.path)));
  const usual = found.filter((one) => !one.needsBoxes);
  return [...usual, ...found.filter((one) => one.needsBoxes && !taken.has(dirname(one.path)))];
}
