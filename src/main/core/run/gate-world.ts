/** What a gate between phases does to the repository: a place for its checks, the mark in a track's plan, and the way back. */
import { join } from 'node:path';
import type { Spec } from '../../../shared/domain';
import type { AppError } from '../../../shared/errors';
import { err, ok, type Result } from '../../../shared/result';
import type { ManualItem, Run } from '../../../shared/run';
import { readPlainText } from '../plain-file';
import { commitTree, moveRef, readFileAt, writeTree, type Edit } from '../git/commits';
import { holdBranch } from '../git/recover';
import { branchTip, checkedOutAt, refCommit, type Identity, type Repository } from '../git/repository';
import { addDetached } from '../git/worktrees';
import { checkpointLines } from '../spec/checkpoint-lines';
import { markCheckpoint } from '../spec/checkpoint-mark';
import { inRepository } from './names';
import type { GatePort } from './ports';

export interface GatePlace {
  readonly repo: Repository;
  readonly identity: Identity;
  readonly scratch: { readonly path: string; readonly log: string };
  readonly spec: () => Spec;
  /** Moves the integration branch from `onto` to `to`; in the checkout its files follow. */
  readonly move: (to: string, onto: string) => Promise<Result<null, AppError>>;
}

/** A box or a line of the spec that a person looks at; `heading` where no task stands below its heading. */
interface Placed extends ManualItem {
  readonly heading?: string;
}

/** What stands in one of the phases: behind a task of it in its file, or before the first task there. */
function inPhases(spec: Spec, phases: readonly string[], items: readonly Placed[]): readonly ManualItem[] {
  const wanted = new Set(phases);
  return items.filter((item) => {
    if (item.heading !== undefined) return wanted.has(item.heading);
    const inFile = spec.tasks.filter((task) => task.file === item.file && task.parent === null).sort((a, b) => a.line - b.line);
    const owner = inFile.filter((task) => task.line < item.line).pop() ?? inFile[0];
    return wanted.has(owner?.phase?.title ?? '');
  }).map(({ title, file, line }) => ({ title, file, line }));
}

/** What only a person can verify of these phases: open boxes of the spec, and the checkpoints that its files state. A file that cannot be read states none. */
export async function manualOf(spec: Spec, phases: readonly string[]): Promise<readonly ManualItem[]> {
  const stated: Placed[] = [];
  for (const file of spec.taskFiles.filter((name) => /\.md$/i.test(name))) {
    const text = await readPlainText(join(spec.folder, file)).catch(() => '');
    stated.push(...checkpointLines(text).map((line) => ({ ...line, file })));
  }
  return inPhases(spec, phases, [...spec.gates.filter((gate) => !gate.done), ...stated]);
}

/** The track's plan with the checkpoint in the headings of the gate's phases, as a commit of its own on the branch; resolves with the branch's tip. */
async function mark({ repo, identity, move }: GatePlace, run: Run, { gate, commit, keeps }: Parameters<GatePort['mark']>[1]): Promise<Result<string, AppError>> {
  if (run.dialect !== 'track' || run.specIgnored || !keeps) return ok(commit);
  const tip = await holdBranch(repo, run.integrationBranch, run.integrationTip);
  if (!tip.ok) return tip;
  const edits: Edit[] = [];
  for (const file of run.taskFiles) {
    const path = inRepository(run.specPath, file);
    const content = await readFileAt(repo, tip.value, path);
    if (!content.ok) return content;
    const marked = content.value === null ? null : markCheckpoint(content.value, { phases: gate.phases, sha: commit.slice(0, 7) });
    if (content.value !== null && marked !== null && !marked.equals(content.value)) edits.push({ path, content: marked });
  }
  if (edits.length === 0) return tip;
  const tree = await writeTree(repo, tip.value, edits);
  if (!tree.ok) return tree;
  const made = await commitTree(repo, { tree: tree.value, parents: [tip.value], message: `Checkpoint of ${gate.phases.join(' and ')}`, identity });
  if (!made.ok) return made;
  const moved = await move(made.value, tip.value);
  return moved.ok ? made : moved;
}

/** Keeps what the branch holds under the gate's ref, then moves the branch back; both only if nobody else moved them. Repeating it gives the same. */
async function takeBack({ repo }: GatePlace, run: Run, { from, snapshot }: Parameters<GatePort['takeBack']>[1]): Promise<Result<null, AppError>> {
  const tip = await branchTip(repo, run.integrationBranch);
  if (!tip.ok) return tip;
  if (tip.value === from) return ok(null);
  if (tip.value !== null) {
    const kept = await refCommit(repo, snapshot);
    if (!kept.ok) return kept;
    const keeps = kept.value === tip.value ? ok(null) : await moveRef(repo, { ref: snapshot, to: tip.value, from: kept.value });
    if (!keeps.ok) return keeps;
  }
  return moveRef(repo, { ref: `refs/heads/${run.integrationBranch}`, to: from, from: tip.value });
}

/** The gate's hands on this machine's repository. */
export function gateWorld(place: GatePlace): GatePort {
  const { repo, scratch } = place;
  return {
    manual: (phases) => manualOf(place.spec(), phases),
    scratch: async (run) => {
      const tip = run.options.worktrees ? await holdBranch(repo, run.integrationBranch, run.integrationTip) : ok(run.integrationTip);
      if (!tip.ok) return tip;
      const made = await addDetached(repo, { path: scratch.path, commit: tip.value });
      return made.ok ? ok({ commit: tip.value, ...scratch }) : made;
    },
    mark: (run, request) => mark(place, run, request),
    refusal: async (run) => {
      if (!run.options.worktrees) return 'its checkout stands on the branch that would be taken back (--no-worktrees)';
      const at = await checkedOutAt(repo, run.integrationBranch);
      if (!at.ok) return 'git could not say where its branch is checked out';
      return at.value === null ? '' : `its branch is checked out in ${at.value}: check out another one there first`;
    },
    takeBack: async (run, gate) => (gate.snapshot === '' ? err({ kind: 'internal', detail: 'a gate without a place for its snapshot' }) : takeBack(place, run, gate)),
  };
}
