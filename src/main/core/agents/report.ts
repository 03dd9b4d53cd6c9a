/** The file at BRAID_REPORT in which an agent may say how it went (contracts.md "What an agent process gets"). */
import { z } from 'zod';
import { stripControl } from '../../../shared/plain-text';
import { openPlain } from '../plain-file';

const sizeLimit = 1024 * 1024;
const plain = (limit: number) => z.string().transform((text) => stripControl(text).slice(0, limit));
const count = z.number().min(0).nullish().transform((value) => value ?? null);

const reportSchema = z.object({
  status: z.enum(['done', 'blocked', 'needs-input']),
  summary: plain(4000).default(''),
  notes: z.array(plain(2000)).max(100).default([]),
  usage: z.object({ inputTokens: count, outputTokens: count, costUsd: count }).nullish().transform((usage) => usage ?? null),
});

/** What the agent says of its own work. It is never proof. */
export type ReportFile = z.infer<typeof reportSchema>;

/** `report` is null when there is none; `notice` says what is wrong with one that cannot be used. */
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

function parse(text: string): ReportReading {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return unusable('it is not JSON');
  }
  const parsed = reportSchema.safeParse(value);
  if (parsed.success) return { report: parsed.data, notice: null };
  const issue = parsed.error.issues[0];
  return unusable(`${issue?.path.join('.') || 'its shape'}: ${issue?.message ?? 'not as expected'}`);
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
