import { describe, expect, it } from 'vitest';
import { checkInteger, checkNothingElse, checkNumber, checkObject, checkOneOf } from '../../src/features/check.ts';

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
});
