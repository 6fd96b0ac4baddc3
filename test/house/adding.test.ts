import { execFile } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Addition, additions } from './additions.ts';

/*
 * Whoever adds one thing touches one file of its own and one line of one table (and the import of it). Oracle: the files of a copy of the
 * tree with one of each added, compared with the tree; the strict check of their types; and a program that uses them.
 */

const run = promisify(execFile);
const root = resolve(import.meta.dirname, '../..');
let copy: string;

beforeAll(() => {
  copy = mkdtempSync(join(tmpdir(), 'speech-emotion-'));
  for (const path of ['src', 'tsconfig.json', 'package.json']) {
    cpSync(join(root, path), join(copy, path), { recursive: true });
  }
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
  for (const addition of additions) add(addition);
  writeFileSync(join(copy, 'program.ts'), program());
});
afterAll(() => rmSync(copy, { recursive: true, force: true }));

function add({ file, source, table, importLine, behind, line }: Addition): void {
  if (existsSync(join(copy, file))) throw new Error(`${file} is there already: add something else`);
  writeFileSync(join(copy, file), source);
  const before = readFileSync(join(copy, table), 'utf8');
  if (!before.includes(`\n${behind}\n`)) throw new Error(`${table} has no line '${behind}' to add one behind`);
  const after = before
    .replace(`\n${behind}\n`, `\n${behind}\n${line}\n`)
    .replace(/^import /m, `${importLine}\nimport `);
  writeFileSync(join(copy, table), after);
}

function program(): string {
  const parts = additions.map(
    ({ what, program }) => `{\n      let found: unknown;${program}\n      all[${JSON.stringify(what)}] = found;\n}`,
  );
  return `
    import * as tf from '@tensorflow/tfjs-core';
    import '@tensorflow/tfjs-backend-cpu';
    import * as tfl from '@tensorflow/tfjs-layers';
    import { toWaveform } from './src/audio/toWaveform.ts';
    import { openCorpus } from './src/dataset/index.ts';
    import { FeatureExtractor, type FeatureOptions } from './src/features/index.ts';
    import { buildCnnLstm } from './src/index.ts';
    tf.env().set('PROD', true);
    await tf.setBackend('cpu');
    const all: Record<string, unknown> = {};
    ${parts.join('\n')}
    console.log(JSON.stringify(all));
  `;
}

/** The lines of a file that another does not have, each as often as it is there more often. */
function extraLines(file: string, other: string): string[] {
  const left = other.split('\n');
  return file.split('\n').filter((line) => {
    const at = left.indexOf(line);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
}

describe('adding one thing', () => {
  const files = (folder: string) =>
    readdirSync(join(folder, 'src'), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
      .sort();
  const read = (folder: string, path: string) => readFileSync(join(folder, path), 'utf8');

  it.each(additions)('$what: its own file, and one line of one table', ({ file, table, line, importLine }) => {
    expect(existsSync(join(root, file))).toBe(false);
    expect(extraLines(read(copy, table), read(root, table)).sort()).toEqual([line, importLine].sort());
    expect(extraLines(read(root, table), read(copy, table))).toEqual([]);
  });

  it('touches nothing else', () => {
    const before = files(root);
    expect(files(copy).filter((path) => !before.includes(path))).toEqual(additions.map(({ file }) => file).sort());
    const changed = before.filter((path) => read(root, path) !== read(copy, path));
    expect(changed).toEqual(additions.map(({ table }) => table).sort());
  });

  it('type-checks, and what it adds is known by name and by its own options alone', async () => {
    const config = { extends: './tsconfig.json', include: [], files: ['program.ts', 'src/pretrained/weights.d.ts'] };
    writeFileSync(join(copy, 'tsconfig.program.json'), JSON.stringify(config));
    const tsc = join(root, 'node_modules/typescript/bin/tsc');
    await run(process.execPath, [tsc, '-p', 'tsconfig.program.json'], { cwd: copy }).catch(({ stdout }) => {
      throw new Error(stdout);
    });
  });

  it('runs', async () => {
    const { stdout } = await run(process.execPath, ['--import', 'tsx', 'program.ts'], { cwd: copy });
    const found = JSON.parse(stdout.trim().split('\n').at(-1)!);
    expect(found).toEqual(Object.fromEntries(additions.map(({ what, found }) => [what, found])));
  });
});
