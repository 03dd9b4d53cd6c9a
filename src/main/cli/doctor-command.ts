/** `braid agents` and `braid doctor`: what this machine has. */
import { access, constants, mkdir } from 'node:fs/promises';
import { detectAgents } from '../core/agents/detect';
import { gitVersion, openRepository, resolveBase, resolveIdentity, checkNamespace } from '../core/git/repository';
import type { Site } from '../core/run/site';
import { configFolder } from '../core/state/settings';
import { describeError, type AppError } from '../../shared/errors';
import type { Result } from '../../shared/result';
import { exitCodes } from './exit-code';
import { print, printJson } from './output';

/** Lists the agents: installed or not, version, and what is missing. */
export async function agentsCommand(site: Site, flags: { json: boolean }): Promise<number> {
  const agents = await detectAgents({ env: site.env, demoScript: site.demoScript, custom: null });
  if (flags.json) printJson({ agents: agents.map(({ name, path, version, ready, reason }) => ({ name, path, version, ready, reason })) });
  else for (const agent of agents) print(`${agent.ready ? '+' : '-'} ${agent.name.padEnd(9)} ${(agent.version ?? '').padEnd(12)} ${agent.ready ? agent.path ?? '' : agent.reason ?? ''}`);
  return exitCodes.ok;
}

interface Check {
  readonly name: string;
  readonly ok: boolean;
  readonly detail: string;
  readonly hint: string;
}

function checkOf<T>(name: string, result: Result<T, AppError>, detail: (value: T) => string): Check {
  if (result.ok) return { name, ok: true, detail: detail(result.value), hint: '' };
  const said = describeError(result.error);
  return { name, ok: false, detail: [said.title, said.detail].filter(Boolean).join(' '), hint: said.hint };
}

async function repositoryChecks(): Promise<readonly Check[]> {
  const repo = await openRepository(process.cwd());
  const first = checkOf('repository', repo, (value) => value.root);
  if (!repo.ok) return [first];
  const identity = await resolveIdentity(repo.value);
  const known = checkOf('git identity', identity, (value) => `${value.name} <${value.email}>`);
  const unset = identity.ok && !identity.value.configured;
  return [
    first,
    unset ? { ...known, ok: false, hint: 'git config --global user.name "Your Name"; git config --global user.email you@example.com' } : known,
    checkOf('base branch', await resolveBase(repo.value, null), (base) => `${base.branch} at ${base.commit.slice(0, 9)}`),
    checkOf('branch names', await checkNamespace(repo.value), () => 'braid/... is free'),
  ];
}

async function settingsCheck(env: NodeJS.ProcessEnv): Promise<Check> {
  const folder = configFolder(env);
  try {
    await mkdir(folder, { recursive: true });
    await access(folder, constants.W_OK);
    return { name: 'settings folder', ok: true, detail: folder, hint: '' };
  } catch (cause) {
    return { name: 'settings folder', ok: false, detail: `${folder}: ${cause instanceof Error ? cause.message : String(cause)}`, hint: 'Make it writable, or name another with BRAID_CONFIG_DIR.' };
  }
}

/** Checks everything that a run needs; exit 4 when something is missing. */
export async function doctorCommand(site: Site, flags: { json: boolean }): Promise<number> {
  const agents = await detectAgents({ env: site.env, demoScript: site.demoScript, custom: null });
  const ready = agents.filter((agent) => agent.ready).map((agent) => agent.name);
  const checks: readonly Check[] = [
    { name: 'node', ok: Number(process.versions.node.split('.')[0]) >= 18, detail: process.versions.node, hint: 'Install Node 20.19 or later.' },
    checkOf('git', await gitVersion(), (version) => version),
    ...(await repositoryChecks()),
    await settingsCheck(site.env),
    { name: 'agents', ok: ready.length > 0, detail: ready.join(', '), hint: 'See "braid agents".' },
  ];
  if (flags.json) printJson({ checks });
  else for (const check of checks) print(`${check.ok ? '+' : 'x'} ${check.name}: ${check.detail}${check.ok || !check.hint ? '' : `\n    ${check.hint}`}`);
  return checks.every((check) => check.ok) ? exitCodes.ok : exitCodes.missing;
}
