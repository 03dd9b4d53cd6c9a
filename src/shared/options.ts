import { z } from 'zod';

export const agentNames = ['demo', 'claude', 'codex', 'gemini', 'opencode', 'copilot', 'qwen', 'custom'] as const;

/** Options of a run, as the command line and the window set them and as the journal keeps them. Defaults follow contracts. */
export const runOptionsSchema = z.object({
  agent: z.enum(agentNames).default('demo'),
  /** Command line of the custom agent with `{{PROMPT}}` or `{{PROMPT_FILE}}`; split like a shell would, run without one. */
  agentCommand: z.string().nullable().default(null),
  /** Less than full permissions where the agent offers it. */
  restricted: z.boolean().default(false),
  base: z.string().nullable().default(null),
  mode: z.enum(['auto', 'single', 'parallel', 'team']).default('auto'),
  maxParallel: z.number().int().min(1).max(64).default(4),
  worktrees: z.boolean().default(true),
  /** guided: waits for a person after every five tasks and at the end of each phase; debug: says why it decides as it does. */
  style: z.enum(['auto', 'guided', 'debug']).default('auto'),
  setup: z.string().nullable().default(null),
  checks: z.array(z.string()).default([]),
  retries: z.number().int().min(0).max(10).default(0),
  /** Seconds of one attempt; 0 = none. */
  timeout: z.number().min(0).max(604_800).default(2400),
  /** Seconds without a byte of output after which an attempt is ended; 0 = never, null = as the agent's adapter says. */
  silence: z.number().min(0).max(604_800).nullable().default(null),
  /** Seconds of the whole run, counted anew when it is resumed; 0 = none. */
  runTimeout: z.number().min(0).max(2_592_000).default(0),
  /** US dollars and tokens (in and out) of the whole run after which a person is asked, as far as agents report them; null = none. */
  maxCost: z.number().positive().nullable().default(null),
  maxTokens: z.number().int().positive().nullable().default(null),
  /** go-on: `retries` decides and the other tasks go on; auto-fix: failed checks are also retried without `retries`; prompt: a person decides; abort: no new tasks. */
  onFailure: z.enum(['go-on', 'auto-fix', 'prompt', 'abort']).default('go-on'),
  tasks: z.array(z.string()).nullable().default(null),
  from: z.string().nullable().default(null),
  strictPhases: z.boolean().default(false),
  /** Tasks that a person adds to the task files while the run goes on become part of it. */
  followEdits: z.boolean().default(false),
  land: z.enum(['ask', 'auto', 'never']).default('ask'),
});

export type RunOptions = z.infer<typeof runOptionsSchema>;

type Inner<T> = T extends z.ZodDefault<infer I> ? I : T;

/** The same object with every field optional and no default. */
export function withoutDefaults<S extends z.ZodRawShape>(schema: z.ZodObject<S>): z.ZodObject<{ [K in keyof S]: z.ZodOptional<Inner<S[K]> & z.core.SomeType> }> {
  const shape = Object.fromEntries(Object.entries(schema.shape).map(([name, field]) => [name, z.optional(field instanceof z.ZodDefault ? field.unwrap() : field)]));
  // Object.fromEntries forgets which field is which; the mapping above keeps them.
  return z.object(shape) as unknown as z.ZodObject<{ [K in keyof S]: z.ZodOptional<Inner<S[K]> & z.core.SomeType> }>;
}

/** Some of the options: what is absent stays as it is. zod's `partial` alone would fill in the defaults. */
export const runOptionsChangeSchema = withoutDefaults(runOptionsSchema).strict();
