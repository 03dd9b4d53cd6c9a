import { expect, test } from 'vitest';
import { readArguments } from './argv';

const nothing = { spec: null, repo: null, agentCommand: null, userDataDir: null, sample: false };

test.each([
  ['nothing', ['.'], nothing],
  ['separate values', ['.', '--spec', '/a b/specs/001', '--repo', '/a b'], { ...nothing, spec: '/a b/specs/001', repo: '/a b' }],
  ['values with =', ['.', '--spec=/s=1', '--user-data-dir=/u'], { ...nothing, spec: '/s=1', userDataDir: '/u' }],
  ['a command line with its own switches', ['--agent-command', 'node x.js --flag {{PROMPT}}'], { ...nothing, agentCommand: 'node x.js --flag {{PROMPT}}' }],
  ['switches of a test driver', ['--no-sandbox', '--inspect=0', '--remote-debugging-port=0', '.', '--sample'], { ...nothing, sample: true }],
  ['a missing value', ['--spec', '--sample'], { ...nothing, sample: true }],
  ['an empty value', ['--spec='], nothing],
  ['the last one wins', ['--spec', '/a', '--spec', '/b'], { ...nothing, spec: '/b' }],
  ['an inherited name', ['--toString', 'x', '--spec', '/a'], { ...nothing, spec: '/a' }],
])('%s', (_name, argv, expected) => {
  expect(readArguments(argv)).toEqual(expected);
});
