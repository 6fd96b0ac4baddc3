import { describe, expect, it } from 'vitest';
import { makeWindow, type WindowName } from '../../src/features/window.ts';
import { expectClose, reference } from './reference.ts';

const names: WindowName[] = ['hann', 'hamming', 'blackman', 'rectangular'];

describe('makeWindow', () => {
  for (const name of names) {
    it.each([1, 2, 400, 401])(`${name} of length %i is scipy.signal.get_window`, (length) => {
      expectClose(makeWindow(name, length), reference(`window/${name}/${length}`).values, 1e-7);
    });
  }

  it('hann copies half a length apart add up to one (definition of a periodic window)', () => {
    const window = makeWindow('hann', 256);
    for (let i = 0; i < 128; i++) expect(window[i]! + window[i + 128]!).toBeCloseTo(1, 14);
  });

  it('names what is wrong', () => {
    expect(() => makeWindow('kaiser' as WindowName, 4)).toThrow(
      new RangeError(
        "Cannot make a window: name must be one of 'hann', 'hamming', 'blackman', 'rectangular', got \"kaiser\"",
      ),
    );
    expect(() => makeWindow('hann', 0)).toThrow(RangeError);
    expect(() => makeWindow('hann', 1.5)).toThrow(RangeError);
    expect(() => makeWindow('toString' as WindowName, 4)).toThrow(RangeError);
  });
});
