import jupyter from '@jupyter/eslint-plugin';
import prettierRecommended from 'eslint-plugin-prettier/recommended';
import tseslint from 'typescript-eslint';

/**
 * The layers of the design: a folder may import those named beside it, and itself.
 * `tokens` and `commands` are leaves beside `protocol` that all may import.
 */
const layers = {
  protocol: [],
  connection: ['protocol'],
  model: ['connection', 'protocol'],
  markdown: [],
  notebook: ['protocol'],
  view: ['model', 'markdown', 'notebook', 'protocol'],
  plugins: ['view', 'model', 'markdown', 'notebook', 'connection', 'protocol']
};

const layerRules = Object.entries(layers).map(([layer, below]) => {
  const others = Object.keys(layers).filter(
    other => other !== layer && !below.includes(other)
  );
  const patterns = [
    {
      regex: `^(\\.\\./)+(${others.join('|')})(/|$)`,
      message: `Layer ${layer} may import only: ${[...below, 'tokens', 'commands'].join(', ')}.`
    }
  ];
  if (layer !== 'view') {
    patterns.push({
      regex: '^react(-dom)?(/|$)',
      message: 'Only view sees React.'
    });
  }
  if (layer !== 'plugins') {
    patterns.push({
      regex: '^@jupyterlab/application$',
      message: 'Only plugins see JupyterFrontEnd.'
    });
  }
  return {
    files: [`src/${layer}/**/*.{ts,tsx}`],
    ignores: ['**/__tests__/**'],
    rules: { 'no-restricted-imports': ['error', { patterns }] }
  };
});

export default tseslint.config(
  {
    ignores: [
      '**/node_modules',
      '.venv*',
      '.cache',
      'docs',
      'build',
      'coverage',
      'dist',
      'lib',
      'jupyterlab_gpt',
      'src/protocol/frames.ts',
      'src/notebook/inspection.ts',
      'ui-tests/playwright-report',
      'ui-tests/test-results'
    ]
  },
  {
    files: ['src/**/*.{ts,tsx}'],
    ignores: ['**/__tests__/**'],
    plugins: { jupyter },
    extends: [jupyter.configs.recommended]
  },
  {
    files: ['src/**/*.{ts,tsx}', 'ui-tests/**/*.ts', 'benchmarks/**/*.ts'],
    extends: [...tseslint.configs.recommended],
    rules: {
      '@typescript-eslint/naming-convention': [
        'error',
        {
          selector: 'interface',
          format: ['PascalCase'],
          custom: { regex: '^I[A-Z]', match: true }
        }
      ],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-namespace': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { args: 'none' }],
      curly: ['error', 'all'],
      eqeqeq: 'error',
      'prefer-arrow-callback': 'error'
    }
  },
  ...layerRules,
  prettierRecommended
);
