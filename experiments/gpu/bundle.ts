// the programs of a kit → files that run without anything installed

import { cp, readdir, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'tsup';
import { UsageError } from '../../examples/node/commandLine.ts';

/** Node's addon of WebGPU, with a binary for each platform. */
const WEBGPU = dirname(createRequire(import.meta.url).resolve('webgpu'));

/** The platform of this machine, as the package `webgpu` names it. */
export const OWN_PLATFORM = `${process.platform}-${process.platform === 'darwin' ? 'universal' : process.arch}`;

/** @throws {UsageError} when WebGPU is not to be had for a platform */
export async function checkPlatform(platform: string): Promise<void> {
  const platforms = await readdir(join(WEBGPU, 'dist'));
  if (platforms.includes(platform)) return;
  throw new UsageError(`Cannot write the kit: --platform must be ${platforms.join(', ')}, got ${platform}`);
}

/** Writes train.js and trainer.js, programs with all that they import, and the package `webgpu` with the binary of a platform. */
export async function bundlePrograms(folder: string, platform: string): Promise<void> {
  const here = fileURLToPath(new URL('.', import.meta.url));
  await build({
    entry: { train: join(here, 'train.ts'), trainer: join(here, 'trainer.ts') },
    outDir: folder,
    config: false,
    tsconfig: join(here, '../../tsconfig.json'),
    format: 'esm',
    outExtension: () => ({ js: '.js' }),
    platform: 'node',
    target: 'node20',
    splitting: true, // one copy of each class, so that `instanceof` holds
    esbuildOptions(options) {
      options.chunkNames = 'programs/[name]-[hash]';
    },
    clean: false,
    silent: true,
    external: BESIDE,
    noExternal: [new RegExp(`^(?!(${BESIDE.join('|')})$)`)],
    // Packages in CommonJS that are bundled call `require` for what Node has.
    banner: {
      js: "import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url);",
    },
  });
  await writeFile(
    join(folder, 'package.json'),
    '{ "private": true, "type": "module", "engines": { "node": ">=20" } }\n',
  );
  for (const part of ['index.js', 'package.json', 'LICENSE.md', join('dist', platform)]) {
    await cp(join(WEBGPU, part), join(folder, 'node_modules/webgpu', part), { recursive: true });
  }
}

/** Not bundled: an addon, and a backend that no kit trains on. */
const BESIDE = ['webgpu', '@tensorflow/tfjs-backend-wasm'];
