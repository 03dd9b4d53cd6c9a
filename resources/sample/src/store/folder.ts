import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseNote, type Note } from '../model/note.ts';

/** Reads every note of a folder, newest first. */
export async function readNotes(folder: string): Promise<Note[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.md'));
  const notes = await Promise.all(
    names.map(async (name) => {
      const path = join(folder, name);
      const [text, info] = await Promise.all([readFile(path, 'utf8'), stat(path)]);
      return parseNote(name.slice(0, -3), text, info.birthtime.toISOString());
    }),
  );
  return notes.sort((a, b) => b.createdAt.localeCompare(a.createdAt));
}

/** Writes a new note and returns its id. */
export async function writeNote(folder: string, title: string, now = new Date()): Promise<string> {
  const id = now.toISOString().replace(/[:.]/g, '-');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, `${id}.md`), `# ${title}\n`, { flag: 'wx' });
  return id;
}
