import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import ts from 'typescript';
import { expect, it } from 'vitest';

/*
 * What importing an entry of the built package loads. Oracle: the files' own import statements, chunks followed, static and
 * dynamic ones; a bare `import '…'`, as the bundler leaves it for side effects, counts as any other.
 */

const dist = resolve(import.meta.dirname, '../../dist');

/** The packages that a file of dist imports, by itself or by what it imports. */
function packagesOf(file: string, seen = new Set<string>()): Set<string> {
  const path = join(dist, file);
  const packages = new Set<string>();
  if (seen.has(path)) return packages;
  seen.add(path);
  for (const { fileName } of ts.preProcessFile(readFileSync(path, 'utf8'), true, true).importedFiles) {
    if (!fileName.startsWith('.')) packages.add(fileName);
    else for (const other of packagesOf(join(dirname(file), fileName), seen)) packages.add(other);
  }
  return packages;
}

const tfjs = (file: string) => [...packagesOf(file)].filter((name) => name.startsWith('@tensorflow/'));

it.each(['worker/index.js', 'browser/index.js', 'features.js', 'corpora.js'])(
  '%s loads no TensorFlow.js: a page that leaves classifying to a worker needs none',
  (entry) => {
    expect(existsSync(join(dist, entry))).toBe(true);
    expect(tfjs(entry)).toEqual([]);
  },
);

it('finds TensorFlow.js where it is loaded', () => {
  for (const entry of ['index.js', 'evaluation.js', 'layers.js']) {
    expect(tfjs(entry)).toEqual(expect.arrayContaining(['@tensorflow/tfjs-core']));
  }
});
