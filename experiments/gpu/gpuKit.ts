// RAVDESS + a protocol → a folder that trains its folds on a machine with a GPU: npm run gpu-kit -- --data ZIP_OR_FOLDER --protocol si5

import { copyFile, mkdir, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type ExampleSet, type Named, selectExamples } from 'speech-emotion';
import { interruptible, readArguments, run, UsageError } from '../../examples/node/commandLine.ts';
import { cachedExamples } from '../corpus/cachedExamples.ts';
import {
  chooseProtocol,
  FOLD_OPTIONS,
  FOLD_USAGE,
  factsOf,
  openFolds,
  splitExtra,
  testedBy,
} from '../protocols/protocolFolds.ts';
import { revision } from '../results/revision.ts';
import { bundlePrograms, checkPlatform, OWN_PLATFORM } from './bundle.ts';
import { checkSize, megabytes } from './featureSize.ts';
import { writeKit } from './kit.ts';
import { readmeOf } from './readme.ts';

const USAGE = `
npm run gpu-kit -- --data ZIP_OR_FOLDER --protocol NAME [options]

Writes a folder for a machine with a GPU that is there for some minutes only: features in 16 bit, at most 40 MB, and programs that need
nothing but Node. There, \`node train.js\` trains the folds on WebGPU and writes a file of results, which npm run join-results joins with others.

  ${FOLD_USAGE}
  --out FOLDER       a new or empty folder (default: runs/gpu-kit)
  --platform NAME    of the other machine, e.g. linux-x64 (default: this machine's)
  --vulkan FILE      puts this libvulkan.so.1 in the kit, for a Linux that has a driver and no Vulkan loader
`;

const ACTION = 'write the kit';

await run(async () => {
  const options = readArguments(USAGE, {
    ...FOLD_OPTIONS,
    out: { type: 'string', default: 'runs/gpu-kit' },
    platform: { type: 'string', default: OWN_PLATFORM },
    vulkan: { type: 'string' },
  });
  const { out, platform, vulkan } = options;
  const asked = chooseProtocol(ACTION, options);
  const { protocol, seeds, suffix } = asked;
  await checkPlatform(platform);
  await checkEmpty(out);
  const signal = interruptible('Stopped. Nothing is written.');

  const opened = await openFolds(ACTION, asked, options);
  const { config, folds, recordings, paths } = opened;
  const { features, speeds } = config;
  if (config.teachers)
    throw new UsageError('Cannot write the kit: a configuration with teachers cannot be trained there');
  const examples = await cachedExamples(recordings, paths, { features, speeds }, signal);
  const { own: all, extra } = splitExtra(examples, opened);
  const own = usedBy(all, folds);
  checkSize([...own.examples, ...(extra?.examples ?? [])], speeds);

  const commit = revision();
  const { description } = protocol;
  const clips = factsOf(protocol, own, testedBy(folds));
  const head = { protocol: options.protocol, description, config, labels: own.labels, clips };
  const resultFile = `${options.protocol}${suffix}.json`;
  const plan = { head, resultFile, commit, speakers: protocol.speakers, seeds, folds };
  const bytes = await writeKit(out, plan, own, extra);
  await bundlePrograms(out, platform);
  if (vulkan) {
    await mkdir(join(out, 'lib'));
    await copyFile(vulkan, join(out, 'lib/libvulkan.so.1'));
  }
  await writeFile(join(out, 'README.txt'), readmeOf(plan, platform));
  console.log(`${out}: ${seeds.length * folds.length} trainings of ${options.protocol} at ${commit}`);
  console.log(
    `features.bin ${megabytes(bytes)}, all files ${megabytes(await sizeOf(out))}; README.txt tells how to run it`,
  );
});

/** A kit that was trained on has results, which another must not be mixed with. */
async function checkEmpty(folder: string): Promise<void> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  if (names.length > 0)
    throw new UsageError(`Cannot write the kit: --out must be a new or empty folder, got ${folder}`);
}

/** The clips that some fold trains on or tests: songs, for instance, need not be. */
function usedBy(
  examples: ExampleSet,
  folds: readonly { readonly train: Iterable<Named>; readonly test: Iterable<Named> }[],
): ExampleSet {
  const names = new Set(folds.flatMap(({ train, test }) => Array.from([...train, ...test], ({ name }) => name)));
  return selectExamples(examples, ({ name }) => names.has(name));
}

async function sizeOf(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const sizes = await Promise.all(
    files.map(async (file) => (await stat(join(file.parentPath ?? file.path, file.name))).size),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}
