// What features take as options: whatever is wrong is said with its name, before anything is allocated. That every misspelt option
// is an error, and `null` none, is held for the whole library in test/house/options.test.ts.

import { expect, it } from 'vitest';
import { type DeltasOptions, deltas } from '../../src/features/deltas.ts';
import { FeatureExtractor } from '../../src/features/featureExtractor.ts';
import type { FeatureOptions } from '../../src/features/featureKinds.ts';
import { LogMel } from '../../src/features/logMel.ts';
import { LogStft } from '../../src/features/logStft.ts';
import { melFilterBank } from '../../src/features/mel.ts';
import { Mfcc } from '../../src/features/mfcc.ts';
import { Normalizer } from '../../src/features/normalizer.ts';
import { Stft } from '../../src/features/stft.ts';

const matrix = { values: new Float32Array(8), frames: 4, bins: 2 };
const FRAMES: [string, unknown][] = [
  ['sampleRate', 0],
  ['sampleRate', -16_000],
  ['sampleRate', 1e9],
  ['frameLength', 0],
  ['frameLength', 1e9],
  ['frameLength', 400.5],
  ['hopLength', 0],
  ['hopLength', 0.5],
  ['hopLength', 1e12],
  ['fftLength', 2 ** 30],
  ['fftLength', 3],
  ['window', 'kaiser'],
  ['padding', 'edge'],
  ['scaling', 'density'],
];
const DB: [string, unknown][] = [
  ['minDb', Number.NaN],
  ['minDb', Number.NEGATIVE_INFINITY],
];
const MEL: [string, unknown][] = [
  ['melBands', 0],
  ['melBands', 1e9],
  ['melBands', 40.5],
  ['maxHz', 9000],
  ['minHz', -1],
  ['melScale', 'bark'],
  ['melNorm', 'htk'],
];
const MAKERS: Record<string, readonly [(options: never) => unknown, [string, unknown][]]> = {
  Stft: [(options) => new Stft(options), [...FRAMES, ['output', 'phase']]],
  LogStft: [(options) => new LogStft(options), [...FRAMES, ...DB]],
  LogMel: [(options) => new LogMel(options), [...FRAMES, ...DB, ...MEL]],
  Mfcc: [(options) => new Mfcc(options), [...FRAMES, ...DB, ...MEL, ['coefficients', 0], ['coefficients', 1e9]]],
  melFilterBank: [
    (options: object) => melFilterBank({ sampleRate: 16_000, fftLength: 2048, ...options }),
    [...MEL, ['sampleRate', 0], ['fftLength', 2 ** 30]],
  ],
  deltas: [
    (options: DeltasOptions) => deltas(matrix, options),
    [
      ['windowLength', 1],
      ['windowLength', 4],
      ['windowLength', 1e9],
    ],
  ],
  'Normalizer.fit': [
    (options) => Normalizer.fit([matrix], options),
    [
      ['minStd', 0],
      ['minStd', 1e-50],
      ['minStd', Number.POSITIVE_INFINITY],
    ],
  ],
  'FeatureExtractor, features': [
    (options: object) => new FeatureExtractor({ features: { type: 'logMel', ...options } as FeatureOptions }),
    [...FRAMES.filter(([name]) => name !== 'sampleRate'), ...DB, ...MEL],
  ],
  'FeatureExtractor, trim': [
    (options) => new FeatureExtractor({ trim: options }),
    [
      ['thresholdDb', 0],
      ['thresholdDb', Number.POSITIVE_INFINITY],
      ['keepSeconds', -1],
      ['keepSeconds', Number.NaN],
    ],
  ],
};

const cases = Object.entries(MAKERS).flatMap(([title, [make, options]]) =>
  options.map(([name, value]) => [title, name, value, make] as const),
);

it.each(cases)('%s: %s %s is out of range', (_, name, value, make) => {
  expect(() => make({ [name]: value } as never)).toThrow(RangeError);
  expect(() => make({ [name]: value } as never)).toThrow(new RegExp(`^Cannot .*${name} must be .*got `));
});

it.each(cases)('%s: %s, in place of %s null or a text, is of the wrong type', (_, name, value, make) => {
  const wrong = typeof value === 'string' ? [null, 3, {}] : [null, '3', {}, [3]];
  for (const other of wrong) {
    expect(() => make({ [name]: other } as never), String(other)).toThrow(
      new RegExp(`^Cannot .*${name} must be .*got `),
    );
  }
});

it.each(cases)('%s: %s, undefined, counts as left out', (title, name, _, make) => {
  const required = title === 'melFilterBank' && ['sampleRate', 'fftLength'].includes(name);
  if (required) expect(() => make({ [name]: undefined } as never)).toThrow(`${name} must be`);
  else expect(() => make({ [name]: undefined } as never)).not.toThrow();
});

it('a wrong rate is reported before what follows from it', () => {
  for (const sampleRate of [null, '16000', {}]) {
    expect(() => new LogMel({ sampleRate } as never)).toThrow(/sampleRate must be/);
    expect(() => new FeatureExtractor({ sampleRate } as never)).toThrow(/sampleRate must be/);
  }
});

it('a Normalizer whose numbers would blow features up beyond single precision is none', () => {
  for (const [mean, deviation] of [
    [0, 1e-50],
    [0, 1e-40],
    [0, 1e-7],
    [0, 1e13],
    [1e13, 1],
    [Number.NaN, 1],
    [0, Number.POSITIVE_INFINITY],
  ] as const) {
    expect(() => Normalizer.fromJSON({ mean: [mean], std: [deviation] })).toThrow(RangeError);
  }
  const extreme = new Normalizer(Float32Array.of(-1e12), Float32Array.of(1e-6));
  expect(extreme.apply({ values: Float32Array.of(1e12), frames: 1, bins: 1 }).values[0]).toBeLessThan(3e38);
  expect(Normalizer.fit([{ ...matrix, values: new Float32Array(8) }], { minStd: 1e-6 }).std[0]).toBeCloseTo(1e-6, 12);
  expect(() => new Normalizer([0] as never, [1] as never)).toThrow(TypeError);
});
