/** What Braid and a host say to each other. Each side checks everything that it is told; the numbers are those of terminals/store.ts. */
import { z } from 'zod';

/** Both sides must speak the same version; another one is refused with a sentence. */
export const protocolVersion = 1;

const text = z.string();
const pid = z.number().int().positive();
const id = z.number().int().nonnegative();
const offset = z.number().int().nonnegative();

/** The first message of a connection. `pid` and `started` let the host see that an owner is dead although its socket is still open. */
export const helloSchema = z.object({ type: z.literal('hello'), version: z.number(), token: text.max(200), pid, started: text.max(200) });

const command = z.object({
  terminal: text, argv: z.array(text), cwd: text, env: z.record(text, text), logFile: text, reader: text.nullable(), memo: z.unknown(),
});

/** Requests; those with an `id` are answered. */
export const requestSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('start'), id, command }),
  z.object({ type: z.literal('say'), id, terminal: text, logFile: text, text }),
  /** Ends a process with its tree; after its end, what it left behind. */
  z.object({ type: z.literal('stop'), id, process: id }),
  z.object({ type: z.literal('look'), id, process: id }),
  z.object({ type: z.literal('list'), id }),
  /** Answered with the newest part of the stream as payload; null without such a terminal. */
  z.object({ type: z.literal('attach'), id, terminal: text }),
  /** A terminal goes on here that began elsewhere: the payload is its newest part, `seq` the offset of that. */
  z.object({ type: z.literal('adopt'), id, terminal: text, seq: offset }),
  /** Ends all processes, then the host. */
  z.object({ type: z.literal('shutdown'), id }),
  z.object({ type: z.literal('detach'), terminal: text }),
  z.object({ type: z.literal('ack'), terminal: text, seq: offset }),
  z.object({ type: z.literal('write'), terminal: text, data: text }),
  z.object({ type: z.literal('resize'), terminal: text, cols: z.number().int().min(2).max(1000), rows: z.number().int().min(1).max(1000) }),
]);

export type Request = z.infer<typeof requestSchema>;

export const endSchema = z.object({
  exitCode: z.number().nullable(), signal: z.union([z.number(), text]).nullable(), tail: text, conclusion: z.unknown(), lost: z.boolean(),
});

/** A process of a host: running, or ended (`end`). */
export const hostedSchema = z.object({ process: id, terminal: text, pid, started: text.nullable(), memo: z.unknown(), end: endSchema.nullable() });

export type HostedEntry = z.infer<typeof hostedSchema>;

/** Errors that a host can have. */
export const hostErrorSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('agent/start'), command: text, detail: text }),
  z.object({ kind: z.literal('internal'), detail: text }),
]);

export type HostError = z.infer<typeof hostErrorSchema>;

/** What answers carry, by the request's type. */
export const answers = {
  start: z.object({ process: id, pid, started: text.nullable() }),
  say: z.null(),
  stop: z.null(),
  look: z.object({ tail: text, silence: z.number() }),
  /** `terminals`: names of all terminals that the host has. */
  list: z.object({ processes: z.array(hostedSchema), terminals: z.array(text) }),
  attach: z.object({ seq: offset, cols: z.number(), rows: z.number(), running: z.boolean() }).nullable(),
  adopt: z.null(),
  shutdown: z.null(),
} as const;

export type AnswerTo<K extends keyof typeof answers> = z.infer<(typeof answers)[K]>;

/** Why a host does not take an owner: `busy`, it has one (`owner`, its pid); `ending`, it is about to be gone. */
export const greetingSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('welcome'), version: z.number() }),
  z.object({ type: z.literal('refused'), reason: z.enum(['busy', 'ending', 'token', 'version']), owner: z.number().nullable() }),
]);

export type Greeting = z.infer<typeof greetingSchema>;

export const reportSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('answer'), id, value: z.unknown() }),
  z.object({ type: z.literal('error'), id, error: hostErrorSchema }),
  /** A chunk of a watched terminal; the payload is its bytes. */
  z.object({ type: z.literal('data'), terminal: text, seq: offset }),
  z.object({ type: z.literal('exit'), terminal: text }),
  z.object({ type: z.literal('ended'), process: id, end: endSchema }),
]);

export type Report = z.infer<typeof reportSchema>;
