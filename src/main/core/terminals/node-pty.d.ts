/// <reference path="../../../../node_modules/node-pty/node-pty.d.ts" />
/** The package is installed under the name `node-pty`, but its types only speak of `@lydell/node-pty`. */
declare module 'node-pty' {
  export * from '@lydell/node-pty';
}
