import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-wasm';
import { EmotionClassifier, type StreamSegment, toWaveform } from 'speech-emotion';
import { resample } from 'speech-emotion/features';
import { pretrained } from 'speech-emotion/pretrained/small';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AudioFrame, emotionsOfTrack } from '../../examples/node/livekit.ts';
import { emotionsOfCall } from '../../examples/node/twilio.ts';
import { root } from '../support/program.ts';

/* Calls as they come from others. Oracle: `stream` of the same samples, decoded by the definitions written out here. */

let classifier: EmotionClassifier;
let clip: { samples: Float32Array; sampleRate: number };

beforeAll(async () => {
  await tf.setBackend('wasm');
  classifier = await EmotionClassifier.load(pretrained);
  clip = await toWaveform(await readFile(join(root, 'examples/clips/in-turns.wav')));
});
afterAll(() => classifier?.dispose());

const all = async (segments: AsyncIterable<StreamSegment>) => {
  const found: StreamSegment[] = [];
  for await (const segment of segments) found.push(segment);
  return found;
};

/** What the classifier says of samples that come in one piece. */
async function expected(samples: Float32Array, sampleRate: number): Promise<StreamSegment[]> {
  async function* whole() {
    yield samples;
  }
  return all(classifier.stream(whole(), { sampleRate, whenBehind: 'wait' }));
}

function expectSame(actual: StreamSegment[], expected: StreamSegment[]): void {
  expect(actual.length).toBeGreaterThan(3);
  expect(actual.some(({ speech }) => speech)).toBe(true);
  const withoutScores = (segments: StreamSegment[]) =>
    segments.map(({ start, end, speech, dropped }) => ({ start, end, speech, dropped }));
  expect(withoutScores(actual)).toEqual(withoutScores(expected));
  for (const [i, segment] of actual.entries()) {
    const byLabel = (one: StreamSegment) =>
      new Map(one.speech ? one.scores.map(({ label, score }) => [label, score]) : []);
    const scores = byLabel(expected[i]!);
    for (const [label, score] of byLabel(segment)) expect(score).toBeCloseTo(scores.get(label)!, 5);
  }
}

describe('twilio.ts', () => {
  /** A µ-law code, its bits inverted: sign, exponent e, mantissa m → ±((2m + 33)·2^e − 33), of 14 bits. (ITU-T G.711) */
  const expand = (code: number) => {
    const [sign, e, m] = [~code & 0x80, (~code >> 4) & 7, ~code & 15];
    return ((sign ? -1 : 1) * ((2 * m + 33) * 2 ** e - 33)) / 2 ** 13;
  };
  const table = Array.from({ length: 256 }, (_, code) => expand(code));
  const nearest = (sample: number) =>
    table.reduce((best, value, code) => (Math.abs(value - sample) < Math.abs(table[best]! - sample) ? code : best), 0);

  async function callOf(codes: Uint8Array): Promise<object[]> {
    const media = (track: string, payload: Uint8Array, chunk: number) => ({
      event: 'media',
      streamSid: 'MZ1',
      media: {
        track,
        chunk: String(chunk),
        timestamp: String(20 * chunk),
        payload: Buffer.from(payload).toString('base64'),
      },
    });
    const mediaFormat = { encoding: 'audio/x-mulaw', sampleRate: 8000, channels: 1 };
    const messages: object[] = [
      { event: 'connected', protocol: 'Call', version: '1.0.0' },
      { event: 'start', streamSid: 'MZ1', start: { tracks: ['inbound', 'outbound'], mediaFormat } },
    ];
    for (let at = 0; at < codes.length; at += 160) {
      messages.push(media('inbound', codes.subarray(at, at + 160), at / 160));
      messages.push(media('outbound', new Uint8Array(160).fill(0x80 + (at % 7)), at / 160));
      if (at % 1600 === 0) messages.push({ event: 'mark', streamSid: 'MZ1', mark: { name: 'said' } });
    }
    return [...messages, { event: 'stop', streamSid: 'MZ1' }, media('inbound', new Uint8Array(8000), 9999)];
  }

  it.each([
    ['text', (message: object) => JSON.stringify(message)],
    ['bytes', (message: object) => Buffer.from(JSON.stringify(message))],
  ])('gives the emotions of the caller, by messages as %s', async (_, pack) => {
    const { samples } = await resample(clip, 8000);
    const codes = Uint8Array.from(samples, nearest);
    async function* messages() {
      for (const message of await callOf(codes)) yield pack(message);
    }
    const segments = await all(emotionsOfCall(classifier, messages(), { whenBehind: 'wait' }));
    expectSame(segments, await expected(Float32Array.from(codes, expand), 8000));
  });
});

describe('livekit.ts', () => {
  const [left, right] = [(i: number) => Math.round(20_000 * clip.samples[i]!), (i: number) => (i % 100) - 50];

  /** Frames of 10 ms, both channels, within a larger memory. */
  async function* frames(sampleRate = clip.sampleRate): AsyncGenerator<AudioFrame> {
    const length = clip.sampleRate / 100;
    for (let at = 0; at < clip.samples.length; at += length) {
      const count = Math.min(length, clip.samples.length - at);
      const memory = new Int16Array(2 * count + 3).fill(12_345);
      const data = memory.subarray(3);
      for (let i = 0; i < count; i++) [data[2 * i], data[2 * i + 1]] = [left(at + i), right(at + i)];
      yield { data, sampleRate, channels: 2 };
    }
  }

  it('gives the emotions of a track, channels averaged', async () => {
    const { sampleRate } = clip;
    const segments = await all(emotionsOfTrack(classifier, frames(), { sampleRate, channels: 2, whenBehind: 'wait' }));
    const mean = clip.samples.map((_, i) => (left(i) + right(i)) / 2 / 2 ** 15);
    expectSame(segments, await expected(mean, sampleRate));
  });

  it('refuses frames of another rate than was asked for', async () => {
    const { sampleRate } = clip;
    const segments = all(emotionsOfTrack(classifier, frames(8000), { sampleRate, channels: 2 }));
    await expect(segments).rejects.toThrow('Cannot read the track: its frames have 2 channels at 8000 Hz');
  });
});
