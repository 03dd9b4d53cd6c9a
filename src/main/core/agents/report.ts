/** The file at BRAID_REPORT in which an agent may say how it went (contracts.md "What an agent process gets"). */
import { z } from 'zod';
import type { Usage } from '../../../shared/domain';
import { stripControl } from '../../../shared/plain-text';
import { openPlain } from '../plain-file';

const sizeLimit = 1024 * 1024;
const plain = (limit: number) => z.string().transform((text) => stripControl(text).slice(0, limit));
const count = z.number().min(0);

const fields = {
  status: z.enum(['done', 'blocked', 'needs-input']),
  summary: plain(4000),
  notes: z.array(plain(2000)).max(100),
} as const;
const usageFields = { inputTokens: count, outputTokens: count, costUsd: count } as const;

/** What the agent says of its own work; a status of null is none that it could mean. It is never proof. */
export interface ReportFile {
  readonly status: z.infer<typeof fields.status> | null;
  readonly summary: string;
  readonly notes: readonly string[];
  readonly usage: Usage | null;
}

/** `report` is null when there is none; `notice` says what is wrong with one that cannot be used, or with fields that were left out. */
export interface ReportReading {
  readonly report: ReportFile | null;
  readonly notice: string | null;
}

const notPlain = 'it is no plain file of at most 1 MB';
const unusable = (why: string): ReportReading => ({ report: null, notice: `The agent's report was ignored: ${why}.` });

async function readBounded(path: string): Promise<string | null> {
  const handle = await openPlain(path, { links: false });
  try {
    const { size } = await handle.stat();
    if (size > sizeLimit) return null;
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(sizeLimit), 0, sizeLimit, 0);
    return buffer.toString('utf8', 0, bytesRead);
  } finally {
    await handle.close();
  }
}

/** An object's fields one by one: one that is malformed costs no other. */
function fieldsOf(value: object, wrong: (issue: string) => void): <T>(name: string, schema: z.ZodType<T>) => T | null {
  const entries = new Map<string, unknown>(Object.entries(value));
  return (name, schema) => {
    const field = entries.get(name) ?? null;
    const parsed = schema.safeParse(field);
    if (field !== null && !parsed.success) wrong(`${name}: ${parsed.error.issues[0]?.message ?? 'not as expected'}`);
    return parsed.success ? parsed.data : null;
  };
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null && !Array.isArray(value);

function parse(text: string): ReportReading {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return unusable('it is not JSON');
  }
  if (!isObject(value)) return unusable('its shape: not an object');
  const wrong: string[] = [];
  const field = fieldsOf(value, (issue) => wrong.push(issue));
  const used: unknown = 'usage' in value ? value.usage ?? null : null;
  if (used !== null && !isObject(used)) wrong.push('usage: not an object');
  const amount = isObject(used) ? fieldsOf(used, (issue) => wrong.push(`usage.${issue}`)) : null;
  const report: ReportFile = {
    status: field('status', fields.status), summary: field('summary', fields.summary) ?? '', notes: field('notes', fields.notes) ?? [],
    usage: amount && { inputTokens: amount('inputTokens', usageFields.inputTokens), outputTokens: amount('outputTokens', usageFields.outputTokens), costUsd: amount('costUsd', usageFields.costUsd) },
  };
  if (report.status === null && !wrong.some((issue) => issue.startsWith('status'))) wrong.unshift('status: missing');
  return { report, notice: wrong.length === 0 ? null : `Parts of the agent's report were ignored: ${wrong.join('; ')}.` };
}

/** Reads a report. Missing is normal; anything malformed becomes a notice and never an error. */
export async function readReport(path: string): Promise<ReportReading> {
  try {
    const text = await readBounded(path);
    return text === null ? unusable(notPlain) : parse(text);
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unreadable';
    if (code === 'ENOENT') return { report: null, notice: null };
    return unusable(['EISDIR', 'EFTYPE', 'ELOOP'].includes(code) ? notPlain : `it cannot be read (${code})`);
  }
}
