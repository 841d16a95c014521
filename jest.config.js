const jestJupyterLab = require('@jupyterlab/testutils/lib/jest-config');

// Packages which ship only ES modules: babel-jest must turn them into CommonJS.
const esModules = [
  '@codemirror',
  '@jupyter/',
  '@jupyterlab/',
  '@lezer',
  '@marijn',
  '@microsoft',
  'color',
  'exenv-es6',
  'lib0',
  'marked',
  'nanoid',
  'vscode-ws-jsonrpc',
  'y-protocols',
  'y-websocket',
  'yjs'
].join('|');

const baseConfig = jestJupyterLab(__dirname);

module.exports = {
  ...baseConfig,
  automock: false,
  collectCoverageFrom: [
    'src/**/*.{ts,tsx}',
    '!src/**/*.d.ts',
    '!src/**/.ipynb_checkpoints/*'
  ],
  coverageReporters: ['lcov', 'text-summary'],
  // Else the built copy clashes: "haste module naming collision".
  modulePathIgnorePatterns: [
    '<rootDir>/jupyterlab_gpt/labextension',
    '<rootDir>/.venv',
    '<rootDir>/.cache'
  ],
  // Else jest-junit writes ./junit.xml.
  reporters: ['default'],
  testRegex: 'src/.*/.*.spec.ts[x]?$',
  transformIgnorePatterns: [`/node_modules/(?!${esModules}).+`]
};
