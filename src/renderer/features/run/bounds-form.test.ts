import { expect, test } from 'vitest';
import { boundProblem } from './bounds-form';

test.each([
  ['silence', null, null], ['silence', 0, null], ['silence', 604_800, null], ['silence', -1, 'It must be at least 0.'], ['silence', 604_801, 'It must be at most 604,800.'],
  ['runTimeout', 0, null], ['runTimeout', 2_592_001, 'It must be at most 2,592,000.'],
  ['maxCost', null, null], ['maxCost', 0.5, null], ['maxCost', 0, 'It must be above 0.'],
  ['maxTokens', 1, null], ['maxTokens', 1.5, 'A whole number is needed.'], ['maxTokens', 0, 'It must be above 0.'],
] as const)('%s of %s', (name, value, said) => {
  expect(boundProblem(name, value)).toBe(said);
});
