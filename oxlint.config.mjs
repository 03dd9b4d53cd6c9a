/**
 * Lint: correctness, the size limits, and the directions of docs/architecture.md. test/architecture.test.ts proves that each
 * forbidden import fails. Patterns see the text of an import, so they name the folders as a relative path would.
 */
const rooms = ['spec', 'plan', 'run', 'agents', 'terminals', 'git', 'state'];
const up = String.raw`^(\.\./)+`;

const to = (folders, message) => ({ regex: `${up}(${folders})(/|$)`, message });
const library = (names, owner) => ({ names, owner, regex: `^(${names})(/|$)`, allowTypeImports: true, message: `One file owns this library: ${owner}.` });

/** Each library that has one owner, and the file. */
const owned = [
  library('node-pty', 'src/main/core/terminals/pty.ts'),
  library('simple-git', 'src/main/core/git/simple.ts'),
  library('chokidar', 'src/main/core/spec/watch.ts'),
  library('remark-parse|unified', 'src/main/core/spec/parse-markdown.ts'),
  library('react-markdown', 'src/renderer/features/spec/markdown.tsx'),
  library('@xterm', 'src/renderer/features/terminals/terminal.ts'),
  library('@xyflow', 'src/renderer/features/plan/graph.tsx'),
];

const noElectron = { regex: '^electron(/|$)', message: 'Only src/main/shell, src/main/index.ts and the preload script know Electron.' };
const noNode = { regex: '^node:', message: 'The window has no Node.' };
const noRenderer = to('renderer', 'The main process never imports the window.');
const noMain = to('main|preload', 'The window meets the main process only in src/shared/ipc.ts.');
const noShell = to('shell', 'The core knows no Electron shell.');
const noCore = to('core|(main/)?(handlers|cli|host|index)', 'The shell knows src/main/app-types.ts and src/shared, never the core.');

const restrict = (files, patterns) => ({
  files,
  rules: {
    'no-restricted-imports': ['error', {
      patterns: [...patterns, ...owned.filter(({ owner }) => !files.includes(owner))].map(({ names: _names, owner: _owner, ...pattern }) => pattern),
    }],
  },
});

const onlyZod = [{ regex: String.raw`^([^.z]|\.[^/]|z([^o]|$)|zo([^d]|$)|zod[^/])`, message: 'src/shared imports nothing of ours outside itself, and only zod.' }];

const corePatterns = (room) => {
  const others = rooms.filter((name) => name !== room).join('|');
  const apart = room === 'run' ? [] : [to(others, 'The rooms of the core never import each other; only run knows them.')];
  return [...apart, noElectron, noRenderer, noShell, to('main', 'Doors import the core, never the other way round.'), { regex: `${up}(handlers|cli|host|index|app-types)$`, message: 'Doors import the core, never the other way round.' }];
};

const rendererPatterns = [noMain, noNode, noElectron];
const featurePatterns = [
  ...rendererPatterns,
  { regex: String.raw`^\.\./[^.]`, message: 'Features never import each other; they meet in app.tsx and store.ts.' },
  to('features', 'Features never import each other; they meet in app.tsx and store.ts.'),
];

/** Folder by folder; a later entry replaces an earlier one for the files that both name. */
const directions = [
  restrict(['src/shared/**/*.ts'], onlyZod),
  restrict(['src/main/*.ts', 'src/main/cli/**/*.ts'], [noElectron, noRenderer]),
  ...rooms.map((room) => restrict([`src/main/core/${room}/**/*.ts`], corePatterns(room))),
  restrict(['src/main/core/*.ts'], [noElectron, noRenderer, noShell, { regex: String.raw`^\./`, message: 'What all rooms share knows none of them.' }]),
  restrict(['src/main/shell/**/*.ts'], [noCore, noRenderer]),
  restrict(['src/main/index.ts'], [noRenderer, to('core', 'Electron meets the core through handlers.ts.'), { regex: String.raw`^\./core/`, message: 'Electron meets the core through handlers.ts.' }]),
  restrict(['src/preload/**/*.ts'], [to('main|renderer', 'The bridge knows the contract and nothing else.')]),
  restrict(['src/renderer/**/*.{ts,tsx}'], rendererPatterns),
  restrict(['src/renderer/features/*/*.{ts,tsx}'], featurePatterns),
];

/** The owners again, each without its own library in the list. */
const owners = owned.map(({ owner }) => {
  const room = /core\/(\w+)\//.exec(owner)?.[1];
  return restrict([owner], room ? corePatterns(room) : featurePatterns);
});

export default {
  plugins: ['typescript', 'unicorn', 'oxc', 'import', 'react', 'promise'],
  categories: { correctness: 'error' },
  ignorePatterns: ['out/**', 'artifacts/**', 'test-results/**', 'resources/sample/**'],
  rules: {
    // Terminal output is made of control characters.
    'no-control-regex': 'off',
    // Emoji selectors are matched by themselves, on purpose.
    'no-misleading-character-class': 'off',
    'unicorn/prefer-string-starts-ends-with': 'off',
    // These speak for the React compiler, which is not in use; measured sizes, virtual lists and ages of things need what they forbid.
    'react/incompatible-library': 'off',
    'react/purity': 'off',
    'react/set-state-in-effect': 'off',
    eqeqeq: ['error', 'always', { null: 'ignore' }],
    'no-var': 'error',
    'prefer-const': 'error',
    'no-console': 'error',
    'no-eval': 'error',
    'no-empty': 'error',
    'max-lines': ['error', { max: 400 }],
    'max-lines-per-function': ['error', { max: 60 }],
    'no-warning-comments': ['error', { terms: ['todo', 'fixme', 'xxx'], location: 'start' }],
    'typescript/no-explicit-any': 'error',
    'typescript/no-non-null-assertion': 'error',
    'typescript/consistent-type-imports': 'error',
    'unicorn/filename-case': ['error', { case: 'kebabCase' }],
    'import/no-cycle': 'error',
    'import/no-default-export': 'error',
  },
  overrides: [
    ...directions,
    ...owners,
    { files: ['**/*.d.ts'], rules: { 'typescript/triple-slash-reference': 'off' } },
    { files: ['**/*.tsx'], rules: { 'max-lines-per-function': ['error', { max: 120 }] } },
    { files: ['**/*.test.ts', '**/*.test.tsx', 'test/**', 'e2e/**', 'bench/**'], rules: { 'no-restricted-imports': 'off', 'max-lines-per-function': 'off' } },
    { files: ['*.config.*', 'e2e/*.config.*'], rules: { 'import/no-default-export': 'off' } },
    { files: ['scripts/**', 'test/puppet-agent.mjs', 'bench/**'], rules: { 'no-console': 'off' } },
  ],
};
