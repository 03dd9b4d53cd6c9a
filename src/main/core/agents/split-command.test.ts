import { describe, expect, test } from 'vitest';
import { argumentLimit, asArgument, splitCommand } from './split-command';

describe('splitCommand', () => {
  test.each<{ command: string; argv: readonly string[] }>([
    { command: 'agent', argv: ['agent'] },
    { command: '  agent   --yes\t-v\n', argv: ['agent', '--yes', '-v'] },
    { command: `agent 'two words' "and three more"`, argv: ['agent', 'two words', 'and three more'] },
    { command: `agent a'b 'c"d "e`, argv: ['agent', 'ab cd e'] },
    { command: `agent '' ""`, argv: ['agent', '', ''] },
    { command: 'agent two\\ words \\"x\\"', argv: ['agent', 'two words', '"x"'] },
    { command: `agent 'a\\b' "c\\d" "e\\"f" "g\\\\h" "\\$x"`, argv: ['agent', 'a\\b', 'c\\d', 'e"f', 'g\\h', '$x'] },
    { command: `agent 'it'\\''s'`, argv: ['agent', "it's"] },
    { command: 'agent one\\\ntwo "three\\\nfour"', argv: ['agent', 'onetwo', 'threefour'] },
    { command: 'agent $HOME *.ts ~ `id` $(id) | rm && ; > x #y', argv: ['agent', '$HOME', '*.ts', '~', '`id`', '$(id)', '|', 'rm', '&&', ';', '>', 'x', '#y'] },
    { command: '"/path with spaces/agent" ü✓', argv: ['/path with spaces/agent', 'ü✓'] },
  ])('$command', ({ command, argv }) => {
    expect(splitCommand(command)).toEqual({ ok: true, value: argv });
  });

  test.each([
    { command: '', detail: /empty/ },
    { command: '   ', detail: /empty/ },
    { command: `'' x`, detail: /empty/ },
    { command: `agent 'open`, detail: /' is not closed/ },
    { command: `agent "open`, detail: /" is not closed/ },
    { command: 'agent \\', detail: /backslash/ },
    { command: 'agent \0', detail: /zero byte/ },
  ])('refuses $command', ({ command, detail }) => {
    expect(splitCommand(command)).toMatchObject({ ok: false, error: { kind: 'agent/bad-command', command, detail: expect.stringMatching(detail) } });
  });

  test.each([
    { command: 'agent {{PROMPT}}', argv: ['agent', `it's "two" words $(x) {{PROMPT_FILE}}`] },
    { command: 'agent --text={{PROMPT}} {{PROMPT_FILE}}', argv: ['agent', `--text=it's "two" words $(x) {{PROMPT_FILE}}`, '/a b/p.md'] },
    { command: `agent '@{{PROMPT_FILE}}' {{OTHER}}`, argv: ['agent', '@/a b/p.md', '{{OTHER}}'] },
    { command: 'agent --yes', argv: ['agent', '--yes'] },
  ])('fills placeholders after splitting: $command', ({ command, argv }) => {
    expect(splitCommand(command, { prompt: `it's "two" words $(x) {{PROMPT_FILE}}`, promptFile: '/a b/p.md' })).toEqual({ ok: true, value: argv });
  });

  test('points at the file when the prompt is too long for an argument', () => {
    const long = splitCommand('agent {{PROMPT}}', { prompt: 'x'.repeat(argumentLimit), promptFile: '/p.md' });
    expect(long).toEqual({ ok: true, value: ['agent', 'Read the file /p.md and do exactly what it says.'] });
  });
});

test.each([
  { name: 'short', prompt: 'do it', want: 'do it' },
  { name: 'long in bytes', prompt: '✓'.repeat(argumentLimit / 3 + 1), want: 'Read the file /p.md and do exactly what it says.' },
  { name: 'like an option', prompt: '--- front matter', want: 'Read the file /p.md and do exactly what it says.' },
])('a prompt that is $name as an argument', ({ prompt, want }) => {
  expect(asArgument(prompt, '/p.md')).toBe(want);
});
