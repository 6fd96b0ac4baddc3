import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { ModelFormatError } from '../../src/core/errors.ts';
import { RandomStream } from '../../src/core/random.ts';
import { deltas } from '../../src/features/deltas.ts';
import { FeatureExtractor } from '../../src/features/featureExtractor.ts';
import { type FeatureOptions, type FeaturesClass, registerFeatures } from '../../src/features/featureKinds.ts';
import { FeatureStream } from '../../src/features/featureStream.ts';
import { LogMel } from '../../src/features/logMel.ts';
import { Mfcc } from '../../src/features/mfcc.ts';
import { streamFeatures } from '../../src/features/streamFeatures.ts';
import { fromArtifact, toArtifact } from '../../src/model/modelArtifact.ts';
import { parseModelSettings } from '../../src/model/trainedModel.ts';
import { resolveAugment } from '../../src/training/augmentOptions.ts';
import { tinyModel, tinySettings } from '../model/tinyModel.ts';
import { WithDeltas } from './withDeltas.ts';

const noise = Float32Array.from({ length: 9000 }, (_, i) => 0.2 * new RandomStream(1, i).normal());
const options = { melBands: 4, maxHz: 1000, minHz: 50, frameLength: 160, hopLength: 50 };

describe('a kind of features that a host registers', () => {
  beforeAll(async () => {
    registerFeatures('withDeltas', WithDeltas);
    await tf.setBackend('cpu');
  });

  const make = (padding: 'reflect' | 'constant' | 'none' = 'reflect') =>
    new FeatureExtractor({
      ...{ sampleRate: 2000, trim: false },
      // The types learn of a kind by declaration merging, for a whole program: docs/extending.md does it, in one of its own.
      features: { type: 'withDeltas', ...options, padding } as unknown as FeatureOptions,
    });

  it('is extracted by its name (oracle: LogMel and deltas, put side by side by hand)', async () => {
    const extractor = make();
    const found = await extractor.extract({ samples: noise, sampleRate: 2000 });
    const levels = new LogMel({ sampleRate: 2000, ...options }).compute(noise);
    const slopes = deltas(levels);
    expect([found.frames, found.bins]).toEqual([levels.frames, 8]);
    for (const frame of [0, 1, 7, levels.frames - 1]) {
      expect([...found.values.slice(8 * frame, 8 * frame + 8)]).toEqual([
        ...levels.values.slice(4 * frame, 4 * frame + 4),
        ...slopes.values.slice(4 * frame, 4 * frame + 4),
      ]);
    }
    const again = new FeatureExtractor(JSON.parse(JSON.stringify(extractor.options)));
    expect(again.options).toEqual(extractor.options);
    expect(again.options.features.type).toBe('withDeltas');
  });

  it.each(['reflect', 'constant', 'none'] as const)(
    'is streamed, padding %s, though frames see beyond themselves (oracle: the extractor)',
    (padding) => {
      const extractor = make(padding);
      fc.assert(
        fc.property(
          fc.array(fc.integer({ min: 0, max: 900 }), { minLength: 4, maxLength: 14 }),
          fc.double({ min: 0, max: 1, noNaN: true }),
          (sizes, draw) => {
            const stream = new FeatureStream(extractor, 1500);
            for (const size of sizes) {
              const at = stream.end;
              stream.push(noise.subarray(at, at + size));
              const first = Math.ceil(Math.max(stream.start, stream.end - 1500) / 50);
              const from = 50 * (first + Math.floor(0.9 * draw * (stream.end / 50 - first)));
              if (stream.end <= from) continue;
              const [found, wanted] = [
                stream.features(from, stream.end),
                extractor.compute(noise.slice(from, stream.end)),
              ];
              expect([found.frames, found.bins]).toEqual([wanted.frames, wanted.bins]);
              for (const [i, value] of wanted.values.entries())
                expect(Math.abs(found.values[i]! - value)).toBeLessThan(1e-4);
            }
          },
        ),
        { numRuns: 40 },
      );
    },
  );

  it('goes through streamFeatures (oracle: the extractor)', async () => {
    const extractor = make();
    const whole = extractor.compute(noise);
    async function* sound() {
      for (let at = 0; at < noise.length; at += 700) yield noise.slice(at, at + 700);
    }
    let frames = 0;
    for await (const part of streamFeatures(extractor, sound(), { sampleRate: 2000 })) {
      for (const [i, value] of part.values.entries()) {
        expect(Math.abs(value - whole.values[part.startFrame * 8 + i]!)).toBeLessThan(1e-4);
      }
      frames += part.frames;
    }
    expect(frames).toBeGreaterThan(whole.frames - 12);
  });

  it('travels with a model (oracle: the options it was packed with)', async () => {
    const { options: features } = make();
    const normalizer = { mean: Array(8).fill(-60), std: Array(8).fill(15) };
    const model = tinyModel({ features, normalizer });
    const read = await fromArtifact(await toArtifact(model));
    expect(read.settings.features).toEqual(features);
    model.network.dispose();
    read.network.dispose();
  });

  it('is augmented as what it calls itself: spectral, or not', () => {
    registerFeatures(
      'bands',
      class extends LogMel {
        static override readonly spectral = true as const;
      },
    );
    expect(resolveAugment({}, 'bands')).toEqual(resolveAugment({}, 'logMel'));
    expect(resolveAugment({}, 'withDeltas')).toEqual(resolveAugment({}, 'mfcc'));
    expect(() => resolveAugment({ melShift: 3 }, 'withDeltas')).toThrow(
      'augment.melShift must be false for withDeltas features, whose bins are no frequencies',
    );
  });
});

describe('the table of kinds', () => {
  it('refuses another class under a known name, and takes the same class again', () => {
    expect(() => registerFeatures('logMel', Mfcc)).toThrow(
      "Cannot register features: kind must be a new name, got 'logMel', which another class has",
    );
    registerFeatures('logMel', LogMel);
    expect(new FeatureExtractor().features).toBeInstanceOf(LogMel);
    expect(() => registerFeatures('', LogMel)).toThrow(TypeError);
    expect(() => registerFeatures('object', {} as never)).toThrow('Class must be a function, got {}');
  });

  it('says which kind a model names that nobody has registered, which are known, and what adds one', () => {
    const { features } = tinySettings();
    const settings = { ...tinySettings(), features: { ...features, features: { type: 'chroma', bins: 12 } } };
    expect(() => parseModelSettings(settings)).toThrow(ModelFormatError);
    expect(() => parseModelSettings(settings)).toThrow(
      /features\.type must be one of 'logMel', 'mfcc', 'stft'.*, got "chroma"; registerFeatures adds one/,
    );
  });

  it.each<[string, object, string]>([
    ['bins', { bins: 0.5 }, "bins of 'wrong bins' must be a whole number from 1"],
    ['hop', { options: { sampleRate: 16000 } }, "options.hopLength of 'wrong hop' must be a whole number from 1"],
    ['reach', { reach: undefined }, "reach[0] of 'wrong reach' must be a whole number"],
    ['end', { reach: [0, 0] }, "reach[1] of 'wrong end' must be a whole number from 1"],
  ])('names what a class of features lacks: %s', (what, changes, message) => {
    const right = { options: { sampleRate: 16000, hopLength: 400 }, bins: 1, reach: [0, 400] };
    const Wrong = class {
      constructor() {
        Object.assign(this, right, changes);
      }
    };
    registerFeatures(`wrong ${what}`, Wrong as unknown as FeaturesClass);
    expect(() => new FeatureExtractor({ features: { type: `wrong ${what}` } as never })).toThrow(message);
  });
});
