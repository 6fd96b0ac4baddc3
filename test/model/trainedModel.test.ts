import '@tensorflow/tfjs-backend-cpu';
import { readFileSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, it } from 'vitest';
import { ModelFormatError } from '../../src/core/errors.ts';
import { Normalizer } from '../../src/features/normalizer.ts';
import { libraryVersion } from '../../src/model/libraryVersion.ts';
import { faultOf, type ModelSettings, parseModelSettings } from '../../src/model/trainedModel.ts';
import { tinyNetwork, tinySettings } from './tinyModel.ts';

beforeAll(() => tf.setBackend('cpu'));

// biome-ignore lint/suspicious/noExplicitAny: what is read is parsed JSON, broken on purpose
type Json = any;

const json = (value: unknown): Json => JSON.parse(JSON.stringify(value));

describe('parseModelSettings', () => {
  it('reads back what was written (oracle: the settings themselves)', () => {
    const settings = tinySettings({
      training: {
        ...tinySettings().training,
        evaluation: { protocol: 'by actor', metrics: { uar: 0.5 } },
        options: { layers: [1, 2], nested: { a: null } },
      },
    });
    expect(parseModelSettings(json(settings))).toEqual(settings);
  });

  it('fills in options that features may leave out, and drops fields it does not know', () => {
    const settings = parseModelSettings({ ...json(tinySettings()), features: {}, later: 1 });
    expect(settings.features.sampleRate).toBe(16000);
    expect(settings).not.toHaveProperty('later');
  });

  it('takes means and deviations that a Normalizer takes, and no others (oracle: the Normalizer)', () => {
    const taken = (run: () => unknown) => {
      try {
        run();
        return true;
      } catch {
        return false;
      }
    };
    const outcomes = [-50, -21, -20, -19, 0, 29, 30, 31, 39, 40, 41, 50].flatMap((exponent) =>
      [2 ** exponent, -(2 ** exponent)].flatMap((value) =>
        (['mean', 'std'] as const).map((field) => {
          const normalizer = { mean: Array(8).fill(0), std: Array(8).fill(1), [field]: Array(8).fill(value) };
          const byNormalizer = taken(() => Normalizer.fromJSON(normalizer));
          expect([field, value, taken(() => parseModelSettings(tinySettings({ normalizer })))]).toEqual([
            field,
            value,
            byNormalizer,
          ]);
          return byNormalizer;
        }),
      ),
    );
    expect(new Set(outcomes)).toEqual(new Set([true, false]));
  });

  const faults: [string, (settings: Json) => void, RegExp][] = [
    ['labels of one', (s) => s.labels.splice(1), /labels: .*length/],
    ['labels twice', (s) => s.labels.fill('sad'), /labels: every label must be there once/],
    ['a label that is no text', (s) => (s.labels[2] = 7), /labels\.2: /],
    ['a mean that is no number', (s) => (s.normalizer.mean[3] = null), /normalizer\.mean\.3: /],
    ['a deviation of 0', (s) => (s.normalizer.std[3] = 0), /normalizer\.std\.3: .*>=9.5367431640625e-7/],
    [
      'a deviation that is 0 in 32 bits',
      (s) => (s.normalizer.std[3] = 1e-50),
      /normalizer\.std\.3: .*>=9.5367431640625e-7/,
    ],
    [
      'a mean that is infinite in 32 bits',
      (s) => (s.normalizer.mean[3] = 1e39),
      /normalizer\.mean\.3: .*<=1099511627776/,
    ],
    ['lengths that differ', (s) => s.normalizer.mean.pop(), /normalizer: mean and std must be of one length/],
    ['a window of half a frame', (s) => (s.window.frames = 0.5), /window\.frames: /],
    ['a hop above the window', (s) => (s.window.hopFrames = 21), /window: hopFrames must not be above frames/],
    ['shifts above the window', (s) => (s.window.shifts = 21), /window: shifts must not be above frames/],
    ['half a shift', (s) => (s.window.shifts = 1.5), /window\.shifts: /],
    ['more shifts than help', (s) => (s.window.shifts = 65), /window\.shifts: .*<=64/],
    ['a window that no memory has', (s) => (s.window.frames = 3e6), /window\.frames: .*<=1048576/],
    [
      'one that none has for its bins',
      (s) =>
        Object.assign(s, {
          features: { features: { type: 'stft', fftLength: 65536 } },
          window: { frames: 1000, hopFrames: 1 },
        }),
      /window: numbers must be at most 16777216, got 32769000/,
    ],
    [
      'one of days',
      (s) => (s.features.features = { ...s.features.features, hopLength: 2 ** 31 - 1 }),
      /window: samples must be at most 67108864, got 42949672940/,
    ],
    [
      'features that fill a memory in seconds',
      (s) => (s.features = { features: { type: 'stft', hopLength: 1 } }),
      /features: numbers a second must be at most 4194304, got 16400000/,
    ],
    [
      'a label composed and decomposed',
      (s) => s.labels.splice(0, 2, 'dépit', 'de\u0301pit'),
      /every label must be there once/,
    ],
    ['a label of a book', (s) => (s.labels[1] = 'x'.repeat(1001)), /labels\.1: /],
    ['a temperature that freezes', (s) => (s.calibration.temperature = 1e-300), /calibration\.temperature: /],
    ['a confidence above 1', (s) => (s.calibration.sureAbove = 1.5), /calibration\.sureAbove: /],
    ['a temperature of 0', (s) => (s.calibration.temperature = 0), /calibration\.temperature: /],
    ['no provenance', (s) => delete s.training, /training/],
    ['a date that is none', (s) => (s.training.date = 'yesterday'), /training\.date: /],
    ['features that are none', (s) => (s.features = { features: { type: 'chroma' } }), /features: .*chroma/],
    ['an unknown feature option', (s) => (s.features = { loudness: 11 }), /features: .*loudness/],
    ['an older format', (s) => (s.formatVersion = 0), /formatVersion: /],
    ['a newer format', (s) => (s.formatVersion = 3), /format version 3, .*too old/],
  ];
  it.each(faults)('names the field at fault: %s', (_, change, message) => {
    const settings = json(tinySettings());
    change(settings);
    expect(() => parseModelSettings(settings)).toThrow(ModelFormatError);
    expect(() => parseModelSettings(settings)).toThrow(message);
  });

  it.each([undefined, null, 3, 'text', [], {}])('refuses %j', (value) => {
    expect(() => parseModelSettings(value)).toThrow(ModelFormatError);
  });
});

describe('faultOf', () => {
  const faultWith = (network: unknown, changes: Partial<ModelSettings> = {}) => {
    const fault = faultOf({ network: network as tfl.LayersModel, settings: tinySettings(changes) });
    if (network instanceof tfl.LayersModel) network.dispose();
    return fault;
  };
  const dense = (inputShape: (number | null)[], units = 4) =>
    tfl.sequential({
      layers: [
        tfl.layers.reshape({ inputShape: inputShape as number[], targetShape: [160] }),
        tfl.layers.dense({ units, activation: 'softmax' }),
      ],
    });

  /** Few weights, and four billion values between them. */
  const swelling = () =>
    tfl.sequential({
      layers: [
        tfl.layers.reshape({ inputShape: [20, 8], targetShape: [160] }),
        tfl.layers.dense({ units: 4 }),
        tfl.layers.repeatVector({ n: 1e9, name: 'swell' }),
        tfl.layers.globalMaxPooling1d(),
        tfl.layers.softmax(),
      ],
    });

  it('finds nothing where network and settings fit together', () => {
    const before = tf.memory().numTensors;
    expect(faultWith(tinyNetwork())).toBeUndefined();
    expect(faultWith(dense([20, 8, 1]))).toBeUndefined();
    expect(faultWith(dense([20, 8]))).toBeUndefined();
    expect(tf.memory().numTensors).toBe(before);
  });

  it('names what does not fit', () => {
    expect(faultWith(tinyNetwork(1, 3))).toBe(
      "the network's output must be [batch, 4], one for each label, got [batch, 3]",
    );
    expect(faultWith(dense([20, 4, 2]))).toMatch(/input must be \[batch, 20 or any, 8, 1\], got \[batch, 20, 4, 2\]/);
    expect(faultWith(dense([10, 16, 1]))).toMatch(/got \[batch, 10, 16, 1\]/);
    expect(faultWith(tinyNetwork(), { normalizer: { mean: [0, 0], std: [1, 1] } })).toMatch(
      /each of the 8 bins.* got 2/,
    );
    expect(faultWith(tinyNetwork(), { labels: ['one'] })).toMatch(/model settings: labels/);
    for (const model of [undefined, null, 3])
      expect(faultOf(model as never)).toMatch(/^it must be a network and its settings, got/);
    let deep: object = {};
    for (let i = 0; i < 10_000; i++) deep = { deep };
    const circle: { circle?: object } = {};
    circle.circle = circle;
    for (const options of [deep, circle]) {
      expect(faultWith(tinyNetwork(), { training: { ...tinySettings().training, options: options as never } })).toMatch(
        /nested so deep/,
      );
    }
    expect(faultWith(swelling())).toMatch(/layer swell must make at most 268435456 values of a window, got 4000000000/);
    expect(faultWith(undefined)).toBe('network must be a tf.LayersModel, got undefined');
    expect(faultWith({ predict: () => {} })).toMatch(/another copy .*npm ls @tensorflow\/tfjs-layers/);
  });
});

it('libraryVersion is that of package.json', () => {
  const manifest = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  expect(libraryVersion).toBe(manifest.version);
});
