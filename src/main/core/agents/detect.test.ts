import { chmod, mkdir, mkdtemp, readFile, realpath, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { AgentInfo, AgentName } from '../../../shared/domain';
import type { CommandInput } from './adapter';
import { adapterOf, detectAgents } from './detect';

let dir = '';
beforeEach(async () => {
  dir = await realpath(await mkdtemp(join(tmpdir(), 'braid-detect-')));
  await mkdir(join(dir, 'home'));
  await write('demo.cjs', '');
});
afterEach(() => rm(dir, { recursive: true, force: true }));

async function write(path: string, text: string, mode = 0o755): Promise<string> {
  const target = join(dir, path);
  await mkdir(dirname(target), { recursive: true });
  await writeFile(target, text);
  await chmod(target, mode);
  return target;
}

const says = (output: string, code = 0): string => `#!/bin/sh\necho run >> "$0.count"\nif read line; then echo typed; fi\necho noise >&2\nprintf '%s\\n' "${output}"\nexit ${code}\n`;

async function detect(more: { PATH?: string; custom?: string | null } = {}): Promise<Record<AgentName, AgentInfo>> {
  const env = { PATH: more.PATH ?? join(dir, 'bin'), HOME: join(dir, 'home') };
  const found = await detectAgents({ env, demoScript: join(dir, 'demo.cjs'), custom: more.custom ?? null });
  // Every name is there once, which the first test asserts.
  return Object.fromEntries(found.map((info) => [info.name, info])) as Record<AgentName, AgentInfo>;
}

describe('detection', () => {
  test('knows every agent, and needs nothing for the demo', async () => {
    const found = await detect();
    expect(Object.keys(found).sort()).toEqual(['claude', 'codex', 'copilot', 'custom', 'demo', 'gemini', 'opencode', 'qwen']);
    expect(found.demo).toMatchObject({ ready: true, reason: null });
    for (const name of ['claude', 'codex', 'gemini', 'opencode', 'copilot', 'qwen'] as const) {
      expect(found[name]).toMatchObject({ ready: false, path: null, reason: expect.stringMatching(/^Not installed\. Get it with: npm /) });
    }
  });

  test('finds agents on the PATH and says their versions', async () => {
    await write('bin/claude', says('2.1.197 (Claude Code)'));
    await write('bin/codex', says('codex-cli 0.169.0'));
    await write('bin/gemini', says('0.61.0'));
    const found = await detect();
    expect(found.claude).toEqual({ name: 'claude', title: 'Claude Code', path: join(dir, 'bin/claude'), version: '2.1.197', ready: true, reason: null, restrictable: true });
    expect(found.codex).toMatchObject({ version: '0.169.0', ready: true });
    expect(found.gemini).toMatchObject({ version: '0.61.0', ready: false, reason: expect.stringMatching(/cannot run it yet/) });
  });

  test('finds agents where installers put them, newest Node first', async () => {
    await write('home/.nvm/versions/node/v9.9.0/bin/codex', says('codex-cli 0.1.0'));
    await write('home/.nvm/versions/node/v22.1.0/bin/codex', says('codex-cli 0.2.0'));
    await write('home/.local/bin/claude', says('2.1.0 (Claude Code)'));
    const found = await detect();
    expect(found.codex.version).toBe('0.2.0');
    expect(found.claude.path).toBe(join(dir, 'home/.local/bin/claude'));
  });

  test.each([
    { name: 'another program', text: says('1.2.3 of something else'), reason: /does not answer --version like Claude Code/ },
    { name: 'no version', text: says('Claude Code'), reason: /does not answer/ },
    { name: 'a failure', text: says('2.1.0 (Claude Code)', 3), reason: /exit code 3/ },
    { name: 'no program at all', text: '\x7fELF rubbish', reason: /claude/ },
  ])('a binary that is $name is not ready', async ({ text, reason }) => {
    await write('bin/claude', text);
    expect((await detect()).claude).toMatchObject({ ready: false, version: null, path: join(dir, 'bin/claude'), reason: expect.stringMatching(reason) });
  });

  test('asks once for each state of the file', async () => {
    const claude = await write('bin/claude', says('2.1.0 (Claude Code)'));
    await detect();
    await detect();
    expect(await readFile(`${claude}.count`, 'utf8')).toBe('run\n');
    await utimes(claude, new Date(1e12), new Date(1e12));
    await detect();
    expect(await readFile(`${claude}.count`, 'utf8')).toBe('run\nrun\n');
  });

  test.each([
    { name: 'none', custom: null, ready: false, reason: /No command is set/ },
    { name: 'on the PATH', custom: 'my-agent --x', ready: true, reason: null },
    { name: 'not on the PATH', custom: 'other-agent', ready: false, reason: /other-agent.*PATH/ },
    { name: 'broken', custom: `my-agent 'x`, ready: false, reason: /not closed/ },
    { name: 'a missing file', custom: '/nowhere/agent', ready: false, reason: /does not exist/ },
    { name: 'inside the worktree', custom: './tools/agent', ready: true, reason: null },
  ])('the custom command: $name', async ({ custom, ready, reason }) => {
    await write('bin/my-agent', '#!/bin/sh\n');
    expect((await detect({ custom })).custom).toMatchObject({ ready, reason: reason === null ? null : expect.stringMatching(reason) });
  });
});

describe('command lines', () => {
  const input: CommandInput = { prompt: 'Do it.', promptFile: '/p.md', worktree: '/w', restricted: false, custom: null, execPath: '/node', demoScript: '/demo.cjs', env: { PATH: '/usr/bin' } };

  test.each<{ agent: AgentName; more: Partial<CommandInput>; argv: readonly string[] }>([
    { agent: 'demo', more: {}, argv: ['/node', '/demo.cjs'] },
    { agent: 'claude', more: {}, argv: ['claude', '-p', 'Do it.', '--output-format', 'stream-json', '--verbose', '--dangerously-skip-permissions'] },
    { agent: 'claude', more: { restricted: true, path: '/usr/bin/claude' }, argv: ['/usr/bin/claude', '-p', 'Do it.', '--output-format', 'stream-json', '--verbose', '--permission-mode', 'acceptEdits', '--allowedTools', 'Bash(git *)'] },
    { agent: 'codex', more: {}, argv: ['codex', 'exec', '--json', '--dangerously-bypass-approvals-and-sandbox', '--skip-git-repo-check', '-C', '/w', 'Do it.'] },
    { agent: 'codex', more: { restricted: true, prompt: '-x' }, argv: ['codex', 'exec', '--json', '-s', 'workspace-write', '--skip-git-repo-check', '-C', '/w', 'Read the file /p.md and do exactly what it says.'] },
    { agent: 'custom', more: { custom: 'my-agent -f {{PROMPT_FILE}} {{PROMPT}}' }, argv: ['my-agent', '-f', '/p.md', 'Do it.'] },
    { agent: 'custom', more: { custom: 'my-agent' }, argv: ['my-agent'] },
  ])('$agent $more', ({ agent, more, argv }) => {
    expect(adapterOf(agent).command({ ...input, ...more })).toMatchObject({ ok: true, value: { argv } });
  });

  test('an agent outside the PATH brings its folder along', () => {
    expect(adapterOf('codex').command({ ...input, path: '/opt/tools/codex' })).toMatchObject({ ok: true, value: { env: { PATH: '/usr/bin:/opt/tools' } } });
    expect(adapterOf('codex').command({ ...input, path: '/usr/bin/codex' })).toMatchObject({ ok: true, value: { env: {} } });
  });

  test('claude is told of its sandbox as root, which it refuses otherwise, and never when it is restricted', () => {
    const free = adapterOf('claude').command(input);
    expect(free.ok && free.value.env).toEqual(process.getuid?.() === 0 ? { IS_SANDBOX: '1' } : {});
    const restricted = adapterOf('claude').command({ ...input, restricted: true });
    expect(restricted.ok && restricted.value.env).toEqual({});
  });

  test.each(['gemini', 'opencode', 'copilot', 'qwen'] as const)('%s comes later', (agent) => {
    expect(adapterOf(agent).command(input)).toMatchObject({ ok: false, error: { kind: 'not-available' } });
  });

  test('no custom command is an error', () => {
    expect(adapterOf('custom').command(input)).toMatchObject({ ok: false, error: { kind: 'agent/missing' } });
  });
});
