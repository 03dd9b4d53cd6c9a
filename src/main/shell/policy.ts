/**
 * What the window's page may load: its own files and nothing remote. Inline styles are allowed because xterm and the diff view
 * position text with them; scripts never are. Also written into index.html by electron.vite.config.ts.
 */
const directives = [
  "default-src 'none'", "script-src 'self'", "style-src 'self' 'unsafe-inline'", "img-src 'self' data:", "font-src 'self' data:",
  "connect-src 'self'", "worker-src 'self' blob:", "base-uri 'none'", "form-action 'none'",
];

/** For the meta element, where `frame-ancestors` would be ignored with a warning. */
export const metaPolicy = directives.join('; ');

/** For the header. */
export const contentSecurityPolicy = [...directives, "frame-ancestors 'none'"].join('; ');
