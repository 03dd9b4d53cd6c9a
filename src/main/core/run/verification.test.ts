import { describe, expect, test } from 'vitest';
import { isVerification, untouchedFiles } from './verification';

const says = (title: string, more: readonly string[] = [], files: readonly string[] = []): boolean =>
  isVerification({ title, details: more.map((text) => ({ text, file: '', line: 1 })), steps: [], files });

describe('a verification', () => {
  test.each([
    'Verify that the login works', 'Validate all quickstart scenarios', 'Run quickstart.md validation', 'Run the tests', 'Run all unit tests', '[P] [US1] Run the full test suite', 'Run linter', 'Execute the end-to-end tests',
    'Check that no secret is logged', 'Manual test of the sign-up', 'Manually verify the dark theme', 'Smoke test on a clean machine', '**Verify** acceptance criteria', 'Perform a manual walkthrough', 'Confirm coverage is above 80 %',
    'Re-verify the contracts', 'Validate that errors are logged', 'Validate against the spec', 'Regression testing of the importer',
  ])('%s', (title) => {
    expect(says(title)).toBe(true);
  });

  test.each([
    'Write tests for the parser', 'Run the tests and fix what fails', 'Verify and update docs/api.md', 'Implement verification of tokens', 'Add validation to src/form.ts', 'Check in the lock file', 'Create src/verify.ts', 'Run database migrations',
    'Ensure that the API is documented', 'Test the parser in tests/parser.test.ts', 'Verification service in src/verify.ts', 'Run prettier', 'Set up CI to run the tests', 'Verify inputs by adding a schema', 'Manual in docs/manual.md', 'Validate emails',
    'Validate user input', 'Validate the request body',
  ])('not: %s', (title) => {
    expect(says(title)).toBe(false);
  });

  test('work in its details or steps is work', () => {
    expect(says('Verify the importer', ['If it breaks, fix it'])).toBe(false);
    expect(isVerification({ title: 'Verify the importer', files: [], details: [], steps: [{ id: null, title: 'Create the fixture', line: 1, done: false }] })).toBe(false);
  });
});

describe('a file in a verification', () => {
  test.each([['quickstart.md', true], ['tests/login.spec.ts', true], ['src/a.test.ts', true], ['src/a.ts', false], ['contracts/api.yaml', false]])('%s', (file, want) => {
    expect(says('Verify the login', [], [file])).toBe(want);
  });
});

describe('declared files', () => {
  test.each<[readonly string[], readonly string[], readonly string[]]>([
    [['src/a.ts'], ['src/a.ts'], []],
    [['src/a.ts', 'src/b.ts'], ['src/a.ts'], ['src/b.ts']],
    [['./src/a.ts', 'a.ts', 'src/'], ['src/a.ts'], []],
    [['src/models/'], ['src/models/user.ts'], []],
    [['src/mod'], ['src/models/user.ts'], ['src/mod']],
    [['src/**/*.ts'], ['src/deep/a.ts'], []],
    [['lib/*.ts'], ['src/a.ts'], ['lib/*.ts']],
    [[], ['x'], []],
  ])('%j and %j leave %j', (declared, touched, want) => {
    expect(untouchedFiles(declared, touched)).toEqual(want);
  });
});
