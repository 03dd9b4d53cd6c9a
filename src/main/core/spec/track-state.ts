/** States of a whole track: its line in the registry (`tracks.md`) and the fields of its `metadata.json`. All other bytes stay as they are. */
import { isMap, isScalar, parseDocument } from 'yaml';
import { parseTracks } from './tracks';
import { markLine } from './write-back';

export type TrackState = 'active' | 'done';

/** The registry with the track's box set; unchanged when the track is not in it, or is done already. */
export function markTrack(registry: Buffer, id: string, state: TrackState): Buffer {
  const track = parseTracks(registry.toString('utf8')).find((one) => one.id === id);
  if (!track || track.state === 'done' || track.state === state) return registry;
  return markLine(registry, track.line, state === 'done' ? 'x' : '~');
}

export interface TrackFields {
  readonly status: string;
  /** ISO time; null leaves `updated_at` alone. */
  readonly updatedAt: string | null;
}

interface Field {
  readonly value: string;
  readonly start: number;
  readonly end: number;
}

const sizeLimit = 500_000;
/** States that a run may move on from; `cancelled` and its like are a person's word. */
const movable = /^(?:new|open|pending|planned|todo|ready|active|in[_ -]?progress)$/i;

/** Top-level strings of a JSON object with their places; null for anything that is no JSON object, which is then left alone. */
function fieldsOf(text: string): ReadonlyMap<string, Field> | null {
  if (text.length > sizeLimit || !/^\uFEFF?\s*\{/.test(text)) return null;
  // JSON is YAML, and this reader tells where each value stands.
  const document = parseDocument(text, { uniqueKeys: false, prettyErrors: false });
  if (document.errors.length > 0 || !isMap(document.contents)) return null;
  const fields = new Map<string, Field>();
  for (const { key, value } of document.contents.items) {
    if (!isScalar(key) || !isScalar(value) || typeof value.value !== 'string' || !value.range) continue;
    fields.set(String(key.value), { value: value.value, start: value.range[0], end: value.range[1] });
  }
  return fields;
}

/** The metadata's status and time; null when it is no JSON object with a status. */
export function trackFields(metadata: Buffer): TrackFields | null {
  const fields = fieldsOf(metadata.toString('utf8'));
  const status = fields?.get('status');
  return status ? { status: status.value, updatedAt: fields?.get('updated_at')?.value ?? null } : null;
}

/** The metadata with other values of `status` and `updated_at`, where it has them; unknown fields, order and layout are kept. */
export function withTrackFields(metadata: Buffer, wanted: TrackFields): Buffer {
  const text = metadata.toString('utf8');
  const fields = Buffer.from(text).equals(metadata) ? fieldsOf(text) : null;
  const changes = [{ at: fields?.get('status'), value: wanted.status }, { at: fields?.get('updated_at'), value: wanted.updatedAt }];
  let result = text;
  for (const { at, value } of changes.sort((a, b) => (b.at?.start ?? 0) - (a.at?.start ?? 0))) {
    if (at && value !== null && at.value !== value) result = result.slice(0, at.start) + JSON.stringify(value) + result.slice(at.end);
  }
  return result === text ? metadata : Buffer.from(result);
}

/** The metadata of a track that a run works on or has finished. A status that a person set to something else stays. */
export function withTrackState(metadata: Buffer, state: TrackState, updatedAt: string): Buffer {
  const known = trackFields(metadata);
  if (!known || !movable.test(known.status)) return metadata;
  return withTrackFields(metadata, { status: state === 'done' ? 'completed' : 'in_progress', updatedAt });
}
