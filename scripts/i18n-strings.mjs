// The strings of src/ that go through the translator, as JSON on standard output: one row a
// call, `{file, context, id, plural}`. A call whose text is not written out in it cannot
// be translated, and ends the script.
//
// TypeScript's own parser rather than jupyterlab-translate's extractor: what it cannot read is an
// error here, so no string goes missing unseen.
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import ts from 'typescript';

/** The translator's methods and where each has context, text and plural. */
const METHODS = {
  __: { id: 0 },
  _n: { id: 0, plural: 1 },
  _p: { context: 0, id: 1 },
  _np: { context: 0, id: 1, plural: 2 }
};

/** A text that is written out, over several literals if need be. */
function written(node) {
  if (ts.isStringLiteralLike(node)) {
    return node.text;
  }
  if (
    ts.isBinaryExpression(node) &&
    node.operatorToken.kind === ts.SyntaxKind.PlusToken
  ) {
    const [left, right] = [written(node.left), written(node.right)];
    return left === null || right === null ? null : left + right;
  }
  return ts.isParenthesizedExpression(node) ? written(node.expression) : null;
}

function methodOf(call) {
  const { expression } = call;
  return ts.isPropertyAccessExpression(expression) &&
    Object.hasOwn(METHODS, expression.name.text)
    ? METHODS[expression.name.text]
    : null;
}

function rowOf(call, method, source, file) {
  const at = name => {
    if (method[name] === undefined) {
      return null;
    }
    const argument = call.arguments[method[name]];
    const text = argument ? written(argument) : null;
    if (text === null) {
      const { line } = source.getLineAndCharacterOfPosition(call.getStart());
      throw new Error(`${file}:${line + 1}: the text is not written out`);
    }
    return text;
  };
  return { file, context: at('context'), id: at('id'), plural: at('plural') };
}

function stringsOf(path, file) {
  const source = ts.createSourceFile(
    path,
    readFileSync(path, 'utf8'),
    ts.ScriptTarget.Latest,
    true
  );
  const rows = [];
  const visit = node => {
    const method = ts.isCallExpression(node) ? methodOf(node) : null;
    // A dynamic text that the translator is handed on purpose is marked by its context: the
    // settings' schema, whose strings are read from the schema itself.
    if (method && !isSchema(node, method)) {
      rows.push(rowOf(node, method, source, file));
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return rows;
}

function isSchema(call, method) {
  const context =
    method.context === undefined ? undefined : call.arguments[method.context];
  return context !== undefined && !ts.isStringLiteralLike(context);
}

const root = process.argv[2] ?? 'src';
const files = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .filter(name => /\.tsx?$/.test(name) && !name.includes('__tests__'))
  .sort();
const rows = files.flatMap(name => {
  const path = join(root, name);
  return stringsOf(path, relative('.', path).split(sep).join('/'));
});
process.stdout.write(JSON.stringify(rows));
