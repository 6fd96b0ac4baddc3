import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { toWaveform } from '../../src/audio/toWaveform.ts';
import { AudioFormatError } from '../../src/core/errors.ts';
import { encodeWav } from '../support/wav.ts';

const WAV = encodeWav([[0.5, -0.5, 0.25]], 16_000);

/** What Web Audio gives, as far as it is read; Node has no AudioBuffer of its own. */
function audioBuffer(channels: number[][], sampleRate = 16_000): AudioBuffer {
  return {
    length: channels[0]!.length,
    numberOfChannels: channels.length,
    sampleRate,
    duration: channels[0]!.length / sampleRate,
    getChannelData: (channel: number) => Float32Array.from(channels[channel]!),
  } as unknown as AudioBuffer;
}

describe('toWaveform', () => {
  it('gives back the waveform it was given', async () => {
    const waveform = { samples: Float32Array.of(0.1, 0.2), sampleRate: 8000 };
    expect(await toWaveform(waveform)).toBe(waveform);
    expect(await toWaveform(waveform, { sampleRate: 8000 })).toBe(waveform);
  });

  it.each([
    ['Uint8Array', WAV],
    ['Buffer', Buffer.from(WAV)],
    ['ArrayBuffer', WAV.buffer],
    ['Blob', new Blob([WAV])],
    ['File', new File([WAV], 'speech.mp3')],
  ])('decodes a %s of encoded audio', async (_, input) => {
    expect(await toWaveform(input)).toEqual({ samples: Float32Array.of(0.5, -0.5, 0.25), sampleRate: 16_000 });
  });

  it('averages the channels of an AudioBuffer into samples of its own (closed form)', async () => {
    const waveform = await toWaveform(
      audioBuffer(
        [
          [1, 0.5],
          [0, -0.5],
          [0.5, 0.75],
        ],
        44_100,
      ),
    );
    expect(waveform).toEqual({ samples: Float32Array.of(0.5, 0.25), sampleRate: 44_100 });
  });

  it('resamples when a rate is given', async () => {
    const bytes = await readFile(new URL('../fixtures/audio/speech.flac', import.meta.url));
    const waveform = await toWaveform(bytes, { sampleRate: 8000 });
    expect(waveform.sampleRate).toBe(8000);
    expect(waveform.samples).toHaveLength(7200);
  });

  it('honours a signal', async () => {
    const reason = new Error('enough');
    const signal = AbortSignal.abort(reason);
    await expect(toWaveform(WAV, { signal })).rejects.toBe(reason);
    await expect(toWaveform({ samples: Float32Array.of(1), sampleRate: 1 }, { signal })).rejects.toBe(reason);
  });

  it.each([
    ['nothing', undefined, 'got undefined'],
    ['null', null, 'got null'],
    ['a path', 'speech.wav', 'got string'],
    ['samples without a rate', new Float32Array(3), 'got Float32Array'],
    ['an object', {}, 'got Object'],
    ['an array of samples', { samples: [0, 1], sampleRate: 8000 }, 'samples must be a Float32Array, got Array'],
    [
      'a rate in words',
      { samples: Float32Array.of(1), sampleRate: '8000' },
      'sampleRate must be a number of Hz, got string',
    ],
  ])('refuses %s', async (_, input, message) => {
    await expect(toWaveform(input as never)).rejects.toThrow(TypeError);
    await expect(toWaveform(input as never)).rejects.toThrow(message);
    await expect(toWaveform(input as never)).rejects.toThrow(/^Cannot read audio: /);
  });

  it('refuses empty waveforms, rates that are none, and samples that are not finite', async () => {
    const samples = Float32Array.of(0.5);
    await expect(toWaveform({ samples: new Float32Array(0), sampleRate: 8000 })).rejects.toThrow(RangeError);
    for (const sampleRate of [0, -8000, Number.NaN, Number.POSITIVE_INFINITY]) {
      await expect(toWaveform({ samples, sampleRate })).rejects.toThrow(`positive and finite, got ${sampleRate}`);
    }
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
      const broken = toWaveform({ samples: Float32Array.of(0, value), sampleRate: 8000 });
      await expect(broken).rejects.toThrow(AudioFormatError);
      await expect(broken).rejects.toThrow(`samples must be finite, got ${value} at sample 1`);
    }
    await expect(toWaveform(audioBuffer([[]]))).rejects.toThrow(RangeError);
    await expect(toWaveform(audioBuffer([[Number.NaN]]))).rejects.toThrow(AudioFormatError);
  });
});
