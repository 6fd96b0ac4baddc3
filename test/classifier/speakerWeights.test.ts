import { describe, expect, it } from 'vitest';
import { toEvidence } from '../../src/classifier/speakerEvidence.ts';
import { type EnrolledClip, speakerWeights } from '../../src/classifier/speakerWeights.ts';
import { RandomStream } from '../../src/core/random.ts';
import type { ClassifyingWeights } from '../../src/model/classifyingLayer.ts';

/*
 * A world of its own: each label has a place among the features, and the model's weights tell the places apart. A speaker's features
 * are all off by one vector, and each label of theirs by another.
 */
const LABELS = 5;
const FEATURES = 12;
const places = (() => {
  const random = new RandomStream(1, 'places');
  return Array.from({ length: LABELS }, () => Array.from({ length: FEATURES }, () => random.normal()));
})();
const weights: ClassifyingWeights = {
  kernel: Float32Array.from({ length: FEATURES * LABELS }, (_, i) => places[i % LABELS]![Math.floor(i / LABELS)]!),
  bias: Float32Array.from(places, (place) => -place.reduce((sum, one) => sum + one ** 2 / 2, 0)),
};
const fit = { weights, temperature: 1 };

/** A clip, with its true label. */
type Clip = EnrolledClip & { readonly label: number };

function speaker(seed: number): { clips: (label: number, count: number) => Clip[] } {
  const random = new RandomStream(seed, 'speaker');
  const vector = (size: number) => Array.from({ length: FEATURES }, () => size * random.normal());
  const voice = vector(0.7);
  const manners = places.map(() => vector(0.5));
  return {
    clips: (label, count) =>
      Array.from({ length: count }, () => {
        const noise = vector(0.9);
        const features = Float32Array.from(
          places[label]!,
          (one, i) => one + voice[i]! + manners[label]![i]! + noise[i]!,
        );
        return { ...toEvidence([features], weights), label };
      }),
  };
}

function labelOf({ features }: EnrolledClip, { kernel, bias }: ClassifyingWeights): number {
  const logits = Array.from(bias, (own, label) => {
    return features.reduce((sum, one, i) => sum + one * kernel[i * LABELS + label]!, own);
  });
  return logits.indexOf(Math.max(...logits));
}

/** Mean share of right answers over many speakers, each tested on twenty clips of every label. */
function rightWith(
  enrol: (of: ReturnType<typeof speaker>, seed: number) => readonly EnrolledClip[],
  options = {},
): number {
  const speakers = Array.from({ length: 60 }, (_, i) => i + 1);
  const shares = speakers.map((seed) => {
    const voice = speaker(seed);
    const own = speakerWeights(enrol(voice, seed), { ...fit, ...options });
    const tested = places.flatMap((_, label) => voice.clips(label, 20));
    return tested.filter((clip) => labelOf(clip, own) === clip.label).length / tested.length;
  });
  return shares.reduce((a, b) => a + b, 0) / shares.length;
}

const everyLabel = places.map((_, label) => label);
const each = (voice: ReturnType<typeof speaker>, count: number) =>
  everyLabel.flatMap((label) => voice.clips(label, count));
const unknown = (clips: readonly Clip[]): EnrolledClip[] => clips.map((clip) => ({ ...clip, label: undefined }));
const none = rightWith(() => []);

describe('speakerWeights', () => {
  it("gives the model's own weights without clips", () => {
    expect(speakerWeights([], fit)).toEqual(weights);
  });

  it('recognises a simulated speaker better with labelled clips, the better the more there are', () => {
    const scores = [1, 2, 4].map((count) => rightWith((voice) => each(voice, count)));
    expect(scores[0]).toBeGreaterThan(none + 0.03);
    expect(scores[1]).toBeGreaterThan(scores[0]!);
    expect(scores[2]).toBeGreaterThan(scores[1]!);
  });

  it('recognises a simulated speaker better with clips without labels, of all emotions', () => {
    expect(rightWith((voice) => unknown(each(voice, 6)))).toBeGreaterThan(none + 0.02);
  });

  it('does no harm where the clips are of one label or of some, labelled or not', () => {
    for (const label of everyLabel) {
      expect(rightWith((voice) => voice.clips(label, 2))).toBeGreaterThan(none - 0.01);
      expect(rightWith((voice) => unknown(voice.clips(label, 6)))).toBeGreaterThan(none - 0.01);
    }
    expect(rightWith((voice) => [...voice.clips(0, 3), ...voice.clips(1, 3)])).toBeGreaterThan(none - 0.01);
  });

  it('tells labels apart of which there are clips, and leaves the sum of their logits as it was', () => {
    const clips = [...speaker(3).clips(1, 4), ...speaker(3).clips(4, 4)];
    const own = speakerWeights(clips, fit);
    const levelled = speakerWeights(unknown(clips), fit); // the part that follows from all clips
    for (const label of [0, 2, 3]) {
      expect(own.bias[label]).toBe(levelled.bias[label]);
      for (let i = 0; i < FEATURES; i++) {
        expect(own.kernel[i * LABELS + label]).toBe(levelled.kernel[i * LABELS + label]);
      }
    }
    for (let i = 0; i < FEATURES; i++) {
      const change = (label: number) => own.kernel[i * LABELS + label]! - levelled.kernel[i * LABELS + label]!;
      expect(change(1)).not.toBe(0);
      expect(change(1) + change(4)).toBeCloseTo(0, 5);
    }
  });

  it('is shrunk where clips that were left out speak against it: does no harm where three labels in ten are wrong', () => {
    const mislabelled = (voice: ReturnType<typeof speaker>, seed: number) => {
      const random = new RandomStream(seed, 'mislabelled');
      return each(voice, 4).map((clip) => (random.next() < 0.3 ? { ...clip, label: random.integer(LABELS) } : clip));
    };
    expect(rightWith(mislabelled)).toBeGreaterThan(none - 0.01);
  });

  it('does not depend on the order of the clips, and hardly on rounding', () => {
    const clips = each(speaker(5), 2);
    const one = speakerWeights(clips, fit);
    const other = speakerWeights([...clips].reverse(), fit);
    for (const [i, value] of one.kernel.entries()) expect(other.kernel[i]).toBeCloseTo(value, 3);
  });

  it('takes clips that are all the same', () => {
    const [clip] = speaker(1).clips(0, 1);
    const own = speakerWeights([clip!, { ...clip!, label: 1 }, clip!], fit);
    expect([...own.kernel, ...own.bias].every(Number.isFinite)).toBe(true);
  });
});
