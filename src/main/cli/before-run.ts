/** What is asked before a run: an archived change, changes it depends on, its mode, its checklists, spec files that the base has not got. */
import { dirname, join } from 'node:path';
import { checklistsOf } from '../../shared/checklists';
import { describeError, type AppError } from '../../shared/errors';
import type { RunOptions } from '../../shared/options';
import { checklistLines } from '../core/plan/text';
import { changeError, commitSpec, openChecklistError, prepareRun, type Preparation } from '../core/run/prepare';
import type { Site } from '../core/run/site';
import { exitCodes } from './exit-code';
import { ask, canAsk, choose, fail, say } from './output';
import { openSpec, type OpenedSpec } from './spec-argument';

export interface RunFlags {
  readonly yes: boolean;
  readonly json: boolean;
  readonly dryRun: boolean;
  /** A run that is started afresh: checklists and changes were asked about when it began. */
  readonly checklistsAsked?: boolean;
}

/** Ready to start, or the exit code with which the command ends; what was wrong is said already. */
export type Settled = { readonly preparation: Preparation } | { readonly exit: number };

export interface Asking {
  readonly options: RunOptions;
  readonly flags: RunFlags;
  /** Changes that wait for this one to run first, outermost first. */
  readonly above: readonly string[];
  /** Runs another change to its end, landing included; resolves with its exit code. */
  readonly runFirst: (change: OpenedSpec) => Promise<number>;
}

/** Says what is in the way and whether the run goes on: by `--yes`, by the person, or not at all where nobody is there to ask. */
async function goesOn(error: AppError, flags: RunFlags): Promise<boolean> {
  const { title } = describeError(error);
  if (flags.yes) {
    say(`${title} Running all the same, as --yes says.`);
    return true;
  }
  if (canAsk() && await ask(`${title} Run all the same?`)) return true;
  fail(error);
  return false;
}

/** Runs the changes first that this one depends on; null when all of them are complete afterwards. */
async function runUnmet({ spec, repo }: OpenedSpec, changes: readonly string[], { above, runFirst }: Asking): Promise<number | null> {
  for (const id of changes) {
    if (above.includes(id)) return fail({ kind: 'plan/cycle', path: [...above.slice(above.indexOf(id)), spec.name, id], of: 'changes' });
    const change = await openSpec(join(dirname(spec.folder), id), repo.root);
    if (!change.ok) return fail(change.error);
    const code = await runFirst(change.value);
    if (code === exitCodes.ok) continue;
    say(`${spec.name} was not started, because ${id} did not end well.`);
    return code;
  }
  return null;
}

async function settleChange(opened: OpenedSpec, asking: Asking): Promise<{ readonly opened: OpenedSpec } | { readonly exit: number }> {
  const error = changeError(opened.spec);
  if (error === null || asking.flags.checklistsAsked === true) return { opened };
  if (error.kind !== 'spec/unmet-changes' || asking.flags.yes || !canAsk()) return await goesOn(error, asking.flags) ? { opened } : { exit: exitCodes.waiting };
  const answer = await choose(`${describeError(error).title} ${describeError(error).detail}`, [['1', `run ${error.changes.join(', ')} first`], ['2', 'run it all the same'], ['3', 'cancel']], '3');
  if (answer === '2') return { opened };
  if (answer !== '1') return { exit: fail(error) };
  const failed = await runUnmet(opened, error.changes, asking);
  if (failed !== null) return { exit: failed };
  const again = await openSpec(opened.spec.folder, opened.repo.root);
  if (!again.ok) return { exit: fail(again.error) };
  const left = changeError(again.value.spec);
  return left === null ? { opened: again.value } : { exit: fail(left) };
}

/** Unchecked items of the checklists are shown; the person (or `--yes`) says whether the run may start all the same. Checklists are never changed. */
async function settleChecklists(preparation: Preparation, flags: RunFlags): Promise<boolean> {
  const unchecked = openChecklistError(preparation);
  if (unchecked === null || flags.checklistsAsked === true) return true;
  for (const line of checklistLines(checklistsOf(preparation.spec.gates))) say(line);
  return goesOn(unchecked, flags);
}

/** A team for very few tasks works, but somebody at the terminal may want less. */
async function wantsLess({ modeDoubt }: Preparation, flags: RunFlags): Promise<boolean> {
  return modeDoubt?.kind === 'small' && !flags.yes && canAsk() && !await ask(`${modeDoubt.said} Go on with team?`);
}

/** Spec files that the base has not got are committed when the person (or `--yes`) says so. */
async function settleFiles(site: Site, preparation: Preparation, flags: RunFlags): Promise<Settled> {
  const { uncommitted, base, repo, spec, options } = preparation;
  if (uncommitted.length === 0) return { preparation };
  const agreed = flags.yes || (canAsk() && await ask(`Agents would not see ${uncommitted.join(', ')}, which ${base.branch} has not got. Commit just these files on ${base.branch}?`));
  if (!agreed) return { exit: fail({ kind: 'spec/uncommitted', paths: uncommitted, base: base.branch }) };
  const committed = await commitSpec(preparation);
  if (!committed.ok) return { exit: fail(committed.error) };
  say(`Committed the spec on ${base.branch}: ${committed.value.slice(0, 9)}`);
  const again = await prepareRun(site, { repo, spec, options });
  return again.ok ? { preparation: again.value } : { exit: fail(again.error) };
}

/** Prepares a run and asks what has to be asked. A run with nothing to do is asked about nothing but its files. */
export async function settleRun(site: Site, opened: OpenedSpec, asking: Asking): Promise<Settled> {
  const { flags } = asking;
  let prepared = await prepareRun(site, { ...opened, options: asking.options });
  if (!prepared.ok) return { exit: fail(prepared.error) };
  if (prepared.value.selection.tasks.length === 0) return settleFiles(site, prepared.value, flags);
  const change = await settleChange(opened, asking);
  if ('exit' in change) return change;
  const isLess = await wantsLess(prepared.value, flags);
  if (change.opened !== opened || isLess) prepared = await prepareRun(site, { ...change.opened, options: isLess ? { ...asking.options, mode: 'single' } : asking.options });
  if (!prepared.ok) return { exit: fail(prepared.error) };
  if (!await settleChecklists(prepared.value, flags)) return { exit: exitCodes.waiting };
  return settleFiles(site, prepared.value, flags);
}
