/** The registry of a maestro or conductor project (`tracks.md`) and a track's own `metadata.json`. */
import { scan, type Row } from './scan';

export interface Track {
  /** Name of the track's folder; null when neither an id nor a link tells it. */
  readonly id: string | null;
  readonly title: string;
  readonly state: 'open' | 'active' | 'done';
  /** 1-based. */
  readonly line: number;
}

// - [ ] **Track: Name**         and the older        ## [x] Track: Name
const trackTitle = /^\W*Track\s*[:：]\s*(.*?)(?:\*\*|__)?\s*$/i;
// *Type: feature | ID: [auth_20250101](./tracks/auth_20250101/)*     *ID: auth_20250101*
const idKey = /\bID\s*[:：]\s*(?:\*\*)?\s*\[?`?([\w.-]{1,100})/i;
// Link: [auth](./tracks/auth_20250101/)      [plan](archive/auth_20250101/plan.md)
const link = /(?:^|[(\s/])(?:tracks|archive)\/([\w.-]{1,100})(?:\/|\)|\]|$|\s)/;

function stateOf(mark: string): Track['state'] {
  if (/[xX✓✔✅]/.test(mark)) return 'done';
  return /[~>/]/.test(mark) ? 'active' : 'open';
}

function startOf(row: Row): Track | null {
  const box = row.kind === 'box' || row.kind === 'heading' ? row.box : null;
  const title = box ? trackTitle.exec(box.text.trim())?.[1] : undefined;
  return box && title !== undefined ? { id: null, title: title.replace(/\*\*|__/g, '').trim(), state: stateOf(box.mark), line: row.number } : null;
}

/** Tracks of a registry in order. The lines below a track, up to the next one, may give its id or a link to its folder. */
export function parseTracks(text: string): Track[] {
  const tracks: Track[] = [];
  for (const row of scan(text).rows) {
    const start = startOf(row);
    if (start) tracks.push(start);
    const last = tracks.at(-1);
    if (!last || last.id !== null) continue;
    const id = idKey.exec(row.visible)?.[1] ?? link.exec(row.visible)?.[1];
    if (id !== undefined && id !== '.' && id !== '..') tracks[tracks.length - 1] = { ...last, id };
  }
  return tracks;
}

/** What Braid shows of a track's metadata; everything else in the file stays as it is, because Braid never writes it. */
export interface TrackMetadata {
  readonly trackId: string | null;
  readonly type: string | null;
  readonly status: string | null;
  readonly description: string | null;
}

/** Reads `metadata.json`: `{ "track_id", "type", "status", "description", ... }`. Null when it is no JSON object. */
export function parseTrackMetadata(text: string): TrackMetadata | null {
  let value: unknown;
  try {
    value = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    // Half-written or broken: the plan itself tells all that is needed.
    return null;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
  const fields = new Map<string, unknown>(Object.entries(value));
  const word = (key: string): string | null => {
    const field = fields.get(key);
    return typeof field === 'string' && field.trim() !== '' ? field.trim() : null;
  };
  return { trackId: word('track_id'), type: word('type'), status: word('status'), description: word('description') };
}
