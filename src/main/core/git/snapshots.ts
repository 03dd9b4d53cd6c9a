/** Before anything is removed: what it holds is kept under `refs/braid/snapshots/`, so that a removal can always be taken back. */
import type { AppError } from '../../../shared/errors';
import { ok, type Result } from '../../../shared/result';
import { commitTree } from './commits';
import { git, gitLine } from './git';
import { withTemporaryIndex } from './index-file';
import { headCommit, type Identity } from './repository';

/** The tree of a checkout as it stands, untracked files included and ignored ones not. The person's index is not touched. */
const treeOfFiles = (worktree: string, head: string): Promise<Result<string, AppError>> =>
  withTemporaryIndex({ root: worktree }, head, async (indexFile) => {
    const added = await git(['add', '--all', '--', '.'], { cwd: worktree, indexFile, durable: true });
    return added.ok ? gitLine(['write-tree'], { cwd: worktree, indexFile, durable: true }) : added;
  });

/**
 * Keeps a worktree's commit, and with uncommitted files a commit of those on top, as `refs/braid/snapshots/<name>`. Resolves with the commit;
 * null for an unborn branch without files to keep. Errors as `git`.
 */
export async function keepSnapshot(worktree: string, name: string, identity: Pick<Identity, 'name' | 'email'>): Promise<Result<string | null, AppError>> {
  const head = await headCommit(worktree);
  if (!head.ok || head.value === null) return head;
  const tree = await treeOfFiles(worktree, head.value);
  if (!tree.ok) return tree;
  const committed = await gitLine(['rev-parse', '--verify', `${head.value}^{tree}`], { cwd: worktree });
  if (!committed.ok) return committed;
  const commit = committed.value === tree.value
    ? ok(head.value)
    : await commitTree({ root: worktree }, { tree: tree.value, parents: [head.value], message: `Uncommitted files of ${name}`, identity });
  if (!commit.ok) return commit;
  const kept = await git(['update-ref', `refs/braid/snapshots/${name}`, commit.value], { cwd: worktree, durable: true });
  return kept.ok ? ok(commit.value) : kept;
}
