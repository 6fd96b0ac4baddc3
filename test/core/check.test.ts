import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import {
  checkBoolean,
  checkFunction,
  checkInteger,
  checkNothingElse,
  checkNumber,
  checkObject,
  checkOneOf,
  checkOptions,
  typeName,
} from '../../src/core/check.ts';

// The messages are the house rule: Cannot <action>: <name> must be <rule>, got <value>.
describe('check', () => {
  it('gives back what is right', () => {
    expect(checkInteger('fly', 'wings', 2, 2, 4)).toBe(2);
    expect(checkNumber('fly', 'lift', 0.5, 0, 1)).toBe(0.5);
    expect(checkOneOf('fly', 'mode', 'glide', ['glide', 'flap'])).toBe('glide');
    const options = {};
    expect(checkObject('fly', 'options', options)).toBe(options);
    expect(() => checkNothingElse('fly', {})).not.toThrow();
  });

  it('says what is wrong: a RangeError for a value out of range, a TypeError for a wrong type', () => {
    const wings = 'Cannot fly: wings must be a whole number from 2 to 4, got ';
    expect(() => checkInteger('fly', 'wings', 5, 2, 4)).toThrow(new RangeError(`${wings}5`));
    expect(() => checkInteger('fly', 'wings', 2.5, 2, 4)).toThrow(new RangeError(`${wings}2.5`));
    expect(() => checkInteger('fly', 'wings', '3', 2, 4)).toThrow(new TypeError(`${wings}"3"`));
    expect(() => checkInteger('fly', 'wings', null, 2, 4)).toThrow(new TypeError(`${wings}null`));
    const lift = 'Cannot fly: lift must be a number from 0 to 1, got ';
    expect(() => checkNumber('fly', 'lift', Number.NaN, 0, 1)).toThrow(new RangeError(`${lift}NaN`));
    expect(() => checkNumber('fly', 'lift', -1, 0, 1)).toThrow(new RangeError(`${lift}-1`));
    expect(() => checkNumber('fly', 'lift', [0], 0, 1)).toThrow(new TypeError(`${lift}[0]`));
    expect(() => checkOneOf('fly', 'mode', 'swim', ['glide', 'flap'])).toThrow(
      new RangeError(`Cannot fly: mode must be one of 'glide', 'flap', got "swim"`),
    );
    for (const value of [null, undefined, 3, 'x', []]) {
      expect(() => checkObject('fly', 'options', value)).toThrow('Cannot fly: options must be an object');
    }
    expect(() => checkNothingElse('fly', { feathers: 3 })).toThrow(
      new TypeError("Cannot fly: there is no option named 'feathers'"),
    );
  });

  it('reads options: an object, with a signal and listeners that are such', () => {
    const options = { signal: new AbortController().signal, onProgress: () => {}, speed: 3, onEdge: undefined };
    expect(checkOptions('fly', options)).toBe(options);
    expect(() => checkOptions('fly', null as never)).toThrow(
      new TypeError('Cannot fly: options must be an object, got null'),
    );
    expect(() => checkOptions('fly', { signal: {} })).toThrow(
      new TypeError('Cannot fly: signal must be an AbortSignal, got {}'),
    );
    expect(() => checkOptions('fly', { onProgress: 3 }, 'wing')).toThrow(
      new TypeError('Cannot fly: wing.onProgress must be a function, got 3'),
    );
    expect(checkBoolean('fly', 'high', false)).toBe(false);
    expect(() => checkBoolean('fly', 'high', 'yes')).toThrow(
      new TypeError('Cannot fly: high must be true or false, got "yes"'),
    );
    expect(() => checkFunction('fly', 'flap', {})).toThrow(
      new TypeError('Cannot fly: flap must be a function, got {}'),
    );
  });

  it('names the type of a value in a word, whatever realm it is of', () => {
    const values = [
      null,
      undefined,
      3,
      'x',
      () => {},
      [],
      {},
      new Float64Array(1),
      runInNewContext('new Uint8Array(1)'),
    ];
    expect(values.map(typeName)).toEqual(
      'null undefined number string function Array Object Float64Array Uint8Array'.split(' '),
    );
  });

  it('shows whatever was given, in few words', () => {
    const circle: Record<string, unknown> = {};
    circle.self = circle;
    for (const value of [circle, 3n, Symbol('x'), () => {}, 'x'.repeat(1e6), new Float32Array(1e5)]) {
      const message = (() => {
        try {
          checkNumber('fly', 'lift', value, 0, 1);
        } catch (error) {
          return (error as Error).message;
        }
        return '';
      })();
      expect(message).toMatch(/^Cannot fly: lift must be a number from 0 to 1, got ./);
      expect(message.length).toBeLessThan(200);
    }
  });
});
