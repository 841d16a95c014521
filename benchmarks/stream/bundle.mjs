import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import path from 'node:path';

const require = createRequire(import.meta.url);
const { rspack } = require('@rspack/core');

/** Bundle the page's script. */
export function bundle(entry, folder) {
  const compiler = rspack({
    mode: 'production',
    target: 'web',
    entry,
    output: { path: folder, filename: 'page.js' },
    resolve: { extensions: ['.ts', '.tsx', '.js'] },
    module: {
      rules: [
        {
          test: /\.tsx?$/,
          loader: 'builtin:swc-loader',
          options: {
            jsc: { parser: { syntax: 'typescript' }, target: 'es2020' }
          },
          type: 'javascript/auto'
        }
      ]
    },
    performance: false
  });
  return new Promise((resolve, reject) => {
    compiler.run((error, stats) => {
      if (error || stats.hasErrors()) {
        reject(error ?? new Error(stats.toString('errors-only')));
      } else {
        compiler.close(() => resolve(path.join(folder, 'page.js')));
      }
    });
  });
}

/** The page around it: a panel of the usual width with the renderer's styles. */
export function html(root, theme = '') {
  const css = ['markdown', 'code']
    .map(name => readFileSync(path.join(root, `style/${name}.css`), 'utf8'))
    .join('\n');
  return `<!doctype html><meta charset="utf-8"><style>${theme}
    body { margin: 0; font: 13px sans-serif; background: var(--jp-layout-color1); }
    #host { box-sizing: border-box; width: 100%; height: 100vh; overflow: auto; padding: 12px; }
    ${css}</style><div id="host"></div>`;
}
