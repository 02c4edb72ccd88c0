import fs from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { expect, test } from 'vitest';

const root = path.join(import.meta.dirname, '..');
/** Attributes that people read or hear. */
const spoken: ReadonlySet<string> = new Set([
  'title',
  'alt',
  'label',
  'placeholder',
  'body',
  'confirm',
  'aria-label',
]);

/** Words that stand in a component itself, and so in one language only. */
function literalWords(name: string, text: string): readonly string[] {
  const found: string[] = [];
  const look = (node: ts.Node): void => {
    const isText = ts.isJsxText(node) && /\p{L}/u.test(node.text);
    const isSpoken =
      ts.isJsxAttribute(node) &&
      spoken.has(node.name.getText()) &&
      node.initializer !== undefined &&
      ts.isStringLiteral(node.initializer) &&
      /\p{L}/u.test(node.initializer.text);
    if (isText || isSpoken) found.push(`${name}: ${node.getText().trim()}`);
    node.forEachChild(look);
  };
  look(ts.createSourceFile(name, text, ts.ScriptTarget.Latest, true, ts.ScriptKind.TSX));
  return found;
}

test('a word in a component is noticed', () => {
  expect(literalWords('a.tsx', 'const a = <p title="Hello">World · {x}</p>;')).toEqual([
    'a.tsx: title="Hello"',
    'a.tsx: World ·',
  ]);
});

test('no component has words of its own', () => {
  const files = fs
    .readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.tsx'));
  expect(files.length).toBeGreaterThan(40);
  expect(files.flatMap((file) => literalWords(file, fs.readFileSync(path.join(root, file), 'utf8')))).toEqual(
    [],
  );
});
