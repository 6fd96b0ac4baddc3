import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { additions } from './additions.ts';

/*
 * The programs of docs/extending.md, against the built package: `npm run build` first, as `npm test` does. Oracle: what the page says
 * that they print. That all its code type-checks is held by docsCode.test.ts.
 */

const run = promisify(execFile);
const root = resolve(import.meta.dirname, '../..');
const page = readFileSync(join(root, 'docs/extending.md'), 'utf8');
const programs = [...page.matchAll(/^```ts\n\/\/ (\w+\.ts)\n(.*?)^```$/gms)].map(([, name, code]) => ({
  name: name!,
  code: code!,
  printed: [...code!.matchAll(/^\/\/ prints (.*)$/gm)].map(([, line]) => line!),
}));

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'extending-'));
  mkdirSync(join(folder, 'node_modules'));
  for (const name of readdirSync(join(root, 'node_modules'))) {
    symlinkSync(join(root, 'node_modules', name), join(folder, 'node_modules', name));
  }
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, type: 'module' }));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('docs/extending.md', () => {
  it('has a program for each thing that can be added from outside', () => {
    expect(programs.map(({ name }) => name).sort()).toEqual(
      ['features', 'decoder', 'labels', 'corpus', 'files', 'layers', 'cell', 'loop'].map((name) => `${name}.ts`).sort(),
    );
    for (const { name, printed } of programs) expect(printed.length, name).toBeGreaterThan(0);
  });

  it.each(programs)('$name prints what the page says', async ({ name, code, printed }) => {
    writeFileSync(join(folder, name), code);
    const { stdout } = await run(process.execPath, ['--import', 'tsx', name], { cwd: folder });
    const lines = stdout.split('\n').filter((line) => line !== '' && !/^=|TensorFlow\.js in Node/.test(line));
    expect(lines).toEqual(printed);
  });

  it('names the table of each thing that is added from inside, as the test that adds them has them', () => {
    for (const { what, table } of additions) {
      const row = page.split('\n').find((line) => line.startsWith(`| ${what} `));
      expect(row, what).toContain(table);
    }
  });
});
