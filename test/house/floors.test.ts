import { readdirSync, readFileSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '../..');

/** Lowest first; what shares a floor is siblings and does not know each other. */
const FLOORS: readonly (readonly string[])[] = [
  ['core'],
  ['audio', 'kernels'],
  ['features', 'dataset', 'layers'],
  ['model', 'exampleSet'],
  ['pretrained'],
  ['speech'],
  ['evaluation', 'classifier'],
  ['training'],
  ['crossValidation'],
  ['node', 'browser', 'worker', 'timelines'],
  ['index'],
];

/** The two towers, the network and the sound: neither knows the other. They meet in the model, which takes features, and above. */
const TOWERS: readonly (readonly string[])[] = [
  ['kernels', 'layers'],
  ['audio', 'features', 'dataset', 'exampleSet', 'speech'],
];
const towerOf = (room: string) => TOWERS.findIndex((tower) => tower.includes(room));

/** Entries of their own, which `index` must not re-export. */
const SUBPATHS = ['pretrained', 'node', 'browser', 'worker', 'timelines'];

/** A file's room: its folder under src, or its own name where it lies in src itself. */
const roomOf = (path: string) => (path.split('/')[1] ?? '').replace(/\.ts$/, '');
const floorOf = (room: string) => FLOORS.findIndex((floor) => floor.includes(room));

/** All modules a source imports or re-exports, dynamic and type-only imports among them. */
function importsOf(path: string, source: string): string[] {
  const file = ts.createSourceFile(path, source, ts.ScriptTarget.Latest);
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if ((ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) && node.moduleSpecifier) {
      if (ts.isStringLiteral(node.moduleSpecifier)) found.push(node.moduleSpecifier.text);
    }
    if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      const [target] = node.arguments;
      if (target && ts.isStringLiteralLike(target)) found.push(target.text);
    }
    if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument) && ts.isStringLiteral(node.argument.literal)) {
      found.push(node.argument.literal.text);
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

/** What a file does against the house, as sentences; none for a file that keeps to it. */
function faultsOf(path: string, source: string): string[] {
  const room = roomOf(path);
  const faults: string[] = [];
  if (floorOf(room) < 0) faults.push(`${path}: '${room}' is on no floor`);
  for (const target of importsOf(path, source)) {
    if (target.startsWith('.')) {
      const other = roomOf(relative(root, resolve(root, dirname(path), target)));
      if (other === room) continue;
      if (floorOf(other) >= floorOf(room)) faults.push(`${path} imports ${target}: ${room} may not know ${other}`);
      if (towerOf(room) >= 0 && towerOf(other) >= 0 && towerOf(other) !== towerOf(room))
        faults.push(`${path} imports ${target}: ${room} stands in the other tower`);
      if (room === 'index' && SUBPATHS.includes(other)) faults.push(`${path} imports ${target}: an entry of its own`);
    } else if (target.startsWith('@tensorflow/')) {
      if (!/^@tensorflow\/tfjs-(core|layers)$/.test(target))
        faults.push(`${path} imports ${target}: backends are the host's`);
      if (['core', 'audio', 'features', 'dataset', 'exampleSet', 'speech'].includes(room))
        faults.push(`${path} imports ${target}: tensors begin at the model`);
    } else if (target.startsWith('node:') && room !== 'node') {
      faults.push(`${path} imports ${target}: only src/node knows Node`);
    }
  }
  return faults;
}

const sources = readdirSync(`${root}/src`, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts') && !name.endsWith('.d.ts'))
  .map((name) => `src/${name}`)
  .sort();
const read = (path: string) => readFileSync(`${root}/${path}`, 'utf8');

describe('floors: lower never imports upper, siblings do not know each other (oracle: the imports, parsed by TypeScript)', () => {
  it('holds for every source file', () => {
    expect(sources.length).toBeGreaterThan(20);
    expect(sources.flatMap((path) => faultsOf(path, read(path)))).toEqual([]);
  });

  it.each([
    ['an upper floor', 'src/audio/decode.ts', `import { train } from '../training/train.ts';`],
    ['a sibling', 'src/features/stft.ts', `export type { Emotion } from '../dataset/emotion.ts';`],
    ['an upper floor, dynamically', 'src/layers/lstm.ts', `await import('../model/cnnLstm.ts');`],
    ['an upper floor, as a type', 'src/kernels/a.ts', `type A = import('../layers/lstm.ts').Lstm;`],
    ['the other tower', 'src/layers/lstm.ts', `import { Stft } from '../features/stft.ts';`],
    ['the other tower, from below', 'src/exampleSet/examples.ts', `import '../kernels/conv2d.ts';`],
    ['tfjs below the model', 'src/features/stft.ts', `import * as tf from '@tensorflow/tfjs-core';`],
    ['a backend', 'src/model/a.ts', `import '@tensorflow/tfjs-backend-wasm';`],
    ['Node outside src/node', 'src/dataset/a.ts', `import { readFile } from 'node:fs/promises';`],
    ['a subpath entry from the barrel', 'src/index.ts', `export * from './node/index.ts';`],
    ['nothing, but lies on no floor', 'src/utils/a.ts', ''],
  ])('finds a file that imports %s', (_what, path, source) => {
    expect(faultsOf(path, source)).not.toEqual([]);
  });
});

/** Circles of files that import each other, as lists of their names; imports of types count. */
function circlesOf(files: ReadonlyMap<string, string>): string[] {
  const circles: string[] = [];
  const done = new Set<string>();
  const visit = (path: string, way: readonly string[]): void => {
    if (way.includes(path)) circles.push([...way.slice(way.indexOf(path)), path].join(' → '));
    if (way.includes(path) || done.has(path)) return;
    for (const target of importsOf(path, files.get(path)!)) {
      const other = relative(root, resolve(root, dirname(path), target));
      if (target.startsWith('.') && files.has(other)) visit(other, [...way, path]);
    }
    done.add(path);
  };
  for (const path of files.keys()) visit(path, []);
  return circles;
}

describe('no file imports itself by way of others (oracle: depth-first search over the parsed imports)', () => {
  const files = new Map(sources.map((path) => [path, read(path)]));

  it('holds for every source file', () => {
    expect(circlesOf(files)).toEqual([]);
  });

  it('finds a circle that is put in, of types too', () => {
    const [lower, upper] = ['src/core/ring.ts', 'src/features/featureStream.ts']; // the upper one imports the lower
    const closed = new Map(files).set(lower, `import type { FeatureStream } from '../features/featureStream.ts';`);
    expect(circlesOf(closed).filter((circle) => circle.includes(lower) && circle.includes(upper))).toHaveLength(1);
  });
});

describe('the tree tells the pipeline', () => {
  it('line 1 of every source file is its arrow', () => {
    const without = sources.filter((path) => !/^\/\/ .*→/.test(read(path).split('\n', 1)[0] ?? ''));
    expect(without).toEqual([]);
  });

  it('no file is over 400 lines', () => {
    const long = sources.filter((path) => read(path).split('\n').length > 400);
    expect(long).toEqual([]);
  });

  it('nothing is named for being handy', () => {
    const handy = sources.filter((path) => /\b(utils?|helpers?|common|types|\w*Manager)\.ts$/.test(path));
    expect(handy).toEqual([]);
  });
});

describe('the source says nothing it should not', () => {
  it.each([
    ['leaves nothing open', /\b(TODO|FIXME|XXX)\b/],
    ['never chooses the backend', /\bsetBackend\(/],
    ['reads tensors asynchronously', /\.(dataSync|arraySync)\(/],
    ['draws no unseeded numbers', /\bMath\.random\(|\brandom(Normal|Uniform)\(/],
  ])('%s', (_rule, pattern) => {
    const found = sources.filter((path) => pattern.test(stripComments(read(path))));
    expect(found).toEqual([]);
  });
});

function stripComments(source: string): string {
  return source.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|[^:])\/\/.*$/gm, '$1');
}
