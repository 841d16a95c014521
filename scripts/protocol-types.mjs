// Turn the JSON schema on standard input into TypeScript: `… | node protocol-types.mjs OUT`.
import { writeFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { compile } from 'json-schema-to-typescript';
import prettier from 'prettier';

const [out] = process.argv.slice(2);
const schema = JSON.parse(await text(process.stdin));
const source = await compile(schema, 'Wire', {
  additionalProperties: false,
  bannerComment:
    '/**\n * GENERATED from jupyterlab_gpt/protocol.py by `jlpm protocol`: do not edit.\n */',
  format: false,
  ignoreMinAndMaxItems: true,
  unreachableDefinitions: true
});
const config = await prettier.resolveConfig(out);
const format = code =>
  prettier.format(code, { ...config, parser: 'typescript' });
// The compiler notes for each definition where it came from, and adds the empty root: noise.
const clean = (await format(source))
  .replace(
    /( \*\n)? \* This interface was referenced by[^\n]*\n \* via the `definition` [^\n]*\n/g,
    ''
  )
  .replace(/\/\*\*\n \*\/\n/g, '')
  .replace(/^export interface Wire \{\s*\}\n/m, '');
writeFileSync(
  out,
  await format(clean.replace(/([};])\n(\/\*\*|export)/g, '$1\n\n$2'))
);
