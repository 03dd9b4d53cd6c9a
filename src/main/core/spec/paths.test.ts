import { expect, test } from 'vitest';
import { collectListed, collectPaths } from './paths';

function named(text: string): string[] {
  const files: string[] = [];
  collectPaths(text, files);
  return files;
}

test.each([
  ['See https://example.com/docs/index.html', []],
  ['`https://example.com/a.ts`, `http://localhost:3000/api/users.json`', []],
  ['www.example.com/path/file.html, example.com/docs/readme.md, `github.com/foo/bar/pkg.go`', []],
  ['git@github.com:foo/bar.git, s3://bucket/key.json, localhost:3000/foo.html', []],
  ['[guide](https://github.com/a/b/blob/main/src/x.ts)', []],
  ['[src/a.ts](src/a.ts), [a file](./src/b.ts), ![shot](docs/c.png)', ['src/a.ts', 'src/b.ts', 'docs/c.png']],
  ['POST /api/v1/items.json and `GET /api/users`', []],
  ['Node.js, Next.js and `Three.js`, but `src/chart.js`', ['src/chart.js']],
  ['and/or, 1.2.3, v2.0, 24/7, 2024/01/02, e.g. this, user.name, obj.method()', []],
  ['`npm run build src/a.ts`, `cat src/a.ts`, `node scripts/x.mjs --out dist/y.js`', []],
])('no file: %s', (text, expected) => expect(named(text)).toEqual(expected));

test.each([
  ['`src/My File.ts`', ['src/My File.ts']],
  ['`docs/User Guide.md` and `docs/other.md`', ['docs/User Guide.md', 'docs/other.md']],
  ['`src/components/My Component/index.tsx`', ['src/components/My Component/index.tsx']],
  ['src/a.ts, src/b.ts; (src/c.ts): "src/d.ts", \'src/e.ts\'.', ['src/a.ts', 'src/b.ts', 'src/c.ts', 'src/d.ts', 'src/e.ts']],
  ['src/a.ts:12, `src/b.ts:10-20`, src/c.ts#L5, `src/d.ts:12:5`, `src/e.rs#main`', ['src/a.ts', 'src/b.ts', 'src/c.ts', 'src/d.ts', 'src/e.rs']],
  ['tests/test_a.py::TestX::test_foo, `tests/test_b.py::test_bar`', ['tests/test_a.py', 'tests/test_b.py']],
  ['**src/a.ts**, *src/b.ts*, _src/c.ts_, __tests__/d.ts, `__init__.py`', ['src/a.ts', 'src/b.ts', 'src/c.ts', '__tests__/d.ts', '__init__.py']],
  ['`src/components/` and tests/unit/', ['src/components/', 'tests/unit/']],
  ['tests/**/*.test.ts, src/*.ts, `**/fixtures/**`', ['tests/**/*.test.ts', 'src/*.ts', '**/fixtures/**']],
  ['`src/{a,b}.ts`, `src/{models,views}/index.ts`', ['src/a.ts', 'src/b.ts', 'src/models/index.ts', 'src/views/index.ts']],
  ['{src/a.ts, src/b.ts} and `{src/c.ts, src/d.ts}`', ['src/a.ts', 'src/b.ts', 'src/c.ts', 'src/d.ts']],
  ['in src/{a.ts, b.ts}, `lib/{x, y}/index.ts`, {e.ts,f.ts}', ['src/a.ts', 'src/b.ts', 'lib/x/index.ts', 'lib/y/index.ts', 'e.ts', 'f.ts']],
  ['`flow { load(filter, query) }.latest` in `src/h.kt`', ['src/h.kt']],
  ['`{ id: string, name: string }` and {a, b} in src/g.ts', ['src/g.ts']],
  ['app/api/[id]/route.ts, `app/(group)/page.tsx`, app/\\[slug\\]/page.tsx', ['app/api/[id]/route.ts', 'app/(group)/page.tsx', 'app/[slug]/page.tsx']],
  ['src\\win\\a.ts', ['src/win/a.ts']],
  ['C:\\proj\\a.ts, ~/x.json, ../out/b.ts, ./src/c.ts', ['src/c.ts']],
  ['src/<name>.ts, src/${name}.ts', []],
  ['src/ünï/datei.ts, `src/文件.ts`, 在src/a.ts中', ['src/ünï/datei.ts', 'src/文件.ts', 'src/a.ts']],
  ['`Makefile`, `go.mod`, `Cargo.toml`, .env.example', ['Makefile', 'go.mod', 'Cargo.toml', '.env.example']],
  ['src/a.ts→src/b.ts', ['src/a.ts', 'src/b.ts']],
  ['src/../src/a.ts, ./src/b.ts, src//c.ts, `src/./d.ts`, src/x/../../e/f.ts', ['src/a.ts', 'src/b.ts', 'src/c.ts', 'src/d.ts', 'e/f.ts']],
  ['src/../../a.ts, ../src/b.ts, lib/**/../c.ts', []],
  ['src/../src/a.ts and src/a.ts', ['src/a.ts']],
])('files: %s', (text, expected) => expect(named(text)).toEqual(expected));

test.each([
  ['src/a.ts, src/b.ts', ['src/a.ts', 'src/b.ts']],
  ['src/a.ts (new), src/b.ts and src/c.ts', ['src/a.ts', 'src/b.ts', 'src/c.ts']],
  ['src/My File.ts', ['src/My File.ts']],
  ['docs/**, Makefile, backend', ['docs/**', 'Makefile', 'backend']],
  ['{src/a.ts, src/b.ts}', ['src/a.ts', 'src/b.ts']],
  ['src/{a,b}.ts, `lib/{c, d}.ts`', ['src/a.ts', 'src/b.ts', 'lib/c.ts', 'lib/d.ts']],
  ['None', []], ['N/A (setup)', []], ['TBD', []], ['-', []],
  ['all of src/', ['src/']],
  ['Multiple files (see the list)', []],
  ['https://example.com/a.ts', []],
  ['../out/a.ts', []],
  ['src/../src/a.ts, ./src/b.ts', ['src/a.ts', 'src/b.ts']],
])('a list: %s', (text, expected) => {
  const files: string[] = [];
  collectListed(text, files);
  expect(files).toEqual(expected);
});

test('a long line is read to its limit, quickly', () => {
  expect(named(`src/a.ts ${'[x](y '.repeat(2000)} src/b.ts`)).toEqual(['src/a.ts']);
  expect(named(`${'`'.repeat(3000)} ${'\\'.repeat(3000)} src/a.ts`)).toEqual(['src/a.ts']);
});
