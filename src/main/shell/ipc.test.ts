import { expect, test, vi } from 'vitest';
import { commands, type AppEvent, type Handlers } from '../../shared/ipc';
import { ok } from '../../shared/result';

// Outside Electron the module is the path of a binary; dispatch and the sender check need none of it.
vi.mock('electron', () => ({ ipcMain: {} }));
const { createPublisher, dispatch, isOwnSender } = await import('./ipc');

const calls: unknown[] = [];
const answers = Object.fromEntries(Object.keys(commands).map((name) => [name, (input: unknown) => {
  calls.push([name, input]);
  return Promise.resolve(ok(null));
}]));
// Built from the contract's own names, so every handler is there; their outputs do not matter here.
const handlers = { ...answers, 'app.openSample': () => Promise.reject(new Error('a bug')) } as unknown as Handlers;

test('a known command with fitting input reaches its handler, with defaults filled in', async () => {
  expect(await dispatch(handlers, 'spec.open', { path: '/a' })).toEqual(ok(null));
  expect(calls.at(-1)).toEqual(['spec.open', { path: '/a', file: null }]);
});

test.each([
  ['an unknown name', 'spec.delete', {}],
  ['an inherited name', 'constructor', {}],
  ['a name that is no string', ['run.start'], {}],
  ['a missing field', 'spec.open', {}],
  ['an extra field', 'run.start', { force: true }],
  ['a value out of range', 'terminal.resize', { terminal: 'a', cols: 0, rows: 10 }],
  ['nothing', 'run.start', undefined],
])('%s is refused before any handler runs', async (_name, command, input) => {
  const before = calls.length;
  expect(await dispatch(handlers, command, input)).toMatchObject({ ok: false, error: { kind: 'ipc/invalid' } });
  expect(calls).toHaveLength(before);
});

test('a bug in a handler is an error of kind internal', async () => {
  const write = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  expect(await dispatch(handlers, 'app.openSample', {})).toEqual({ ok: false, error: { kind: 'internal', detail: 'a bug' } });
  expect(write).toHaveBeenCalledOnce();
  write.mockRestore();
});

test('only the own page in the own top frame is heard', () => {
  const url = 'braid-app://window/index.html';
  const frame = { url: `${url}#x` };
  const own = { mainFrame: frame };
  // Stand-ins with the few fields that the check reads: real frames exist only inside Electron.
  const check = (sender: unknown, senderFrame: unknown): boolean => isOwnSender({ sender, senderFrame } as never, own as never, url);
  expect(check(own, frame)).toBe(true);
  expect(check({ mainFrame: frame }, frame)).toBe(false);
  expect(check(own, { url })).toBe(false);
  expect(check(own, null)).toBe(false);
  frame.url = 'https://example.org/index.html';
  expect(check(own, frame)).toBe(false);
});

test('events of one turn travel together and in order', async () => {
  const sent = await new Promise<readonly AppEvent[]>((done) => {
    // The publisher uses only these two members of a page.
    const target = { isDestroyed: () => false, send: (_channel: string, events: readonly AppEvent[]) => done(events) } as never;
    const publish = createPublisher(() => target);
    publish({ type: 'menu', action: 'run' });
    publish({ type: 'menu', action: 'stop' });
  });
  expect(sent).toEqual([{ type: 'menu', action: 'run' }, { type: 'menu', action: 'stop' }]);
});
