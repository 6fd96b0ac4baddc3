import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ExampleSet } from '../../src/exampleSet/exampleSet.ts';
import { Normalizer } from '../../src/features/normalizer.ts';
import { fillWindow } from '../../src/model/windows.ts';
import { type Batch, Batches } from '../../src/training/batches.ts';
import { resolveTrainOptions } from '../../src/training/resolveTrainOptions.ts';
import type { TrainOptions } from '../../src/training/trainOptions.ts';
import { expectClose } from '../support/arrays.ts';
import { BINS, extractor, synthetic } from './synthetic.ts';

const normalizer = new Normalizer(new Float32Array(BINS).fill(-40), new Float32Array(BINS).fill(4));
const { silence } = extractor;

function batches(data: ExampleSet, options: TrainOptions): Batches {
  const resolved = resolveTrainOptions(data, { window: { frames: 12 }, augment: false, labelSmoothing: 0, ...options });
  return new Batches(data, resolved, normalizer, silence, options.teacher?.probabilities);
}

/** The inputs of each clip of an epoch, in the order in which they come. */
function epochOf(from: Batches, epoch: number): { inputs: number[]; targets: number[] }[] {
  return Array.from({ length: from.count }, (_, i) => {
    const { size, inputs, targets } = from.assemble(epoch, i);
    return Array.from({ length: size }, (_, place) => ({
      inputs: Array.from(inputs.slice((place * inputs.length) / size, ((place + 1) * inputs.length) / size)),
      targets: Array.from(targets.slice((place * targets.length) / size, ((place + 1) * targets.length) / size)),
    }));
  }).flat();
}

/** Some clips were asked for two labels alone. */
function partly({ examples, ...rest }: ExampleSet): ExampleSet {
  return {
    ...rest,
    examples: examples.map((clip, i) => (i % 3 ? clip : { ...clip, asked: [clip.label, (clip.label + 1) % 3].sort() })),
  };
}

/** A batch that outlives the next. */
function copied({ inputs, targets, unasked, ...rest }: Batch): Batch {
  return { ...rest, inputs: inputs.slice(), targets: targets.slice(), unasked: unasked?.slice() };
}

const keys = (clips: { inputs: number[] }[]) => clips.map(({ inputs }) => inputs.join());

describe('Batches', () => {
  it('spreads all clips over ⌈n/size⌉ batches whose sizes differ by one at most (property)', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 50 }), (clips, batchSize) => {
        const made = batches(synthetic({ clips }), { batchSize });
        const sizes = Array.from({ length: made.count }, (_, i) => made.assemble(0, i).size);
        expect(made.count).toBe(Math.ceil(clips / batchSize));
        expect(sizes.reduce((a, b) => a + b)).toBe(clips);
        expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('goes over every clip once an epoch, in another order each epoch, the same for the same seed', () => {
    const data = synthetic();
    const [first, again, other] = [1, 1, 2].map((seed) => batches(data, { batchSize: 7, seed }));
    const orders = [keys(epochOf(first!, 0)), keys(epochOf(first!, 1))];
    expect(new Set(orders[0])).toHaveLength(24);
    expect(new Set(orders[1])).toEqual(new Set(orders[0]));
    expect(orders[1]).not.toEqual(orders[0]);
    expect([keys(epochOf(again!, 0)), keys(epochOf(again!, 1))]).toEqual(orders);
    expect(keys(epochOf(other!, 0))).not.toEqual(orders[0]);
  });

  it('gives a batch the same whatever was asked before (what resuming relies on), with all augmentation', () => {
    const options = { batchSize: 7, augment: { noise: {}, mixup: { probability: 1 } } };
    const wanted = epochOf(batches(synthetic(), options), 3);
    const made = batches(synthetic(), options);
    made.assemble(5, 1);
    expect(epochOf(made, 3)).toEqual(wanted);
  });

  it('gives each of several threads its rows of the batch (oracle: the whole one)', () => {
    const data = partly(synthetic({ clips: 25 }));
    for (const mixup of [false, {}] as const) {
      const made = batches(data, { batchSize: 8, augment: { noise: {}, timeMasks: {}, mixup } });
      for (let batch = 0; batch < made.count; batch++) {
        const { inputs, targets, unasked, size, clips, first } = copied(made.assemble(1, batch));
        expect([first, clips]).toEqual([0, size]);
        for (const ranks of [1, 2, 3, 6]) {
          const parts = Array.from({ length: ranks }, (_, rank) => copied(made.assemble(1, batch, { rank, ranks })));
          expect(parts.flatMap((part) => Array.from(part.inputs))).toEqual(Array.from(inputs));
          expect(parts.flatMap((part) => Array.from(part.targets))).toEqual(Array.from(targets));
          expect(parts.flatMap((part) => Array.from(part.unasked!))).toEqual(Array.from(unasked!));
          const before = (rank: number) => parts.slice(0, rank).reduce((sum, part) => sum + part.size, 0);
          expect(parts.map((part) => part.first)).toEqual(parts.map((_, rank) => before(rank)));
          expect(new Set(parts.map((part) => part.clips))).toEqual(new Set([clips]));
          const sizes = parts.map((part) => part.size);
          expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
        }
      }
    }
  });

  it('shows a clip unaugmented as prediction does (oracle: model/windows.ts)', () => {
    const data = synthetic({ clips: 6 });
    const seen = epochOf(batches(data, {}), 0);
    for (const { variants, label } of data.examples) {
      const { frames } = variants[0]!;
      const startFrame = Math.max(0, Math.floor((frames - 12) / 2));
      const range = { startFrame, endFrame: Math.min(frames, startFrame + 12) };
      const quiet = normalizer.apply({ values: silence, frames: 1, bins: BINS }).values;
      const wanted = new Float32Array(12 * BINS);
      fillWindow(variants[0]!, range, normalizer, quiet, wanted, Math.max(0, Math.floor((12 - frames) / 2)));
      const found = seen.find(({ inputs }) => inputs.every((value, i) => value === wanted[i]));
      expect(found?.targets).toEqual([0, 1, 2].map((k) => (k === label ? 1 : 0)));
    }
  });

  it('puts short clips anywhere in the window and cuts long ones anywhere (oracle: by index)', () => {
    for (const frames of [5, 12, 20]) {
      const values = Float32Array.from({ length: frames * BINS }, (_, i) => Math.floor(i / BINS));
      const [example] = synthetic({ clips: 1 }).examples;
      const alone = { ...example!, variants: [{ values, frames, bins: BINS }] };
      const data = { ...synthetic(), speeds: [1], examples: [alone] };
      const off = { melShift: false, gainDb: false, timeMasks: false, frequencyMasks: false } as const;
      const made = batches(data, { augment: { ...off, placement: true } });
      const places = new Set<number>();
      for (let epoch = 0; epoch < 100; epoch++) {
        const column = epochOf(made, epoch)[0]!
          .inputs.filter((_, i) => i % BINS === 0)
          .map((value) => value * 4 - 40);
        const quiet = column.map((value) => value < -1);
        const place = frames < 12 ? quiet.indexOf(false) : -column[0]!;
        const wanted = Array.from({ length: 12 }, (_, i) => {
          const frame = i - place;
          return frame >= 0 && frame < frames ? frame : silence[0]!;
        });
        expectClose(column, wanted, 1e-5);
        places.add(place);
      }
      expect(places.size).toBe(Math.abs(frames - 12) + 1);
    }
  });

  it('draws among speed copies, or takes the clip itself', () => {
    const data = synthetic({ clips: 1 });
    const off = { placement: false, melShift: false, gainDb: false, timeMasks: false, frequencyMasks: false } as const;
    const drawn = batches(data, { augment: { ...off, speed: true } });
    expect(new Set(Array.from({ length: 20 }, (_, epoch) => keys(epochOf(drawn, epoch)).join()))).toHaveLength(2);
    const fixed = batches(data, { augment: { ...off, speed: false } });
    expect(new Set(Array.from({ length: 20 }, (_, epoch) => keys(epochOf(fixed, epoch)).join()))).toHaveLength(1);
  });

  it('mixes clips and their labels by the same shares (oracle: the clips unmixed)', () => {
    const data = synthetic({ clips: 9 });
    const plain = epochOf(batches(data, { batchSize: 9 }), 0);
    const off = {
      speed: false,
      placement: false,
      melShift: false,
      gainDb: false,
      timeMasks: false,
      frequencyMasks: false,
    } as const;
    const mixed = epochOf(batches(data, { batchSize: 9, augment: { ...off, mixup: { alpha: 1, probability: 1 } } }), 0);
    let blended = 0;
    for (const [i, { inputs, targets }] of mixed.entries()) {
      expect(targets.reduce((a, b) => a + b)).toBeCloseTo(1, 6);
      const partner = plain.find((other) => {
        const share = shareOf(inputs, plain[i]!.inputs, other.inputs);
        return (
          share !== undefined &&
          targets.every((t, k) => Math.abs(t - share * plain[i]!.targets[k]! - (1 - share) * other.targets[k]!) < 1e-5)
        );
      });
      expect(partner).toBeDefined();
      if (partner !== plain[i]) blended++;
    }
    expect(blended).toBeGreaterThan(5);
  });

  it('blends a teacher’s opinion into the targets (closed form)', () => {
    const data = synthetic({ clips: 3 });
    const probabilities = new Map(data.examples.map(({ name }) => [name, [0.2, 0.3, 0.5]]));
    const seen = epochOf(batches(data, { teacher: { probabilities, weight: 0.4 }, classWeights: [1, 2, 3] }), 0);
    for (const { targets } of seen) {
      const label = [0, 1, 2].find((k) => targets[k]! / (k + 1) > 0.6)!;
      const wanted = [0.2, 0.3, 0.5].map((p, k) => (label + 1) * (0.4 * p + (k === label ? 0.6 : 0)));
      expectClose(targets, wanted, 1e-6);
    }
  });

  it('tells which labels a clip was not asked for; a blend of two was asked for what either was', () => {
    const whole = synthetic({ clips: 6 });
    expect(batches(whole, {}).assemble(0, 0).unasked).toBeUndefined();
    // Clips of label 0 were asked for 0 and 1, of label 1 for all, of label 2 for 1 and 2.
    const asked = [[0, 1], undefined, [1, 2]];
    const data: ExampleSet = {
      ...whole,
      examples: whole.examples.map((clip) => ({ ...clip, asked: asked[clip.label] })),
    };
    const { size, targets, unasked } = batches(data, { batchSize: 6 }).assemble(0, 0);
    for (let place = 0; place < size; place++) {
      const label = targets.subarray(3 * place, 3 * place + 3).indexOf(1);
      const wanted = [0, 1, 2].map((k) => (asked[label]?.includes(k) === false ? 1 : 0));
      expect(Array.from(unasked!.subarray(3 * place, 3 * place + 3))).toEqual(wanted);
    }
    const blended = batches(data, { batchSize: 6, augment: { mixup: { probability: 1, alpha: 1 } } }).assemble(0, 0);
    for (let place = 0; place < size; place++) {
      const target = blended.targets.subarray(3 * place, 3 * place + 3);
      const left = blended.unasked!.subarray(3 * place, 3 * place + 3);
      for (let k = 0; k < 3; k++) if (target[k]! > 0) expect(left[k]).toBe(0);
    }
  });

  it('restricts what a teacher says to the labels asked for (closed form)', () => {
    const whole = synthetic({ clips: 3 });
    const probabilities = new Map(whole.examples.map(({ name }) => [name, [0.5, 0.3, 0.2]]));
    const data = { ...whole, examples: [{ ...whole.examples[0]!, asked: [0, 2] }] };
    const { targets } = batches(data, { teacher: { probabilities, weight: 1 } }).assemble(0, 0);
    expectClose(targets, [5 / 7, 0, 2 / 7], 1e-6);
  });

  it('draws corpora as evenly as sampling says, and augments each draw of a clip in its own way', () => {
    const whole = synthetic({ clips: 24 });
    const corpus = (i: number) => (i < 3 ? 'small' : 'large');
    const data: ExampleSet = { ...whole, examples: whole.examples.map((clip, i) => ({ ...clip, corpus: corpus(i) })) };
    const drawn = (augment: TrainOptions['augment']) =>
      epochOf(batches(data, { sampling: {}, batchSize: 24, augment }), 0);
    // The three clips of the small corpus are half of the 24 draws.
    expect(new Set(keys(drawn(false))).size).toBe(3 + 12);
    expect(new Set(keys(drawn({ noise: { probability: 1 }, timeMasks: false, frequencyMasks: false }))).size).toBe(24);
  });
});

/** The share λ for which mixed = λ a + (1 − λ) b, where there is one. */
function shareOf(mixed: number[], a: number[], b: number[]): number | undefined {
  const i = a.findIndex((value, k) => Math.abs(value - b[k]!) > 0.1);
  const share = i < 0 ? 1 : (mixed[i]! - b[i]!) / (a[i]! - b[i]!);
  return mixed.every((value, k) => Math.abs(value - share * a[k]! - (1 - share) * b[k]!) < 1e-3) ? share : undefined;
}
