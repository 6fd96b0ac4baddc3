import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, it } from 'vitest';
import { CELLS } from '../../src/layers/cells.ts';
import * as exported from '../../src/layers/index.ts';
import type { BaseLayer } from '../../src/layers/layer.ts';
import { POOLINGS } from '../../src/layers/poolings.ts';
import { expectNoLeak } from '../support/backends.ts';

/** Options that would do, of every layer of the library; what is registered and not here fails. */
const OPTIONS: Record<string, object> = {
  ...optionsOfAll(CELLS, { units: 2, seed: 1 }),
  ...optionsOfAll(POOLINGS, {}),
  BatchNorm: {},
  Conv2d: { filters: 2, seed: 1 },
  Deltas: {},
  Dense: { units: 2, seed: 1 },
  DropConnect: { units: 2, seed: 1 },
  Dropout: { rate: 0.5, seed: 1 },
  MaxPool2d: { size: [2, 2] },
  Maxout: { units: 2, seed: 1 },
  UncertainFrames: {},
};

function optionsOfAll(table: Record<string, { className: string }>, options: object): Record<string, object> {
  return Object.fromEntries(Object.values(table).map(({ className }) => [shortName(className), options]));
}

function shortName(className: string): string {
  return className.replace('SpeechEmotion', '');
}

const { classNameMap } = tf.serialization.SerializationMap.getMap();
const registered = Object.keys(classNameMap).filter((name) => name.startsWith('SpeechEmotion'));
const make = (name: string, options: unknown) =>
  new (classNameMap[`SpeechEmotion${name}`]![0] as unknown as new (options: unknown) => BaseLayer)(options);

beforeAll(() => tf.setBackend('cpu'));

describe('options of every layer (oracle: the registry)', () => {
  it('are tried here', () => {
    expect(Object.keys(OPTIONS).sort()).toEqual(registered.map(shortName).sort());
  });

  it('are those of all layers that the entry exports', () => {
    const classNames = Object.values(exported).flatMap((value) =>
      Object.hasOwn(value, 'className') ? [(value as unknown as { className: string }).className] : [],
    );
    expect(classNames.length).toBeGreaterThan(20);
    expect(classNames.filter((name) => !registered.includes(name))).toEqual([]);
  });

  it.each(Object.entries(OPTIONS))(
    '%s: misspelt options, another layer’s and values that are no options are errors',
    (name, options) => {
      for (const other of [{ unitss: 2 }, { goBackwards: true }, { pieces2: 1 }]) {
        const message = `Cannot make ${name}: there is no option named '${Object.keys(other)[0]}'`;
        expect(() => make(name, { ...options, ...other })).toThrow(new TypeError(message));
      }
      for (const other of [null, 3, 'fast', []]) {
        expect(() => make(name, other)).toThrow(`Cannot make ${name}: options must be an object, got `);
      }
      expect(() => make(name, { ...options, name: 7 })).toThrow(`Cannot make ${name}: name must be text, got 7`);
      expect(() => make(name, { ...options, trainable: 'no' })).toThrow('trainable must be true or false, got "no"');
    },
  );

  it.each(Object.entries(OPTIONS))(
    '%s: an option of the wrong type, or beyond any memory, is an error',
    (name, options) => {
      const own = Object.entries(make(name, options).options);
      for (const [option, value] of own) {
        for (const odd of [null, {}, Number.NaN, Number.POSITIVE_INFINITY, typeof value === 'string' ? 1 : 'x']) {
          expect(() => make(name, { ...options, [option]: odd })).toThrow(`Cannot make ${name}: ${option}`);
        }
        if (typeof value === 'number' && option !== 'seed') {
          expect(() => make(name, { ...options, [option]: 1e9 })).toThrow(
            new RegExp(`^Cannot make ${name}: ${option} .*got `),
          );
        }
      }
    },
  );

  it.each(Object.entries(OPTIONS))(
    '%s: what tfjs adds to a layer in a saved model is accepted, and changes nothing',
    (name, options) => {
      const layer = make(name, {
        ...options,
        name: 'mine',
        trainable: false,
        batchInputShape: [null, 4, 3],
        dtype: 'float32',
      });
      const again = make(name, { ...layer.getConfig(), customObjects: {} });
      expect(again.getConfig()).toEqual(layer.getConfig());
    },
  );
});

it('a kernel of more weights than memory has is an error, before any of it is there', () =>
  expectNoLeak(() => {
    const x = tfl.input({ shape: [4, 60_000] });
    expect(() => make('Dense', { units: 60_000, seed: 1, name: 'wide' }).apply(x)).toThrow(
      new RangeError('Cannot build wide: its kernel must have at most 268435456 weights, got [60000, 60000]'),
    );
  }));
