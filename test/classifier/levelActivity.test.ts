import { describe, expect, it } from 'vitest';
import { LevelActivity, resolveLevelOptions } from '../../src/classifier/levelActivity.ts';
import { RandomStream } from '../../src/core/random.ts';

/* Hops of 10 samples at 1000 Hz, 100 a second, each of noise at a level of its own, decibels below a sine of full scale. */

const HOP = 10;

function hops(levels: readonly number[], seed = 1): Float32Array {
  return Float32Array.from({ length: HOP * levels.length }, (_, i) => {
    const sign = new RandomStream(seed, i).next() < 0.5 ? -1 : 1;
    return sign * Math.SQRT1_2 * 10 ** (levels[Math.floor(i / HOP)]! / 20); // mean square ½ is 0 dB
  });
}

const repeat = (level: number, count: number) => Array<number>(count).fill(level);

/** Places in hops instead of samples. */
class Gate {
  readonly activity: LevelActivity;

  constructor(options = {}) {
    const resolved = resolveLevelOptions('test', { keepSeconds: 0.02, ...options });
    this.activity = new LevelActivity(resolved, { sampleRate: 1000, hop: HOP, kept: 1000 * HOP });
  }

  push(samples: Float32Array): void {
    this.activity.push(samples);
  }

  speechWithin(from: number, to: number): { from: number; to: number } | undefined {
    const speech = this.activity.speechWithin(from * HOP, to * HOP);
    return speech && { from: speech.from / HOP, to: speech.to / HOP };
  }
}

function gateAfter(levels: readonly number[], options = {}): Gate {
  const gate = new Gate(options);
  gate.push(hops(levels));
  return gate;
}

describe('LevelActivity', () => {
  it('finds what stands out of the background, and a bit around it (by construction)', () => {
    const gate = gateAfter([
      ...repeat(-50, 100),
      ...repeat(-20, 10),
      ...repeat(-50, 5),
      ...repeat(-20, 10),
      ...repeat(-50, 50),
    ]);
    expect(gate.speechWithin(0, 175)).toEqual({ from: 98, to: 127 });
    expect(gate.speechWithin(0, 98)).toBeUndefined();
    expect(gate.speechWithin(105, 110)).toEqual({ from: 105, to: 110 });
    expect(gate.speechWithin(126, 150)).toEqual({ from: 126, to: 127 });
    expect(gate.speechWithin(128, 150)).toBeUndefined();
  });

  it('follows the level of room and microphone: a gain changes nothing', () => {
    const levels = [...repeat(-50, 100), ...repeat(-30, 20), ...repeat(-50, 50)];
    const wanted = gateAfter(levels).speechWithin(0, 170);
    expect(wanted).toEqual({ from: 98, to: 122 });
    for (const gain of [-9, 20, 30]) {
      expect(gateAfter(levels.map((level) => level + gain)).speechWithin(0, 170)).toEqual(wanted);
    }
  });

  it.each([-0.3, -0.01, 0.1])('hears what it hears without an offset of %d (property)', (offset) => {
    const levels = [...repeat(-50, 100), ...repeat(-30, 20), ...repeat(-50, 50)];
    const gate = new Gate();
    gate.push(hops(levels).map((sample) => sample + offset));
    expect(gate.speechWithin(0, 170)).toEqual(gateAfter(levels).speechWithin(0, 170));
    const constant = new Gate({ keepSeconds: 0.2 });
    constant.push(Float32Array.from({ length: 2000 }, (_, i) => (i < 1000 ? offset : -offset / 2)));
    expect(constant.speechWithin(0, 200)).toBeUndefined();
  });

  it('takes neither digital silence nor what is below the least level nor a steady sound for speech', () => {
    expect(gateAfter(repeat(-200, 100)).speechWithin(0, 100)).toBeUndefined();
    expect(gateAfter([...repeat(-90, 50), ...repeat(-65, 50)]).speechWithin(0, 100)).toBeUndefined();
    expect(gateAfter([...repeat(-90, 50), ...repeat(-65, 50)], { minDb: -70 }).speechWithin(0, 100)).toBeDefined();
    expect(gateAfter(repeat(-15, 1200)).speechWithin(1000, 1200)).toBeUndefined();
    expect(gateAfter([]).speechWithin(0, 10)).toBeUndefined();
  });

  it('gives the same result for a window whether or not more sound has come since, in whatever pieces', () => {
    const levels = Array.from({ length: 600 }, (_, i) => -50 + 30 * Math.max(0, Math.sin(i / 17)));
    const all = gateAfter(levels, { memorySeconds: 1 });
    const gate = new Gate({ memorySeconds: 1 });
    const samples = hops(levels);
    for (let at = 0, to = 100; at < samples.length; at += 7) {
      gate.push(samples.subarray(at, at + 7));
      if (at / HOP < to) continue;
      expect(gate.speechWithin(to - 60, to)).toEqual(all.speechWithin(to - 60, to));
      to += 23;
    }
  });

  it('has heard speech when some of it was loud, whenever that was (by construction)', () => {
    for (const before of [0, 50, 3000]) {
      const gate = gateAfter([...repeat(-50, 200 + before), ...repeat(-20, 10), ...repeat(-50, 3000)]);
      gate.activity.end();
      expect(gate.activity.hasSpeech).toBe(true);
    }
    const steady = gateAfter(repeat(-30, 3000));
    steady.activity.end();
    expect(steady.activity.hasSpeech).toBe(false);
  });

  it('checks its options', () => {
    expect(() => resolveLevelOptions('test', { aboveBackgroundDb: -1 })).toThrow('aboveBackgroundDb must be');
    expect(() => resolveLevelOptions('test', { level: 3 } as never)).toThrow(TypeError);
  });
});
