// recordings → their features, worked out once and kept in .cache

import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import {
  type ExampleSet,
  examplesFromBytes,
  examplesToBytes,
  type LabelledDataset,
  type PrepareOptions,
  prepareExamples,
} from 'speech-emotion';
import { featureWorkers } from 'speech-emotion/node';
import { showProgress } from './progress.ts';

const CACHE = '.cache';

/** What features follow from, beside the files. */
interface FeatureSettings extends Pick<PrepareOptions, 'features' | 'speeds'> {
  /** What is done to the clips after they were read, where something is. */
  readonly perturbed?: { readonly name: string; readonly says: string };
}

/**
 * The features of a dataset. They are kept under a name that follows from the files (their names, sizes and dates), the
 * library's version and the settings, so that a change of any of these makes new ones.
 *
 * @param paths the folders or archives that the dataset was opened from
 */
export async function cachedExamples(
  dataset: LabelledDataset,
  paths: readonly string[],
  settings: FeatureSettings,
  signal?: AbortSignal,
): Promise<ExampleSet> {
  const { version } = JSON.parse(await readFile(new URL('../../package.json', import.meta.url), 'utf8'));
  const names = Array.from(dataset, ({ name }) => name);
  const files = await Promise.all(paths.map(describeFiles));
  const key = createHash('sha256')
    .update(JSON.stringify([version, names, files, settings]))
    .digest('hex')
    .slice(0, 16);
  const cache = join(CACHE, `features-${key}.bin`);
  const { features, speeds, perturbed } = settings;
  const title = perturbed ? `Features (${perturbed.name})` : 'Features';
  try {
    const examples = examplesFromBytes(new Uint8Array(await readFile(cache)));
    console.log(`${title} of ${names.length} clips: from ${cache}`);
    return examples;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT')
      console.log(`${(error as Error).message}; making them anew`);
  }

  const progress = showProgress(title, names.length, { logEvery: 0.1 });
  const examples = await prepareExamples(dataset, {
    ...{ features, speeds },
    labels: dataset.labels,
    executor: featureWorkers(),
    onProgress: ({ done }) => progress.update(done),
    signal,
  }).finally(() => progress.stop());
  await mkdir(dirname(cache), { recursive: true });
  await writeFile(`${cache}.part`, examplesToBytes(examples));
  await rename(`${cache}.part`, cache); // whole or not at all
  console.log(`${title} of ${names.length} clips: kept in ${cache}`);
  return examples;
}

/** Path, size and date of a file, or of every file in a folder. */
async function describeFiles(path: string): Promise<unknown> {
  const about = await stat(path);
  if (!about.isDirectory()) return [[resolve(path), about.size, about.mtimeMs]];
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name));
  return Promise.all(
    files.sort().map(async (file) => {
      const { size, mtimeMs } = await stat(file);
      return [relative('', file), size, mtimeMs];
    }),
  );
}
