import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';
import { metaPolicy } from './src/main/shell/policy';

/** node-pty is native, so it stays outside the bundle; everything else is bundled as CommonJS for Node 18.15 and later. */
const external = ['electron', 'node-pty'];

// package.json is ours and always names its version.
const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };

/** The content security policy also stands in the page itself. Not in development, where Vite's client is an inline script. */
const writePolicy = {
  name: 'braid-policy',
  apply: 'build' as const,
  transformIndexHtml: () => [{ tag: 'meta', attrs: { 'http-equiv': 'Content-Security-Policy', content: metaPolicy }, injectTo: 'head-prepend' as const }],
};

export default defineConfig({
  main: {
    define: { BRAID_VERSION: JSON.stringify(version) },
    build: {
      externalizeDeps: false,
      target: 'node18',
      rollupOptions: {
        external,
        input: { index: resolve('src/main/index.ts'), cli: resolve('src/main/cli.ts'), host: resolve('src/main/host.ts'), sample: resolve('src/main/core/run/sample.ts') },
        output: { format: 'cjs', entryFileNames: '[name].js', chunkFileNames: 'chunks/[name].js' },
      },
    },
  },
  preload: {
    build: {
      externalizeDeps: false,
      target: 'node18',
      rollupOptions: { external, input: { index: resolve('src/preload/index.ts') }, output: { format: 'cjs', entryFileNames: '[name].js' } },
    },
  },
  renderer: {
    root: resolve('src/renderer'),
    plugins: [react(), writePolicy],
    build: { target: 'chrome114', rollupOptions: { input: { index: resolve('src/renderer/index.html') } } },
  },
});
