/**
 * Door 3: the host of one run's terminals, a process of its own that outlives Braid. `host.js <run folder> <grace, seconds>`, started by
 * core/terminals/host/launch.ts. It holds pseudo-terminals and nothing else of Braid's state.
 */
import { z } from 'zod';
import { sentence } from '../shared/errors';
import type { Left, LeftAttempt } from './core/run/left';
import { attemptMemoSchema } from './core/run/memo';
import { outputReader } from './core/run/output-reader';
import { newSocket, newToken, removeAddress, removeSocket } from './core/terminals/host/address';
import { HostedProcesses } from './core/terminals/host/hosted';
import { readyMessage } from './core/terminals/host/launch';
import { protocolVersion } from './core/terminals/host/messages';
import { NoticeBoard } from './core/terminals/host/notice-board';
import { HostServer } from './core/terminals/host/server';
import { Vigil } from './core/terminals/host/vigil';
import { startOf } from './core/terminals/process-table';
import { TerminalStore } from './core/terminals/store';

/** Seconds that a host stays when nothing runs in it and nobody is there. */
const idle = 60;

const say = (text: string): void => void process.stderr.write(`${new Date().toISOString()} ${text}\n`);

/** Nobody came back: the agents are ended, what they left is committed, and what became of them is written down for whoever resumes the run. */
async function giveUp(folder: string, processes: HostedProcesses, why: Left['why']): Promise<void> {
  // What runs now is ended by the host; an end that came before is the agent's own.
  const cut = new Set(processes.all().filter(({ end }) => end === null));
  await Promise.all([...cut].map(({ process }) => process.stop()));
  const { keepWork, writeLeft } = await import('./core/run/left');
  const attempts: LeftAttempt[] = [];
  for (const entry of processes.all()) {
    const memo = attemptMemoSchema.safeParse(entry.memo);
    if (memo.success) attempts.push(await keepWork({ memo: memo.data, pid: entry.process.pid, end: cut.has(entry) ? null : entry.end }));
  }
  if (attempts.length === 0) return;
  const written = await writeLeft(folder, { at: new Date().toISOString(), why, attempts });
  if (!written.ok) say(sentence(written.error));
  for (const { memo, commit, problem } of attempts) say(`${memo.task}: ${problem ?? (commit === null ? 'nothing to commit' : `committed ${commit}`)}`);
}

async function main(folder: string, grace: number): Promise<void> {
  const store = new TerminalStore({ reader: outputReader });
  const board = new NoticeBoard(folder, grace, say);
  const changed = (): void => {
    const state = { owned: server.owned, running: processes.running };
    vigil.see(state);
    board.see(state);
  };
  const processes = new HostedProcesses(store, changed);
  const token = newToken();
  const socket = await newSocket(process.env);
  let ending = false;
  const end = async (last: () => Promise<void> = async () => undefined): Promise<void> => {
    if (ending) return;
    ending = true;
    vigil.stop();
    server.refuseAll();
    try {
      await last();
      await store.dispose();
    } catch (cause) {
      say(cause instanceof Error ? cause.stack ?? cause.message : String(cause));
    }
    await board.close();
    await removeAddress(folder, token);
    await removeSocket(socket);
    process.exit(0);
  };
  const vigil = new Vigil({ grace: grace * 1000, idle: Math.min(idle, grace) * 1000, over: (why) => {
    say(why === 'grace' ? `No Braid came back in ${grace} seconds.` : 'Nothing runs here any more and no Braid is there.');
    void end(() => giveUp(folder, processes, why));
  } });
  const server = new HostServer({ store, processes, token, changed, over: () => void end() });
  // The terminal of whoever started Braid is not the host's.
  for (const signal of ['SIGINT', 'SIGHUP'] as const) process.on(signal, () => undefined);
  process.on('SIGTERM', () => void end());
  await server.listen(socket);
  await board.open({ version: protocolVersion, socket, token, pid: process.pid, started: await startOf(process.pid) ?? '', alone: null });
  changed();
  // The parent may be dead by now: then this is a host without an owner, and it knows what to do.
  process.send?.(readyMessage, () => undefined);
}

/** A bug that nothing else caught: said in host.log, and it never ends an agent that goes on. */
process.on('uncaughtException', (error) => say(error.stack ?? error.message));
process.on('unhandledRejection', (reason) => say(reason instanceof Error ? reason.stack ?? reason.message : String(reason)));

const argumentsSchema = z.tuple([z.string().min(1), z.coerce.number().positive()]);
const given = argumentsSchema.safeParse(process.argv.slice(2));
if (given.success) {
  main(...given.data).catch((cause: unknown) => {
    say(cause instanceof Error ? cause.stack ?? cause.message : String(cause));
    process.exit(1);
  });
} else {
  say('host.js <run folder> <grace, seconds>: started by Braid, not by hand.');
  process.exit(3);
}
