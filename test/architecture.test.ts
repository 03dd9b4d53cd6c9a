/** Proves that lint forbids each arrow that docs/architecture.md forbids, and allows those it draws. */
import { execFile } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';

interface Arrow {
  readonly file: string;
  readonly imports: string;
}

const arrow = (file: string, imports: string): Arrow => ({ file, imports });

const forbidden: readonly Arrow[] = [
  arrow('src/shared/a.ts', '../main/app-types'),
  arrow('src/shared/a.ts', '../renderer/store'),
  arrow('src/shared/a.ts', 'node:fs'),
  arrow('src/shared/a.ts', 'electron'),
  arrow('src/shared/a.ts', 'react'),
  arrow('src/shared/a.ts', 'zustand'),
  ...['spec', 'plan', 'agents', 'terminals', 'git', 'state'].flatMap((room) => [
    arrow(`src/main/core/${room}/a.ts`, `../${room === 'git' ? 'state' : 'git'}/b`),
    arrow(`src/main/core/${room}/a.ts`, '../run/engine'),
    arrow(`src/main/core/${room}/deep/a.ts`, '../../run/engine'),
  ]),
  ...['spec', 'plan', 'run', 'agents', 'terminals', 'git', 'state'].flatMap((room) => [
    arrow(`src/main/core/${room}/a.ts`, 'electron'),
    arrow(`src/main/core/${room}/a.ts`, '../../shell/window'),
    arrow(`src/main/core/${room}/a.ts`, '../../handlers'),
    arrow(`src/main/core/${room}/a.ts`, '../../../renderer/store'),
  ]),
  arrow('src/main/core/a.ts', './git/git'),
  arrow('src/main/core/a.ts', 'electron'),
  arrow('src/main/shell/a.ts', '../core/git/git'),
  arrow('src/main/shell/a.ts', '../handlers'),
  arrow('src/main/shell/a.ts', '../../renderer/store'),
  arrow('src/main/index.ts', './core/run/engine'),
  arrow('src/main/handlers.ts', 'electron'),
  arrow('src/main/cli.ts', 'electron'),
  arrow('src/main/cli/a.ts', 'electron'),
  arrow('src/preload/index.ts', '../main/app-types'),
  arrow('src/renderer/a.ts', '../main/app-types'),
  arrow('src/renderer/a.ts', 'electron'),
  arrow('src/renderer/a.ts', 'node:fs'),
  arrow('src/renderer/features/spec/a.tsx', '../merge/b'),
  arrow('src/renderer/features/spec/a.tsx', '../../features/merge/b'),
  arrow('src/renderer/features/spec/a.tsx', '../../../main/app-types'),
  arrow('src/main/core/terminals/a.ts', 'node-pty'),
  arrow('src/main/core/run/a.ts', 'simple-git'),
  arrow('src/main/core/git/a.ts', 'simple-git'),
  arrow('src/main/core/state/a.ts', 'chokidar'),
  arrow('src/main/core/spec/a.ts', 'remark-parse'),
  arrow('src/main/core/spec/a.ts', 'unified'),
  arrow('src/renderer/features/terminals/a.ts', '@xterm/xterm'),
  arrow('src/renderer/features/spec/a.tsx', 'react-markdown'),
  arrow('src/renderer/features/plan/a.tsx', '@xyflow/react'),
];

const allowed: readonly Arrow[] = [
  arrow('src/shared/b.ts', './result'),
  arrow('src/shared/b.ts', 'zod'),
  arrow('src/main/core/run/b.ts', '../git/git'),
  arrow('src/main/core/git/b.ts', 'node:fs'),
  arrow('src/main/core/git/b.ts', '../../../shared/result'),
  arrow('src/main/core/git/b.ts', '../plain-file'),
  arrow('src/main/core/state/b.ts', '../signals'),
  arrow('src/main/core/terminals/pty.ts', 'node-pty'),
  arrow('src/main/core/git/simple.ts', 'simple-git'),
  arrow('src/main/shell/b.ts', 'electron'),
  arrow('src/main/shell/b.ts', '../app-types'),
  arrow('src/main/index.ts', './handlers'),
  arrow('src/main/handlers.ts', './core/run/engine'),
  arrow('src/renderer/features/spec/b.tsx', '../../store'),
  arrow('src/renderer/features/spec/b.tsx', './other'),
  arrow('src/renderer/features/spec/b.tsx', '../../../shared/ipc'),
  arrow('src/renderer/app.tsx', './features/spec/b'),
];

const reportSchema = z.object({ diagnostics: z.array(z.object({ message: z.string(), code: z.string(), filename: z.string(), labels: z.array(z.object({ span: z.object({ line: z.number() }) })) })) });

let folder: string;
/** `<file>:<line>` of each import that lint refused. */
let refused: ReadonlySet<string>;
/** `<file> <rule>` of everything else. */
let complaints: ReadonlySet<string>;

/** Every arrow of one file becomes one line of it. */
function contents(arrows: readonly Arrow[]): Map<string, string[]> {
  const files = new Map<string, string[]>();
  for (const { file, imports } of arrows) files.set(file, [...(files.get(file) ?? []), `export * as name${files.get(file)?.length ?? 0} from '${imports}';`]);
  return files;
}

const files = contents([...forbidden, ...allowed]);
const place = ({ file, imports }: Arrow): string => `${file}:${(files.get(file) ?? []).findIndex((line) => line.includes(`'${imports}'`)) + 1}`;

const body = (lines: number): string => `export function f() {\n${'  f();\n'.repeat(lines - 2)}}\n`;
/** One file on each side of each limit. */
const sizes: readonly (readonly [file: string, text: string])[] = [
  ['file-400.ts', '// a\n'.repeat(400)], ['file-401.ts', '// a\n'.repeat(401)],
  ['function-60.ts', body(60)], ['function-61.ts', body(61)], ['component-120.tsx', body(120)], ['component-121.tsx', body(121)],
];

function lint(cwd: string): Promise<string> {
  return new Promise((done, fail) => {
    const args = [resolve('node_modules/oxlint/bin/oxlint'), '-c', 'oxlint.config.mjs', '-f', 'json'];
    execFile(process.execPath, args, { cwd, maxBuffer: 64 << 20 }, (error, stdout, stderr) => (stdout === '' ? fail(error ?? new Error(stderr)) : done(stdout)));
  });
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'braid-lint-'));
  await copyFile('oxlint.config.mjs', join(folder, 'oxlint.config.mjs'));
  for (const [file, lines] of files) {
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await writeFile(join(folder, file), `${lines.join('\n')}\n`);
  }
  for (const [file, text] of sizes) await writeFile(join(folder, 'src/main', file), text);
  const report = reportSchema.parse(JSON.parse(await lint(folder)));
  const restricted = report.diagnostics.filter(({ message }) => message.includes('import is restricted'));
  refused = new Set(restricted.map(({ filename, labels }) => `${filename.replaceAll('\\', '/')}:${labels[0]?.span.line ?? 0}`));
  complaints = new Set(report.diagnostics.map(({ filename, code }) => `${filename.split('/').at(-1)} ${code}`));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test.each(forbidden)('$file must not import $imports', (one) => {
  expect(refused).toContain(place(one));
});

test.each(allowed)('$file may import $imports', (one) => {
  expect(refused).not.toContain(place(one));
});

test.each([
  ['file-400.ts', 'eslint(max-lines)', false], ['file-401.ts', 'eslint(max-lines)', true],
  ['function-60.ts', 'eslint(max-lines-per-function)', false], ['function-61.ts', 'eslint(max-lines-per-function)', true],
  ['component-120.tsx', 'eslint(max-lines-per-function)', false], ['component-121.tsx', 'eslint(max-lines-per-function)', true],
])('%s: %s complains: %s', (file, rule, complains) => {
  expect(complaints.has(`${file} ${rule}`)).toBe(complains);
});
