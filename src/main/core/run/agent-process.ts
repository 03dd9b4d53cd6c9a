/** One attempt's command line: prompt file, environment, the adapter's argv, and how its end is read. */
import { join } from 'node:path';
import type { AppError } from '../../../shared/errors';
import { gateOfFix, refusedBy } from '../../../shared/gates';
import { err, ok, type Result } from '../../../shared/result';
import type { Run } from '../../../shared/run';
import { adapterOf } from '../agents/detect';
import { buildPrompt } from '../agents/prompt';
import { readReport } from '../agents/report';
import { ioError, makeFolder, writeAtomic } from '../state/atomic-write';
import type { RunFolder } from '../state/run-folder';
import { attemptFile, attemptVariables, laneVariables } from './agent-env';
import type { AgentReport, AgentRequest, AgentVerdict, PreparedAgent } from './ports';
import { conclusionSchema } from './output-reader';
import type { RunPlace } from './prepare';
import type { Site } from './site';

export interface AgentPlace {
  readonly site: Site;
  readonly place: RunPlace;
  readonly folder: RunFolder;
  readonly environment: Readonly<Record<string, string>>;
  readonly run: Run;
}

function promptFor({ place, run }: AgentPlace, request: AgentRequest): string {
  const { spec, specPath, options } = place;
  const gate = gateOfFix(run, request.task.id);
  const refused = gate === null ? null : refusedBy(gate);
  const task = spec.tasks.find((candidate) => candidate.id === request.task.id);
  return buildPrompt({
    task: task ?? { id: request.task.id, title: request.task.title, details: [], steps: [], files: [] },
    spec: { title: run.specTitle, folder: specPath, documents: spec.documents.map((document) => document.path), taskFiles: run.taskFiles },
    checks: options.checks, attempt: request.attempt, previous: request.previous, answer: request.answer,
    ...(refused ? { refused: { command: refused.command, tail: refused.tail } } : {}),
  });
}

const reportsFolder = (folder: RunFolder): string => join(folder.path, 'reports');

/** What the agent's output (`conclusion`, as its reader left it) and its report say about an attempt. */
export async function verdictOf(folder: RunFolder, attempt: { readonly task: string; readonly number: number }, conclusion: unknown): Promise<AgentVerdict> {
  const parsed = conclusionSchema.safeParse(conclusion);
  const verdict = parsed.success ? parsed.data : null;
  const { report, notice } = await readReport(attemptFile(reportsFolder(folder), { ...attempt, ending: '.json' }));
  const said: AgentReport = { status: report?.status ?? null, summary: report?.summary ?? '' };
  // The agent's own events know better than the report that it was asked to write.
  const known = { said: verdict, notice, usage: verdict?.usage ?? report?.usage ?? null };
  if (verdict?.kind === 'blocked') return { ...known, failure: null, report: { status: 'blocked', summary: said.summary || verdict.reason } };
  return { ...known, failure: verdict?.kind === 'failed' ? verdict.reason : null, report: said };
}

/** Prepares one attempt: writes its prompt (0600) and asks the agent's adapter for the command line. */
export async function prepareAgent(context: AgentPlace, request: AgentRequest): Promise<Result<PreparedAgent, AppError>> {
  const { site, place, folder, environment, run } = context;
  const adapter = adapterOf(place.options.agent);
  const prompt = promptFor(context, request);
  const attempt = { task: request.task.id, number: request.attempt };
  const promptFile = attemptFile(folder.prompts, { ...attempt, ending: '.md' });
  const reports = reportsFolder(folder);
  const reportFile = attemptFile(reports, { ...attempt, ending: '.json' });
  const written = await writeAtomic(promptFile, prompt);
  if (!written.ok) return written;
  try {
    await makeFolder(reports);
  } catch (cause) {
    return err(ioError(reports, cause));
  }
  const { lane, task } = request;
  const env = {
    ...environment, ...laneVariables(run, { name: lane.name, path: lane.worktree }),
    ...attemptVariables({ task, number: request.attempt, lane, promptFile, reportFile }),
  };
  const { restricted, agentCommand } = place.options;
  const command = adapter.command({
    prompt, promptFile, worktree: lane.worktree, restricted, custom: agentCommand, execPath: site.execPath, demoScript: site.demoScript,
    path: place.agent.path, env,
  });
  if (!command.ok) return command;
  return ok({ argv: command.value.argv, env: { ...env, ...command.value.env }, reader: adapter.interpreter ? adapter.name : null });
}
