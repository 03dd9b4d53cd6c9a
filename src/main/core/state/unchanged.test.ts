import fc from 'fast-check';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { runTask } from '../../../../test/runs';
import { runEventSchema } from '../../../shared/events';
import { runOptionsSchema } from '../../../shared/options';
import { unchanged } from './unchanged';

const isEvent = unchanged(runEventSchema);
const stamp = { at: '2026-01-01T00:00:00.000Z', run: 'r-1' };
const check = { command: 'npm test', where: 'lane', exitCode: 0, signal: null, seconds: 3, timedOut: false, tail: '' };
const evidence = { commits: ['c'], files: ['a.ts'], checks: [check], exitCode: null, signal: 'SIGTERM', seconds: 1.5, tail: '' };
const finished = { type: 'task.finished', ...stamp, task: 'T1', lane: 'one', attempt: 1, outcome: 'failed', reason: 'r', evidence, failure: { class: 'crashed', signature: '', tree: null, next: 'stop' } };
const started = {
  type: 'run.started', version: 1, spec: 's', specTitle: 's', specFolder: '/s', dialect: 'speckit', repo: '/r', specPath: 's', taskFiles: [], specIgnored: false, base: 'main', baseCommit: 'b',
  integrationBranch: 'i', journal: 'j', options: runOptionsSchema.parse({}), waves: [['T1']], slots: 4, tasks: [{ ...runTask('T1'), files: ['a.ts'] }], ...stamp,
};
const events = [
  started, finished, { type: 'run.resumed', ...stamp }, { type: 'gate.again', ...stamp, gate: 1 }, { type: 'notice', ...stamp, level: 'info', code: 'c', text: 't', task: null },
  { type: 'gate.opened', ...stamp, gate: 1, phases: ['p'], from: 'c', tasks: [], manual: [{ title: 't', file: 'f', line: 1 }] },
];

test.each(events.map((event) => [event.type, event] as const))('knows %s as it is written, in any order of its fields', (_type, event) => {
  expect(isEvent(event)).toBe(true);
  expect(isEvent(Object.fromEntries(Object.entries(event).reverse()))).toBe(true);
});

test.each([
  ['a field that the schema does not know', { ...finished, more: 1 }],
  ['one inside', { ...finished, evidence: { ...evidence, more: 1 } }],
  ['one in a list', { ...finished, evidence: { ...evidence, checks: [{ ...check, more: 1 }] } }],
  ['a default that is not there', { ...finished, evidence: { ...evidence, tail: undefined } }],
  ['an older check', { ...finished, evidence: { ...evidence, checks: [{ ...check, timedOut: undefined }] } }],
  ['a weight that is no weight', { ...started, tasks: [{ ...runTask('T1'), weight: -1 }] }],
  ['a number that is none', JSON.parse(JSON.stringify(finished).replace('1.5', '1e999'))],
  ['a field called __proto__', JSON.parse(JSON.stringify(finished).replace('"reason"', '"__proto__":{},"reason"'))],
  ['an unknown type', { ...finished, type: 'task.vanished' }],
  ['an unknown outcome', { ...finished, outcome: 'well' }],
  ['a list for an object', { ...finished, evidence: [] }],
  ['a list', [finished]], ['null', null], ['a text', 'task.finished'],
])('leaves %s to zod', (_name, value) => {
  expect(isEvent(value)).toBe(false);
});

test('what it passes is what zod gives back, whatever is done to an event', () => {
  const places = fc.constantFrom(...events).chain((event) => {
    const paths: (readonly string[])[] = [];
    const walk = (value: unknown, path: readonly string[]): void => {
      if (path.length > 0) paths.push(path);
      if (typeof value === 'object' && value !== null) for (const [name, inside] of Object.entries(value)) walk(inside, [...path, name]);
    };
    walk(event, []);
    return fc.tuple(fc.constant(event), fc.constantFrom(...paths), fc.oneof(fc.jsonValue(), fc.constantFrom('done', 'lane', 'notice', 'run.resumed', 0, -1, 2 ** 60, [], {})), fc.constantFrom('set', 'remove', 'add'));
  });
  fc.assert(fc.property(places, ([event, path, value, how]) => {
    const changed: Record<string, unknown> = structuredClone(event);
    // Every part on the way to a path is an object or a list; both are told by name.
    const parent = path.slice(0, -1).reduce<Record<string, unknown>>((part, name) => part[name] as Record<string, unknown>, changed);
    const last = path[path.length - 1] ?? '';
    if (how === 'set') parent[last] = value;
    else if (how === 'remove') delete parent[last];
    else parent[`${last}x`] = value;
    const line: unknown = JSON.parse(JSON.stringify(changed));
    const parsed = runEventSchema.safeParse(line);
    if (isEvent(line)) expect([parsed.success, parsed.data]).toStrictEqual([true, line]);
  }), { numRuns: 1000 });
});

test.each<[string, z.ZodType, unknown, boolean]>([
  ['a rule of its own', z.string().min(2), 'ab', true], ['one that is broken', z.string().min(2), 'a', false], ['a change', z.string().trim(), ' a', false], ['nothing to change', z.string().trim(), 'a', true],
  ['coercion', z.coerce.number(), '1', false], ['a union', z.union([z.number(), z.string()]), 'a', true], ['a strict object', z.strictObject({ a: z.string() }), { a: 'a' }, false],
  ['a rule of an object', z.object({ a: z.string() }).refine(() => false), { a: 'a' }, false], ['a transformation', z.string().transform((text) => `${text}!`), 'a', false], ['what may be anything', z.unknown(), 'a', true],
  ['a rule of a list', z.array(z.string()).max(1), ['a', 'b'], false], ['a record', z.record(z.string(), z.string()), { a: 'a' }, false], ['what is caught', z.string().catch('b'), 1, false],
])('asks zod about kinds that it does not know: %s', (_name, schema, value, passes) => {
  expect(unchanged(schema)(value)).toBe(passes);
});
