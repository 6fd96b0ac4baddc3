// ExampleSet → bytes, and back: to keep features on disk or send them to another machine

import { DatasetError } from '../core/errors.ts';
import { packArrays, unpackArrays } from '../core/packedArrays.ts';
import type { Example, ExampleSet } from './examples.ts';

interface Header extends Omit<ExampleSet, 'examples'> {
  readonly bins: number;
  readonly examples: readonly Omit<Example, 'variants'>[];
}

const MAGIC = 'SEMOEXS1';

/** A set as bytes; speed copies are part of it. */
export function examplesToBytes({ labels, features, speeds, examples }: ExampleSet): Uint8Array {
  const bins = examples[0]?.variants[0]?.bins ?? 0;
  const header: Header = {
    labels,
    features,
    speeds,
    bins,
    examples: examples.map(({ name, label, speaker, groups }) => ({ name, label, speaker, groups })),
  };
  return packArrays(
    MAGIC,
    header,
    examples.flatMap(({ variants }) => variants.map(({ values }) => values)),
  );
}

/**
 * Reads what {@link examplesToBytes} wrote.
 *
 * @throws {DatasetError} when the bytes are something else, or damaged
 */
export function examplesFromBytes(bytes: Uint8Array): ExampleSet {
  const packed = unpackArrays<Header>(MAGIC, bytes);
  if (!packed) throw new DatasetError('Cannot read the examples: the bytes are damaged or of another version');
  const { labels, features, speeds, bins, examples } = packed.header;
  return {
    labels,
    features,
    speeds,
    examples: examples.map((example, i) => ({
      ...example,
      variants: speeds.map((_, variant) => {
        const values = packed.arrays[i * speeds.length + variant]!;
        return { values, frames: values.length / bins, bins };
      }),
    })),
  };
}
