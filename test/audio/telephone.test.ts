import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeAudio } from '../../src/audio/decode.ts';
import { A_LAW, encodeALaw, encodeMuLaw, MU_LAW } from '../../src/audio/formats/g711.ts';
import { frameEncoder } from '../../src/audio/formats/gsmEncoder.ts';
import { TELEPHONE_CODECS, throughTelephone } from '../../src/audio/telephone.ts';
import { RandomStream } from '../../src/core/random.ts';

const fixture = (name: string) => new Uint8Array(readFileSync(new URL(`../fixtures/audio/${name}`, import.meta.url)));

describe.each([
  ['A-law', encodeALaw, A_LAW, 32_256, (size: number) => (size < 256 ? 16 : 2 ** (Math.floor(Math.log2(size)) - 4))],
  ['µ-law', encodeMuLaw, MU_LAW, 32_124, (size: number) => 2 ** (Math.floor(Math.log2(size + 132)) - 4)],
] as const)('%s', (_, encode, table, most, stepAt) => {
  it('gives each code back (oracle: the table, which sox has made)', () => {
    for (const [code, sample] of table.entries()) {
      expect(table[encode(sample)]! === sample).toBe(true); // µ-law has two zeros
      if (sample !== 0) expect(encode(sample)).toBe(code);
    }
  });

  it('is within half a step of the segment of any sample, up to its loudest (oracle: the segments, written out)', () => {
    for (let value = -most; value <= most; value++) {
      const error = Math.abs(table[encode(value / 2 ** 15)]! * 2 ** 15 - value);
      if (error > stepAt(Math.abs(value)) / 2) throw new Error(`${value} is off by ${error}`);
    }
    expect(table[encode(1)]! * 2 ** 15).toBe(most);
    expect(table[encode(-1.5)]! * 2 ** 15).toBe(-most);
  });
});

/** Bits of a frame's codes, highest first, after four bits of signature: as frames are stored and sent. */
const BITS = [6, 6, 5, 5, 4, 4, 3, 3, ...Array.from({ length: 4 }, () => [7, 2, 2, 6, ...Array(13).fill(3)]).flat()];

describe('GSM 06.10', () => {
  it('has the codes of the standard’s encoder (oracle: libgsm, through sox)', async () => {
    const { samples } = await decodeAudio(fixture('gsm.wav'));
    const pcm = Int16Array.from(samples, (sample) => sample * 2 ** 15);
    const sent = fixture('gsm-again.gsm');
    const encode = frameEncoder();
    const frames = Math.floor(pcm.length / 160);
    expect(frames).toBe(45);
    for (let frame = 0; frame < frames; frame++) {
      let at = 8 * 33 * frame + 4;
      const wanted = BITS.map((bits) => {
        let value = 0;
        for (let i = 0; i < bits; i++, at++) value = (value << 1) | ((sent[at >> 3]! >> (7 - (at & 7))) & 1);
        return value;
      });
      expect([frame, encode(pcm.slice(160 * frame, 160 * (frame + 1)))]).toEqual([frame, wanted]);
    }
  });

  it('makes codes in range and samples of any samples (property)', () => {
    fc.assert(
      fc.property(fc.integer(), fc.double({ min: 0, max: 4, noNaN: true }), (seed, amplitude) => {
        const stream = new RandomStream(seed);
        const encode = frameEncoder();
        for (let frame = 0; frame < 3; frame++) {
          const samples = Int16Array.from({ length: 160 }, () =>
            Math.max(-32_768, Math.min(32_767, 32_768 * amplitude * stream.uniform(-1, 1))),
          );
          const codes = encode(samples);
          expect(codes).toHaveLength(76);
          expect(codes.every((code, i) => code >= 0 && code < 2 ** BITS[i]!)).toBe(true);
        }
      }),
      { numRuns: 200 },
    );
  });
});

describe('throughTelephone', () => {
  const tones = (...hertz: number[]) => ({
    samples: Float32Array.from({ length: 16_000 }, (_, i) =>
      hertz.reduce((sum, hz) => sum + 0.1 * Math.sin((2 * Math.PI * hz * i) / 16_000), 0),
    ),
    sampleRate: 16_000,
  });
  /** The amplitude of a tone in the middle of samples at 8 kHz, by its Fourier integral. */
  const amplitude = (samples: Float32Array, hz: number) => {
    const middle = samples.subarray(2000, 6000);
    const [c, s] = [Math.cos, Math.sin].map((wave) =>
      middle.reduce((sum, sample, i) => sum + sample * wave((2 * Math.PI * hz * i) / 8000), 0),
    );
    return (2 * Math.hypot(c!, s!)) / middle.length;
  };

  it.each(['muLaw', 'aLaw', 'gsm'] as const)(
    'passes the band through %s at its level, and nothing else',
    async (codec) => {
      const { samples, sampleRate } = await throughTelephone(tones(150, 1000, 3700, 6000), codec);
      expect(sampleRate).toBe(8000);
      expect(samples).toHaveLength(8000);
      const coded = codec === 'gsm' ? 0.02 : 0.003;
      expect(Math.abs(amplitude(samples, 1000) - 0.1)).toBeLessThan(coded);
      for (const hz of [150, 2000, 3700]) expect(amplitude(samples, hz)).toBeLessThan(coded);
    },
  );

  it('has the noise of its codec, whatever the level (oracle: 38 dB of G.711)', async () => {
    for (const level of [1, 0.001]) {
      const { samples } = tones(437, 1000, 1871);
      const quiet = samples.map((sample) => sample * level);
      const [coded, plain] = await Promise.all([
        throughTelephone({ samples: quiet, sampleRate: 16_000 }, 'muLaw'),
        throughTelephone({ samples, sampleRate: 16_000 }, 'aLaw'),
      ]);
      const wanted = Float32Array.from({ length: 8000 }, (_, i) => quiet[2 * i]!);
      let [noise, signal] = [0, 0];
      for (let i = 1000; i < 7000; i++) {
        noise += (coded.samples[i]! - wanted[i]!) ** 2;
        signal += wanted[i]! ** 2;
      }
      expect(10 * Math.log10(signal / noise)).toBeGreaterThan(34);
      expect(10 * Math.log10(signal / noise)).toBeLessThan(42);
      expect(plain.samples).not.toEqual(coded.samples);
    }
  });

  it('leaves silence silent, and takes a single sample', async () => {
    for (const codec of Object.keys(TELEPHONE_CODECS) as (keyof typeof TELEPHONE_CODECS)[]) {
      expect((await throughTelephone({ samples: new Float32Array(321), sampleRate: 8000 }, codec)).samples).toEqual(
        new Float32Array(321),
      );
      const one = await throughTelephone({ samples: Float32Array.of(0.5), sampleRate: 8000 }, codec);
      expect(Number.isFinite(one.samples[0])).toBe(true);
    }
  });
});
