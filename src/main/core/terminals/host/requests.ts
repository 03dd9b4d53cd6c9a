/** What a host does for each request of its owner. */
import { assertNever } from '../../../../shared/result';
import type { TerminalStore } from '../store';
import { describeHosted, type Hosted, type HostedProcesses } from './hosted';
import type { AnswerTo, HostError, Request } from './messages';

export type Answer =
  | { readonly ok: true; readonly value: unknown; readonly payload?: Uint8Array; /** A process whose end is told afterwards. */ readonly hosted?: Hosted }
  | { readonly ok: false; readonly error: HostError };

interface Parts {
  readonly store: TerminalStore;
  readonly processes: HostedProcesses;
}

const done: Answer = { ok: true, value: null };

async function start({ processes }: Parts, request: Extract<Request, { type: 'start' }>): Promise<Answer> {
  const started = await processes.start(request.command);
  if (!started.ok) {
    const { error } = started;
    return { ok: false, error: error.kind === 'agent/start' ? error : { kind: 'internal', detail: error.kind } };
  }
  const { id, process, started: since } = started.value;
  const value: AnswerTo<'start'> = { process: id, pid: process.pid, started: since };
  return { ok: true, value, hosted: started.value };
}

function attach({ store }: Parts, terminal: string): Answer {
  const attachment = store.attach(terminal);
  if (!attachment) return done;
  const { seq, cols, rows, running, data } = attachment;
  const value: AnswerTo<'attach'> = { seq, cols, rows, running };
  return { ok: true, value, payload: data };
}

async function look({ processes }: Parts, id: number): Promise<Answer> {
  const entry = processes.find(id);
  if (!entry) return { ok: false, error: { kind: 'internal', detail: `no process ${id} in this host` } };
  return { ok: true, value: await entry.process.look() };
}

/** Does what is asked. Messages without an answer resolve with null. */
export async function perform(parts: Parts, request: Request, payload: Uint8Array): Promise<Answer> {
  const { store, processes } = parts;
  switch (request.type) {
    case 'start': return start(parts, request);
    case 'say':
      await store.say(request);
      return done;
    case 'stop':
      await processes.stop(request.process);
      return done;
    case 'look': return look(parts, request.process);
    case 'list': return { ok: true, value: { processes: processes.all().map(describeHosted), terminals: store.names() } };
    case 'attach': return attach(parts, request.terminal);
    case 'adopt':
      store.adopt(request.terminal, { seq: request.seq, data: payload });
      return done;
    case 'shutdown':
      await store.dispose();
      return done;
    case 'detach':
      store.detach(request.terminal);
      return done;
    case 'ack':
      store.ack(request.terminal, request.seq);
      return done;
    case 'write':
      store.write(request.terminal, request.data);
      return done;
    case 'resize':
      store.resize(request.terminal, request.cols, request.rows);
      return done;
    default:
      return assertNever(request);
  }
}
