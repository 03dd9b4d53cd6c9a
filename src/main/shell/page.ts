/**
 * Where the window's page comes from: the built files under a scheme of their own, with the content security policy as a header
 * on each answer; in development the Vite server that electron-vite names.
 */
import { readFile } from 'node:fs/promises';
import { extname, join, sep } from 'node:path';
import { protocol, type Session } from 'electron';
import { contentSecurityPolicy } from './policy';

const SCHEME = 'braid-app';
const ORIGIN = `${SCHEME}://window`;

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8', '.js': 'text/javascript; charset=utf-8', '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml', '.png': 'image/png', '.woff2': 'font/woff2', '.json': 'application/json', '.wasm': 'application/wasm',
};

/** Must run before Electron is ready: makes the scheme a secure origin of its own. */
export function registerScheme(): void {
  protocol.registerSchemesAsPrivileged([{ scheme: SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true } }]);
}

/** The file inside `root` that a URL names, or null when it names anything else. */
export function fileOf(root: string, url: string): string | null {
  const { host, pathname } = new URL(url);
  if (`${SCHEME}://${host}` !== ORIGIN) return null;
  const path = join(root, decodeURIComponent(pathname));
  return path.startsWith(root + sep) && Object.hasOwn(TYPES, extname(path)) ? path : null;
}

/** The page's URL; `development` is the address of electron-vite's server, if there is one. */
export function pageUrl(development: string | undefined): string {
  return development === undefined ? `${ORIGIN}/index.html` : `${development.replace(/\/$/, '')}/`;
}

async function answer(root: string, url: string): Promise<Response> {
  const path = fileOf(root, url);
  const body = path === null ? null : await readFile(path).catch(() => null);
  if (path === null || body === null) return new Response('Not found', { status: 404 });
  return new Response(body, {
    headers: {
      'content-type': TYPES[extname(path)] ?? 'application/octet-stream',
      'content-security-policy': contentSecurityPolicy, 'x-content-type-options': 'nosniff',
    },
  });
}

/** Serves the files under `root`, and nothing else, to the session's pages. */
export function servePage(session: Session, root: string): void {
  session.protocol.handle(SCHEME, (request) => answer(root, request.url));
}
