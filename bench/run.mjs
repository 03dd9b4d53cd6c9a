/**
 * `npm run bench [-- NAME ...] [-- --full]`: bundles bench/*.bench.ts with the product's own code and runs each in a process of its own.
 * Every bench prints a Markdown table in which a baseline was measured in the same run.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync } from 'node:fs';
import { cpus } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const here = dirname(fileURLToPath(import.meta.url));
const out = join(here, '..', 'out', 'bench');
const names = process.argv.slice(2).filter((argument) => !argument.startsWith('-'));
const full = process.argv.includes('--full');
const files = readdirSync(here).filter((file) => file.endsWith('.bench.ts') && (names.length === 0 || names.some((name) => file.startsWith(name))));
if (files.length === 0) {
  process.stderr.write(`No bench is called ${names.join(', ')}.\n`);
  process.exit(1);
}

mkdirSync(out, { recursive: true });
await build({
  root: here, logLevel: 'error', configFile: false,
  ssr: { noExternal: true, external: ['node-pty'] },
  build: {
    ssr: true, outDir: out, emptyOutDir: true, target: 'node20', minify: false,
    rollupOptions: { input: files.map((file) => join(here, file)), output: { format: 'cjs', entryFileNames: '[name].cjs' } },
  },
});
process.stdout.write(`Node ${process.versions.node}, ${cpus().length} cores (${cpus()[0]?.model ?? 'unknown'}), ${new Date().toISOString().slice(0, 10)}\n`);
let failed = 0;
for (const file of files) {
  process.stdout.write(`\n## ${file.replace('.bench.ts', '')}\n\n`);
  const ended = spawnSync(process.execPath, [join(out, file.replace('.ts', '.cjs')), ...(full ? ['--full'] : [])], { stdio: 'inherit' });
  if (ended.status !== 0) failed += 1;
}
process.exit(failed === 0 ? 0 : 1);
