import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { inProject, project, snippet } from './inProject.ts';

/* The package's types as a user gets them. Oracle: TypeScript's strict check, with both ways to resolve modules. */

/** Types of dependencies are there: what they declare is not `any`, which would take every wrong assignment. */
const DECLARED = `
import { LogMel } from 'speech-emotion/features';
const { shape } = new LogMel().transform({ samples: new Float32Array(16000), sampleRate: 16000 });
// @ts-expect-error a shape holds numbers
export const word: string = shape[0];
`;

it.each(['bundler', 'nodenext'])(
  'every entry and the README’s snippets pass, resolved as for %s',
  async (resolution) => {
    await mkdir(join(project, 'types'), { recursive: true });
    await writeFile(join(project, 'types/node.mts'), await snippet('node.mjs'));
    await writeFile(join(project, 'types/train.mts'), await snippet('train.mts'));
    await writeFile(join(project, 'types/declared.mts'), DECLARED);
    const manifest = await readFile(join(project, 'node_modules/speech-emotion/package.json'), 'utf8');
    const { exports } = JSON.parse(manifest) as { exports: Record<string, { types?: string }> };
    const entries = Object.entries(exports).flatMap(([name, { types }], entry) =>
      types && name !== './browser/capture'
        ? [`export type * as entry${entry} from 'speech-emotion${name.slice(1)}';\n`]
        : [],
    );
    expect(entries.length).toBeGreaterThan(5);
    await writeFile(join(project, 'types/entries.mts'), entries.join(''));
    await writeFile(
      join(project, 'types/tsconfig.json'),
      JSON.stringify({
        compilerOptions: {
          ...{ strict: true, exactOptionalPropertyTypes: true, noUncheckedIndexedAccess: true, skipLibCheck: true },
          ...{ noEmit: true, target: 'es2022', module: resolution === 'nodenext' ? 'nodenext' : 'esnext' },
          ...{
            moduleResolution: resolution,
            types: ['node'],
            lib: ['es2023', 'dom', 'dom.iterable', 'esnext.disposable'],
          },
        },
      }),
    );
    await inProject(['npx', 'tsc', '-p', 'types']).catch((error: { stdout: string }) => {
      throw new Error(error.stdout);
    });
  },
);
