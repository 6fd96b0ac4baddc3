// ExampleSet → bytes, and back: to keep features on disk or to send them to another machine

import * as v from 'valibot';
import { DatasetError } from '../core/errors.ts';
import { packArrays, unpackArrays } from '../core/packedArrays.ts';
import { FeatureExtractor } from '../features/featureExtractor.ts';
import { checkExamples } from './checkExamples.ts';
import { resolveCopies } from './copies.ts';
import type { ExampleSet } from './exampleSet.ts';

/** The structure only: `checkExamples` checks the values. */
const HEADER = v.object({
  labels: v.array(v.string()),
  features: v.record(v.string(), v.unknown()),
  speeds: v.pipe(v.array(v.number()), v.nonEmpty()),
  copies: v.optional(v.array(v.record(v.string(), v.unknown()))),
  bins: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
  examples: v.array(
    v.object({
      name: v.string(),
      label: v.number(),
      speaker: v.string(),
      groups: v.record(v.string(), v.string()),
      corpus: v.optional(v.string()),
      asked: v.optional(v.array(v.number())),
    }),
  ),
});

type Header = v.InferOutput<typeof HEADER>;

/** Of sets without corpora and copies, and all that version 0.1 wrote. */
const MAGIC = 'SEMOEXS1';
/** Of sets with either: version 0.1, which would lose them, refuses these. */
const EXTENDED_MAGIC = 'SEMOEXS2';

/**
 * A set as bytes; all copies are part of it.
 *
 * @throws {RangeError | TypeError} when the set could not be trained on, or a clip lacks its copies
 */
export function examplesToBytes(set: ExampleSet): Uint8Array {
  const { labels, features, speeds, copies = [], examples } = checkExamples('write the examples', set);
  const short = examples.find(({ variants }) => variants.length !== speeds.length + copies.length);
  if (short) {
    throw new RangeError(
      `Cannot write the examples: '${short.name}' must have a variant for each of the ${speeds.length} speeds${copies.length > 0 ? ` and ${copies.length} copies` : ''}`,
    );
  }
  const header = {
    labels,
    features,
    speeds,
    copies: copies.length > 0 ? copies : undefined, // JSON leaves out what is undefined
    bins: examples[0]?.variants[0]?.bins ?? 0,
    examples: examples.map(({ name, label, speaker, groups, corpus, asked }) => ({
      name,
      label,
      speaker,
      groups,
      corpus,
      asked,
    })),
  };
  return packArrays(
    copies.length > 0 || examples.some(({ corpus, asked }) => corpus !== undefined || asked !== undefined)
      ? EXTENDED_MAGIC
      : MAGIC,
    header,
    examples.flatMap(({ variants }) => variants.map(({ values }) => values)),
  );
}

/**
 * Reads what {@link examplesToBytes} wrote.
 *
 * @throws {DatasetError} when the bytes are something else, damaged, or of a set that could not be trained on
 */
export function examplesFromBytes(bytes: Uint8Array): ExampleSet {
  const packed = unpackArrays(EXTENDED_MAGIC, bytes) ?? unpackArrays(MAGIC, bytes);
  if (!packed) throw new DatasetError('Cannot read the examples: the bytes are damaged or of another version');
  const header = v.safeParse(HEADER, packed.header, { abortEarly: true });
  if (!header.success) {
    const [issue] = header.issues;
    throw new DatasetError(`Cannot read the examples: ${v.getDotPath(issue) ?? 'the header'}: ${issue.message}`);
  }
  const { speeds, copies = [], examples } = header.output;
  const variants = speeds.length + copies.length;
  if (packed.arrays.length !== examples.length * variants) {
    throw new DatasetError(
      `Cannot read the examples: there must be features of each clip at each of ${speeds.length} speeds${copies.length > 0 ? ` and of ${copies.length} copies` : ''}`,
    );
  }
  let set: ExampleSet;
  try {
    set = checkExamples('read the examples', setOf(header.output, packed.arrays), 'the header');
  } catch (cause) {
    throw new DatasetError((cause as Error).message, { cause });
  }
  // An option that is left out would be this version's default, and need not be the one that the features were made with.
  const { options } = new FeatureExtractor(set.features);
  if (JSON.stringify(set.features) !== JSON.stringify(options)) {
    throw new DatasetError('Cannot read the examples: the header.features must be all options of a FeatureExtractor');
  }
  if (JSON.stringify(copies) === JSON.stringify(resolveCopies('read the examples', 'copies', set.copies ?? [])))
    return set;
  throw new DatasetError('Cannot read the examples: the header.copies must be all options of copies');
}

function setOf(
  { labels, features, speeds, copies, bins, examples }: Header,
  arrays: readonly Float32Array[],
): ExampleSet {
  return {
    labels,
    features: features as unknown as ExampleSet['features'],
    speeds,
    ...(copies && { copies: copies as unknown as ExampleSet['copies'] }),
    examples: examples.map((example, i) => ({
      ...example,
      variants: [...speeds, ...(copies ?? [])].map((_, variant, { length }) => {
        const values = arrays[i * length + variant]!;
        return { values, frames: values.length / bins, bins };
      }),
    })),
  };
}
