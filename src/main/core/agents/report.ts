/** The file at BRAID_REPORT in which an agent may say how it went (contracts.md "What an agent process gets"). */
import { open } from 'node:fs/promises';
import { z } from 'zod';
import { stripControl } from '../../../shared/plain-text';

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

/** A `notice` says what is wrong with a report that cannot be used. */
export type ReportReading =
  | { readonly kind: 'none' }
  | { readonly kind: 'report'; readonly report: ReportFile }
  | { readonly kind: 'notice'; readonly notice: string };

const unusable = (why: string): ReportReading => ({ kind: 'notice', notice: `The agent's report was ignored: ${why}.` });

async function readBounded(path: string): Promise<string | null> {
  const handle = await open(path, 'r');
  try {
    const stats = await handle.stat();
    if (!stats.isFile() || stats.size > sizeLimit) return null;
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
  if (parsed.success) return { kind: 'report', report: parsed.data };
  const issue = parsed.error.issues[0];
  return unusable(`${issue?.path.join('.') || 'its shape'}: ${issue?.message ?? 'not as expected'}`);
}

/** Reads a report. Missing is normal; anything malformed becomes a notice and never an error. */
export async function readReport(path: string): Promise<ReportReading> {
  try {
    const text = await readBounded(path);
    return text === null ? unusable('it is no plain file of at most 1 MB') : parse(text);
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unreadable';
    return code === 'ENOENT' ? { kind: 'none' } : unusable(`it cannot be read (${code})`);
  }
}
