/** Which dialect a task file is written in: its place tells first, then its lines. */
import type { Dialect } from '../../../shared/domain';
import { isLetterId } from './ids';
import { scan, type Scan } from './scan';
import { taskHeading } from './headings';

const places: readonly (readonly [RegExp, Dialect])[] = [
  [/\.ya?ml$/i, 'tasks-yaml'],
  [/(?:^|\/)openspec\/(?:.*\/)?changes\//, 'openspec'],
  [/(?:^|\/)(?:conductor|\.conductor|\.maestro)\/(?:tracks|archive)(?:\/|\.md$)|(?:^|\/)superpowers\/plans\//, 'track'],
  [/(?:^|\/)\.kiro\/|(?:^|\/)(?:Auto Run Docs|playbooks)\//, 'checklist'],
];

/** `path` with forward slashes, as far as it is known; `text` of the file, `found` its scan where there is one already. */
export function detectDialect(path: string, text: string, found?: Scan): Dialect {
  return dialectOfPlace(path) ?? dialectOfLines(text, found ?? scan(text));
}

const dialectOfPlace = (path: string): Dialect | null => places.find(([pattern]) => pattern.test(path))?.[1] ?? null;

function dialectOfLines(text: string, found: Scan): Dialect {
  let boxes = 0, letters = 0, dotted = 0, track = 0, kiro = 0;
  for (const row of found.rows) {
    if (row.kind === 'heading' && taskHeading(row.heading.text)) track += 1;
    if (row.kind === 'text' && /_Requirements?:/.test(row.visible)) kiro += 1;
    const box = row.kind === 'box' || row.kind === 'heading' ? row.box : null;
    if (!box) continue;
    boxes += 1;
    const id = box.parsed.id;
    if (id !== null && isLetterId(id)) letters += 1;
    else if (id !== null && /^\d+[a-z]?\.\d/.test(id)) dotted += 1;
    else if (/^\s*(?:\*\*)?(?:Sub-)?Task:/i.test(box.text)) track += 1;
  }
  if (letters > 0 && letters * 3 >= boxes - track) return 'speckit';
  if (track > 0) return 'track';
  if (dotted * 2 > boxes && kiro === 0) return 'openspec';
  return boxes === 0 && /\bT\d{3,}\b/.test(text) ? 'speckit' : 'checklist';
}
