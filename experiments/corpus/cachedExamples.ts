// recordings → their features, computed once and kept in .cache

import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { pipeline } from 'node:stream/promises';
import {
  type ExampleSet,
  examplesFromBytes,
  examplesToBytes,
  type LabelledDataset,
  type PrepareOptions,
  prepareExamples,
} from 'speech-emotion';
import { featureWorkers, fileCheckpoint } from 'speech-emotion/node';
import { showProgress } from '../../examples/node/progress.ts';

const CACHE = '.cache';

/** What features follow from, besides the files. */
interface FeatureSettings extends Pick<PrepareOptions, 'features' | 'speeds'> {
  /** What is done to the clips after they were read, if anything. */
  readonly perturbed?: { readonly name: string; readonly description: string };
}

/**
 * The features of a dataset. The name of the cache file follows from the recordings (their paths and contents), the library's version
 * and the settings, so that a change of any of these makes new features.
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
  const store = fileCheckpoint(cache); // written atomically
  const { features, speeds, perturbed } = settings;
  const title = perturbed ? `Features (${perturbed.name})` : 'Features';
  try {
    const kept = await store.load();
    if (kept) {
      const examples = examplesFromBytes(kept);
      console.log(`${title} of ${names.length} clips: from ${cache}`);
      return examples;
    }
  } catch (error) {
    console.log(`${cache}: ${(error as Error).message}; computing them again`);
  }

  const progress = showProgress(title, names.length, { logEvery: 0.1 });
  const examples = await prepareExamples(dataset, {
    ...{ features, speeds },
    labels: dataset.labels,
    executor: featureWorkers(),
    onProgress: ({ done }) => progress.update(done),
    signal,
  }).finally(() => progress.stop());
  await store.save(examplesToBytes(examples));
  console.log(`${title} of ${names.length} clips: kept in ${cache}`);
  return examples;
}

/** Path and digest of a file, or of every file in a folder. */
async function describeFiles(path: string): Promise<readonly (readonly [string, string])[]> {
  if (!(await stat(path)).isDirectory()) return [['', await digestOf(path)]];
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name));
  const described: [string, string][] = [];
  for (const file of files.sort()) described.push([relative(path, file), await digestOf(file)]);
  return described;
}

async function digestOf(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}
