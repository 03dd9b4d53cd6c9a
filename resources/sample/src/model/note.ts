/** One note: a Markdown file whose first line is the title. */
export interface Note {
  readonly id: string;
  readonly title: string;
  readonly body: string;
  readonly createdAt: string;
}

/** Makes a note from the text of its file. */
export function parseNote(id: string, text: string, createdAt: string): Note {
  const [first = '', ...rest] = text.split('\n');
  return { id, title: first.replace(/^#\s*/, '').trim(), body: rest.join('\n').trim(), createdAt };
}
