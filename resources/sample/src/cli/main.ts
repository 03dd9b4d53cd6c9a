#!/usr/bin/env node
import { homedir } from 'node:os';
import { join } from 'node:path';
import { readNotes, writeNote } from '../store/folder.ts';

const folder = process.env.INKWELL_HOME ?? join(homedir(), 'notes');
const [command, ...words] = process.argv.slice(2);

if (command === 'add') {
  console.log(await writeNote(folder, words.join(' ')));
} else if (command === 'list') {
  for (const note of await readNotes(folder)) console.log(`${note.createdAt.slice(0, 10)}  ${note.title}`);
} else {
  console.error('Usage: inkwell add <title> | inkwell list');
  process.exitCode = 2;
}
