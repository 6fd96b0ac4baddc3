// Oracles: the signals that the channels are made of; the plain mean, written out.

import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AudioPiece } from '../../src/audio/audioDecoder.ts';
import type { Channel, ChannelUse } from '../../src/audio/channels.ts';
import { decodeAudio } from '../../src/audio/decode.ts';
import { holdWaveform } from '../../src/audio/holdWaveform.ts';
import { monoPieces } from '../../src/audio/monoPieces.ts';
import { toWaveform } from '../../src/audio/toWaveform.ts';
import { AudioFormatError } from '../../src/core/errors.ts';
import { RandomStream } from '../../src/core/random.ts';
import { encodeWav } from '../support/wav.ts';

const RATE = 1000;

/** Noise: one signal a seed, uncorrelated with those of others. */
function voice(seconds: number, level = 0.5, seed = 1): Float32Array {
  const random = new RandomStream(seed, 'voice');
  return Float32Array.from({ length: seconds * RATE }, () => level * random.uniform(-1, 1));
}
const silence = (seconds: number) => new Float32Array(seconds * RATE);
const times = (factor: number, samples: Float32Array) => samples.map((sample) => factor * sample);
const plus = (a: Float32Array, b: Float32Array) => a.map((sample, i) => sample + b[i]!);
const joined = (...parts: Float32Array[]) => Float32Array.from(parts.flatMap((part) => [...part]));
/** Today's mean of all channels: in double precision, rounded once. */
const meanOf = (...channels: Float32Array[]) =>
  channels[0]!.map((_, i) => channels.reduce((sum, channel) => sum + channel[i]!, 0) / channels.length);

interface Mixed {
  readonly samples: Float32Array;
  readonly channels: ChannelUse | undefined;
}

/** The sound in pieces of so many samples, of files that follow each other. */
async function mixed(files: readonly (readonly Float32Array[])[], piece = 1e9, channel?: Channel): Promise<Mixed> {
  async function* pieces(): AsyncGenerator<AudioPiece, void, undefined> {
    for (const channels of files) {
      for (let at = 0; at < channels[0]!.length; at += piece) {
        yield { channels: channels.map((samples) => samples.subarray(at, at + piece)), sampleRate: RATE };
      }
    }
  }
  const mono = monoPieces('test', pieces(), { channel });
  const { samples } = await holdWaveform(mono);
  return { samples, channels: mono.channels };
}

const mix = (...channels: Float32Array[]) => mixed([channels]);

describe('the mix of channels', () => {
  it('passes one channel untouched, at once, with nothing to tell of', async () => {
    const samples = voice(2.5);
    expect(await mix(samples)).toEqual({ samples, channels: undefined });
    let given = 0;
    const endless = (async function* () {
      for (;;) yield { channels: [Float32Array.of(++given)], sampleRate: RATE };
    })();
    for await (const piece of monoPieces('test', endless)) {
      expect(piece.samples).toEqual(Float32Array.of(given));
      if (given === 3) break;
    }
  });

  it('is the plain mean of ordinary stereo, bit for bit', async () => {
    const left = plus(voice(3.3), voice(3.3, 0.2, 2));
    const right = plus(times(0.3, voice(3.3)), voice(3.3, 0.2, 3));
    const used = { of: 2, used: [0, 1], flipped: [] };
    expect(await mix(left, right)).toEqual({ samples: meanOf(left, right), channels: used });
    for (const name of ['stereo.flac', 'stereo.mp3', 'stereo.ogg']) {
      const bytes = new Uint8Array(readFileSync(new URL(`../fixtures/audio/${name}`, import.meta.url)));
      const [one, other] = await Promise.all([0, 1].map((channel) => decodeAudio(bytes, { channel })));
      expect((await decodeAudio(bytes)).samples).toEqual(meanOf(one!.samples, other!.samples));
    }
  });

  it('is the very signal of dual mono, and of right = -left', async () => {
    const left = voice(2.5);
    expect(await mix(left, left)).toEqual({ samples: left, channels: { of: 2, used: [0, 1], flipped: [] } });
    const opposed = await mix(left, times(-1, left));
    expect(opposed).toEqual({ samples: left, channels: { of: 2, used: [0, 1], flipped: [1] } });
  });

  it('flips the quieter of two channels that oppose each other in part', async () => {
    const right = voice(2.5);
    const left = plus(times(-0.5, right), voice(2.5, 0.1, 2));
    const { samples, channels } = await mix(left, right);
    expect(channels).toEqual({ of: 2, used: [0, 1], flipped: [0] });
    expect(samples).toEqual(meanOf(times(-1, left), right));
  });

  it.each([
    ['digital silence', (seconds: number) => silence(seconds)],
    ['a constant', (seconds: number) => silence(seconds).fill(0.1)],
    ['hiss 30 dB below', (seconds: number) => voice(seconds, 0.5 * 10 ** (-30 / 20), 2)],
  ])('takes one channel alone where the other is %s', async (_, other) => {
    const left = voice(2.5);
    expect(await mix(left, other(2.5))).toEqual({ samples: left, channels: { of: 2, used: [0], flipped: [] } });
    expect(await mix(other(2.5), left)).toEqual({ samples: left, channels: { of: 2, used: [1], flipped: [] } });
  });

  it('takes the centre alone of six channels, also when all hiss before somebody speaks', async () => {
    const use = { of: 6, used: [2], flipped: [] };
    const quiet = [0, 1, 3, 4, 5];
    const centre = voice(3);
    const six = (other: (channel: number) => Float32Array, sound: Float32Array) =>
      Array.from({ length: 6 }, (_, channel) => (quiet.includes(channel) ? other(channel) : sound));
    expect(await mix(...six(() => silence(3), centre))).toEqual({ samples: centre, channels: use });
    const hiss = (channel: number) => voice(3, 0.001, channel + 10);
    const late = joined(voice(1, 0.001, 20), voice(2));
    const { samples, channels } = await mix(...six(hiss, late));
    expect(channels).toEqual(use);
    expect(samples.subarray(1010)).toEqual(late.subarray(1010));
  });

  it('hears both speakers of a call, a channel each, who talk in turn', async () => {
    const one = joined(voice(2), silence(2), voice(2, 0.5, 3));
    const other = joined(silence(2), voice(2, 0.4, 2), silence(2));
    const { samples, channels } = await mix(one, other);
    expect(channels).toEqual({ of: 2, used: [0, 1], flipped: [] });
    expect(samples.subarray(0, 2000)).toEqual(one.subarray(0, 2000)); // nobody else has spoken yet
    expect(samples.subarray(2010)).toEqual(times(0.5, plus(one, other)).subarray(2010));
  });

  it('fades where the choice changes, within 10 ms (closed form)', async () => {
    const { samples } = await mix(new Float32Array([...voice(1), ...silence(1).fill(1)]), joined(silence(1), voice(1)));
    const [one, other] = [silence(1).fill(1), voice(1)];
    // A constant is no sound, but the channel has carried before.
    for (let i = 0; i < 10; i++) {
      const share = (i + 0.5) / 10;
      expect(samples[1000 + i]).toBeCloseTo((1 - share) * one[i]! + (share * (one[i]! + other[i]!)) / 2, 6);
    }
    expect(samples[1010]).toBeCloseTo((1 + other[10]!) / 2, 6);
  });

  it('is the mean of all while there is digital silence, and decides by no fewer than 10 ms', async () => {
    expect(await mix(silence(1.5), silence(1.5))).toEqual({
      samples: silence(1.5),
      channels: { of: 2, used: [0, 1], flipped: [] },
    });
    const [few, opposed] = [voice(0.009), times(-1, voice(0.009))];
    expect((await mix(few, opposed)).samples).toEqual(silence(0.009));
  });

  it('takes no memory for seconds that do not come, of as many channels as a header can promise', async () => {
    const many = Array.from({ length: 65_535 }, (_, channel) => Float32Array.of(channel % 2, 0.25));
    async function* pieces(): AsyncGenerator<AudioPiece, void, undefined> {
      yield { channels: many, sampleRate: 768_000 }; // a second of them in 64 bits: 400 GB
    }
    const { samples } = await holdWaveform(monoPieces('test', pieces()));
    expect(samples[0]).toBeCloseTo(32_767 / 65_535, 6);
    expect(samples[1]).toBe(0.25);
  });

  it('is the same in pieces of any size (property)', async () => {
    const level = fc.constantFrom(0, 0.001, 0.05, 0.5, -0.5);
    const second = fc.record({ levels: fc.tuple(level, level, level), samples: fc.integer({ min: 1, max: 1500 }) });
    await fc.assert(
      fc.asyncProperty(
        fc.array(second, { minLength: 1, maxLength: 5 }),
        fc.integer({ min: 1, max: 3 }),
        fc.integer({ min: 1, max: 2500 }),
        async (parts, count, piece) => {
          const channels = Array.from({ length: count }, (_, channel) =>
            joined(...parts.map(({ levels, samples }, i) => voice(samples / RATE, levels[channel]!, i))),
          );
          expect(await mixed([channels], piece)).toEqual(await mixed([channels]));
        },
      ),
      { numRuns: 50 },
    );
  });

  it('goes on where the number of channels changes, as in files that were joined', async () => {
    const [a, b, c] = [voice(1.3), voice(1.2, 0.5, 2), voice(1.1, 0.5, 3)];
    for (const piece of [77, 1e9]) {
      const { samples, channels } = await mixed([[a], [b, times(-1, b)], [c]], piece);
      expect(samples).toEqual(joined(a, b, c));
      expect(channels).toEqual({ of: 2, used: [0, 1], flipped: [1] });
    }
  });

  it.each([0, 1])('refuses a sample that is not finite, in channel %i', async (channel) => {
    const channels = [voice(2.5), silence(2.5)];
    channels[channel]![1234] = Number.NaN;
    await expect(mix(...channels)).rejects.toThrow(AudioFormatError);
    await expect(mix(...channels)).rejects.toThrow('Cannot test: samples must be finite, got NaN at sample 1234');
  });
});

describe('one channel of several', () => {
  const [left, right] = [voice(2.2), voice(2.2, 0.5, 2)];

  it('is just that', async () => {
    for (const piece of [100, 1e9]) {
      const channels = { of: 2, used: [1], flipped: [] };
      expect(await mixed([[left, right]], piece, 1)).toEqual({ samples: right, channels });
    }
    expect(await mixed([[left]], 100, 0)).toEqual({ samples: left, channels: undefined });
  });

  it('is silent where a file that was joined lacks it', async () => {
    const { samples } = await mixed([[left, right], [left], [left, right]], 300, 1);
    expect(samples).toEqual(joined(right, silence(2.2), right));
  });

  it('is chosen by toWaveform and decodeAudio', async () => {
    const wav = encodeWav([left, right], RATE, { encoding: 'float32' });
    const buffer = {
      ...{ length: left.length, numberOfChannels: 2, sampleRate: RATE },
      getChannelData: (channel: number) => [left, right][channel],
    } as unknown as AudioBuffer;
    for (const [channel, samples] of [left, right].entries()) {
      expect(await decodeAudio(wav, { channel })).toEqual({ samples, sampleRate: RATE });
      expect(await toWaveform(wav, { channel })).toEqual({ samples, sampleRate: RATE });
      expect(await toWaveform(buffer, { channel })).toEqual({ samples, sampleRate: RATE });
    }
    const waveform = { samples: left, sampleRate: RATE };
    expect(await toWaveform(waveform, { channel: 0 })).toBe(waveform);
    expect(await toWaveform(waveform, { channel: 'mix' })).toBe(waveform);
  });

  it('is refused where there is none of that number, or the number is none', async () => {
    const wav = encodeWav([left, right], RATE);
    const waveform = { samples: left, sampleRate: RATE };
    await expect(decodeAudio(wav, { channel: 2 })).rejects.toThrow(RangeError);
    await expect(decodeAudio(wav, { channel: 2 })).rejects.toThrow(
      'Cannot decode audio: channel must be below 2, the number of channels, got 2',
    );
    await expect(toWaveform(waveform, { channel: 1 })).rejects.toThrow(
      'Cannot read audio: channel must be below 1, the number of channels, got 1',
    );
    for (const channel of [-1, 0.5, Number.NaN]) {
      await expect(toWaveform(wav, { channel })).rejects.toThrow(RangeError);
    }
    for (const channel of ['left', '0', null]) {
      await expect(decodeAudio(wav, { channel: channel as never })).rejects.toThrow(TypeError);
      await expect(decodeAudio(wav, { channel: channel as never })).rejects.toThrow(
        "channel must be 'mix' or the number of a channel, from 0 on, got",
      );
    }
  });
});
