import { describe, expect, it } from 'vitest';
import { AudioFormatError, DatasetError } from '../../src/core/errors.ts';
import { SourceRecording } from '../../src/dataset/recording.ts';
import { memorySource, tinyWav } from '../support/fakeRavdess.ts';
import { encodeWav } from '../support/wav.ts';

const about = { label: 'happy', speaker: 'anna', groups: { sex: 'female' } };
const error = (promise: Promise<unknown>): Promise<Error & { file?: string }> =>
  promise.then(
    () => expect.unreachable('it must reject'),
    (reason) => reason,
  );

describe('SourceRecording', () => {
  it('reads nothing until asked, and again each time', async () => {
    let reads = 0;
    const source = {
      name: 'happy/clip.wav',
      async bytes() {
        reads++;
        return tinyWav();
      },
    };
    const recording = new SourceRecording(source, about);
    expect(recording).toMatchObject({ name: 'happy/clip.wav', ...about });
    expect(reads).toBe(0);
    expect(await recording.bytes()).toEqual(tinyWav());
    await recording.waveform();
    expect(reads).toBe(2);
  });

  it('decodes to the samples that the WAV was made of (closed form), at its own rate or another', async () => {
    const recording = new SourceRecording(memorySource('clip.wav', tinyWav({ samples: 1600, hz: 100 })), about);
    const { samples, sampleRate } = await recording.waveform();
    expect(sampleRate).toBe(16_000);
    expect(samples).toHaveLength(1600);
    // Written with 16 bits, truncated: within one step of 2⁻¹⁵.
    for (const i of [0, 10, 40, 799]) {
      expect(Math.abs(samples[i]! - 0.5 * Math.sin((2 * Math.PI * 100 * i) / 16_000))).toBeLessThanOrEqual(2 ** -15);
    }
    const slower = await recording.waveform({ sampleRate: 8000 });
    expect(slower.sampleRate).toBe(8000);
    expect(slower.samples).toHaveLength(800);
  });

  it('names the file when the audio is corrupt, with the AudioFormatError as its cause', async () => {
    for (const bytes of [new Uint8Array(0), new Uint8Array(100), tinyWav().subarray(0, 20)]) {
      const thrown = await error(new SourceRecording(memorySource('sad/broken.wav', bytes), about).waveform());
      expect(thrown).toBeInstanceOf(DatasetError);
      expect(thrown.message).toContain("'sad/broken.wav'");
      expect(thrown.file).toBe('sad/broken.wav');
      expect(thrown.cause).toBeInstanceOf(AudioFormatError);
    }
  });

  it('gives the channel of the dataset, unless asked for another (oracle: what the channels were written from)', async () => {
    const [left, right] = [Float32Array.of(0.5, 0.25, -0.5), Float32Array.of(-0.125, 0.75, 0)];
    const source = memorySource('calls/1.wav', encodeWav([left, right], 8000));
    const mix = Float32Array.of(0.1875, 0.5, -0.25);
    for (const [channel, samples] of [
      [0, left],
      [1, right],
      ['mix', mix],
      [undefined, mix],
    ] as const) {
      const recording = new SourceRecording(source, { ...about, channel });
      expect(recording.channel).toBe(channel);
      expect((await recording.waveform()).samples).toEqual(samples);
      expect((await recording.waveform({ channel: 1 })).samples).toEqual(right);
    }
  });

  it('names the file that lacks the channel of the dataset', async () => {
    const thrown = await error(new SourceRecording(memorySource('mono.wav'), { ...about, channel: 1 }).waveform());
    expect(thrown).toBeInstanceOf(DatasetError);
    expect(thrown.message).toBe(
      "Cannot read 'mono.wav': Cannot read audio: channel must be below 1, the number of channels, got 1",
    );
    const asked = await error(new SourceRecording(memorySource('mono.wav'), about).waveform({ channel: 1 }));
    expect(asked).toBeInstanceOf(RangeError);
  });

  it('names the file when its source fails, whatever that throws', async () => {
    const cause = new Error('the disk is gone');
    const source = { name: 'clip.wav', bytes: () => Promise.reject(cause) };
    const thrown = await error(new SourceRecording(source, about).waveform());
    expect(thrown).toBeInstanceOf(DatasetError);
    expect(thrown.message).toBe("Cannot read 'clip.wav': the disk is gone");
    expect(thrown.cause).toBe(cause);
  });

  it('leaves abortion and wrong arguments as they are', async () => {
    const recording = new SourceRecording(memorySource('clip.wav'), about);
    const reason = new Error('enough');
    expect(await error(recording.waveform({ signal: AbortSignal.abort(reason) }))).toBe(reason);
    expect(await error(recording.waveform({ sampleRate: -1 }))).toBeInstanceOf(RangeError);
  });
});
