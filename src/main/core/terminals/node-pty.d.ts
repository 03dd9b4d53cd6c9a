// The types are an ambient module of another name in a file that is no module, so only a reference reaches them.
// oxlint-disable-next-line typescript/triple-slash-reference
/// <reference path="../../../../node_modules/node-pty/node-pty.d.ts" />

/** The package is installed under the name `node-pty`, but its types only speak of `@lydell/node-pty`. */
declare module 'node-pty' {
  export * from '@lydell/node-pty';
}
