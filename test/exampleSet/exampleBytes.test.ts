import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DatasetError } from '../../src/core/errors.ts';
import { examplesFromBytes, examplesToBytes } from '../../src/exampleSet/exampleBytes.ts';
import type { ExampleSet } from '../../src/exampleSet/exampleSet.ts';
import { selectExamples } from '../../src/exampleSet/examples.ts';
import { FeatureExtractor } from '../../src/features/featureExtractor.ts';
import { crafted, floatsOf, headerOf, withHeader } from '../training/packedFile.ts';
import { synthetic } from '../training/synthetic.ts';

const set = synthetic({ clips: 4 });
const bytes = examplesToBytes(set);

/** What is wrong with a set: what its types say, and what training relies on, written out. */
function faultOf({ labels, features, speeds, examples }: ExampleSet): string | undefined {
  if (!(labels.length > 0 && labels.every((label) => typeof label === 'string' && label.length > 0))) return 'labels';
  if (new Set(labels).size !== labels.length) return 'labels twice';
  if (speeds[0] !== 1 || !speeds.every((speed) => speed >= 0.5 && speed <= 2)) return 'speeds';
  const { bins, options } = new FeatureExtractor(features);
  if (JSON.stringify(options) !== JSON.stringify(features)) return 'features';
  if (new Set(examples.map(({ name }) => name)).size !== examples.length) return 'names twice';
  for (const { name, label, speaker, groups, variants } of examples) {
    if (typeof name !== 'string' || typeof speaker !== 'string') return 'texts';
    if (!Number.isInteger(label) || label < 0 || label >= labels.length) return 'label';
    if (!Object.values(groups).every((value) => typeof value === 'string')) return 'groups';
    if (variants.length !== speeds.length) return 'variants';
    for (const matrix of variants) {
      if (!(matrix.values instanceof Float32Array) || matrix.bins !== bins) return 'bins';
      if (!Number.isInteger(matrix.frames) || matrix.frames < 1) return 'frames';
      if (matrix.values.length !== matrix.frames * bins || !matrix.values.every(Number.isFinite)) return 'values';
    }
  }
  return undefined;
}

/** The fault of what comes of a file: none, or an error of the class that callers catch. */
function outcomeOf(file: Uint8Array): string {
  let read: ExampleSet;
  try {
    read = examplesFromBytes(file);
  } catch (error) {
    if (!(error instanceof DatasetError)) throw error;
    return 'refused';
  }
  const fault = faultOf(read);
  if (fault !== undefined) throw new Error(`accepted, though at fault: ${fault}`);
  return 'accepted';
}

describe('examples as bytes', () => {
  it('come back as they were', () => {
    expect(examplesFromBytes(bytes)).toEqual(set);
    expect(examplesFromBytes(examplesToBytes(selectExamples(set, () => false))).examples).toEqual([]);
  });

  it('are refused, or fit to be trained on, whatever the header says behind a right checksum (property)', () => {
    const seen = { accepted: 0, refused: 0 };
    fc.assert(
      fc.property(crafted(headerOf(bytes)), (json) => {
        seen[outcomeOf(withHeader(bytes, json)) as keyof typeof seen]++;
      }),
      { numRuns: 3000 },
    );
    expect(seen.refused).toBeGreaterThan(1000);
    expect(seen.accepted).toBeGreaterThan(50); // a name, a group: those may be anything
  });

  it('are refused where a feature is not finite behind a right checksum (property)', () => {
    fc.assert(
      fc.property(
        fc.nat(floatsOf(bytes).length - 1),
        fc.constantFrom(Number.NaN, Infinity, -Infinity),
        (place, value) => {
          const floats = floatsOf(bytes).with(place, value);
          expect(() => examplesFromBytes(withHeader(bytes, JSON.stringify(headerOf(bytes)), floats))).toThrow(
            DatasetError,
          );
        },
      ),
    );
  });

  it('are refused where they are something else', () => {
    for (const other of [new Uint8Array(20), undefined, null, 'text', {}, new ArrayBuffer(40)]) {
      expect(() => examplesFromBytes(other as never)).toThrow(DatasetError);
    }
  });

  it('are not written of what could not be read again', () => {
    const [first, ...others] = set.examples;
    const short = { variants: [first!.variants[0]] };
    for (const change of [
      short,
      { label: 99 },
      { label: 0.5 },
      { variants: [] },
      { name: 'clip1' },
      { groups: null },
    ]) {
      const broken = { ...set, examples: [{ ...first!, ...change } as never, ...others] };
      expect(() => examplesToBytes(broken)).toThrow(/^Cannot write the examples: /);
    }
  });
});
