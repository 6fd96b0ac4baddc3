// folds and features ↔ a folder that is taken to another machine: kit.json, features.bin

import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Example, ExampleSet, Named, NamedFold, SpeakerRule } from 'speech-emotion';
import { UsageError } from '../../examples/node/commandLine.ts';
import type { ResultHead } from '../results/resultStore.ts';
import { packHalves, unpackHalves } from './halfFloats.ts';

/** Everything but features that trainings follow from. */
export interface KitPlan {
  readonly head: ResultHead;
  /** Name of the file of results. */
  readonly resultFile: string;
  /** Revision of the code that the kit's programs were made of. */
  readonly commit: string;
  readonly speakers: SpeakerRule;
  readonly seeds: readonly number[];
  readonly folds: readonly NamedFold[];
}

/** A kit as it is read. */
export interface Kit extends KitPlan {
  /** The clips of the folds, with features of half precision. */
  readonly own: ExampleSet;
  /** Clips that every fold trains on besides. */
  readonly extra: ExampleSet | undefined;
}

/** What kit.json holds. */
interface KitFile extends Omit<KitPlan, 'folds'> {
  readonly version: typeof VERSION;
  readonly folds: readonly {
    readonly name: string;
    readonly train: readonly string[];
    readonly test: readonly string[];
  }[];
  readonly set: Omit<ExampleSet, 'examples'>;
  readonly bins: number;
  /** In the order of features.bin. */
  readonly examples: readonly ClipOfKit[];
  /** How many of them, at the end, are extra. */
  readonly extra: number;
  /** Of features.bin. */
  readonly sha256: string;
}

interface ClipOfKit extends Omit<Example, 'variants'> {
  /** Of each variant. */
  readonly frames: readonly number[];
}

const VERSION = 1;

/**
 * Writes kit.json and features.bin.
 *
 * @returns the bytes of features.bin
 */
export async function writeKit(
  folder: string,
  { folds, ...plan }: KitPlan,
  own: ExampleSet,
  extra: ExampleSet | undefined,
): Promise<number> {
  const { examples, ...set } = own;
  const all = [...examples, ...(extra?.examples ?? [])];
  const features = packHalves(all.flatMap(({ variants }) => variants.map(({ values }) => values)));
  const file: KitFile = {
    version: VERSION,
    ...plan,
    folds: folds.map(({ name, train, test }) => ({ name, train: namesOf(train), test: namesOf(test) })),
    set,
    bins: all[0]!.variants[0]!.bins,
    examples: all.map(({ variants, ...clip }) => ({ ...clip, frames: variants.map(({ frames }) => frames) })),
    extra: extra?.examples.length ?? 0,
    sha256: digestOf(features),
  };
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'features.bin'), features);
  await writeFile(join(folder, 'kit.json'), `${JSON.stringify(file)}\n`);
  return features.length;
}

/**
 * Reads what {@link writeKit} wrote.
 *
 * @throws {UsageError} when a file is missing, damaged or of another version
 */
export async function readKit(folder: string): Promise<Kit> {
  const { version, folds, set, bins, examples, extra, sha256, ...plan } = await readPlan(join(folder, 'kit.json'));
  if (version !== VERSION) {
    throw new UsageError(`Cannot read the kit: its version must be ${VERSION}, got ${version}`);
  }
  const features = await readOf(join(folder, 'features.bin'));
  if (digestOf(features) !== sha256) {
    throw new UsageError(
      'Cannot read the kit: features.bin must be as it was written, but it is damaged: copy it again',
    );
  }
  const arrays = unpackHalves(
    features,
    examples.flatMap(({ frames }) => frames.map((count) => count * bins)),
  );
  let next = 0;
  const clips = examples.map(
    ({ frames, ...clip }): Example => ({
      ...clip,
      variants: frames.map((count) => ({ values: arrays[next++]!, frames: count, bins })),
    }),
  );
  const first = clips.length - extra;
  return {
    ...plan,
    folds: folds.map(({ name, train, test }) => ({ name, train: named(train), test: named(test) })),
    own: { ...set, examples: clips.slice(0, first) },
    extra: extra > 0 ? { ...set, examples: clips.slice(first) } : undefined,
  };
}

async function readPlan(path: string): Promise<KitFile> {
  const text = new TextDecoder().decode(await readOf(path));
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new UsageError('Cannot read the kit: kit.json must be as it was written, but it is damaged: copy it again', {
      cause,
    });
  }
}

async function readOf(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (cause) {
    throw new UsageError(`Cannot read the kit: ${(cause as Error).message}`, { cause });
  }
}

function digestOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function namesOf(clips: Iterable<Named>): string[] {
  return Array.from(clips, ({ name }) => name);
}

function named(names: readonly string[]): Named[] {
  return names.map((name) => ({ name }));
}
