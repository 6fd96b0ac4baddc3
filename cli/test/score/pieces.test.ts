import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import type { EmotionClassifier, EmotionSegment } from 'speech-emotion';
import { resample, toWaveform } from 'speech-emotion/features';
import { openSound } from 'speech-emotion/node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ffmpegIsMissing } from '../../../test/support/ffmpeg.ts';
import { openClassifier } from '../../src/openClassifier.ts';
import { piecesOf } from '../../src/score/pieces.ts';
import { cutRecording, type ScoreOptions, scorePiece, scoreWhole, segmentGrid } from '../../src/score/scorePiece.ts';
import { wavLayout } from '../../src/score/wavLayout.ts';
import { planRecording, scoreRecording } from '../../src/score/work.ts';
import { emptyFolder } from '../support/folder.ts';
import { runAny } from '../support/program.ts';
import { encodeWav } from './wavFiles.ts';

/* Pieces have to give, byte for byte, what `timeline` gives of the whole (the oracle). Cuts are much closer than those of archives. */

let classifier: EmotionClassifier;
let speech: Float32Array; // at 16 kHz
beforeAll(async () => {
  classifier = await openClassifier(undefined);
  const clips = await Promise.all(
    ['lively', 'flat', 'loud', 'slow', 'in-turns'].map(async (name) => {
      const bytes = await readFile(fileURLToPath(new URL(`../../../examples/clips/${name}.wav`, import.meta.url)));
      return (await resample(await toWaveform(bytes), 16_000)).samples;
    }),
  );
  speech = Float32Array.from(clips.flatMap((clip) => [...clip, ...new Float32Array(9000)]));
});
afterAll(() => classifier.dispose());

/** So many seconds of speech, from somewhere in it on, again and again; a little differently each time. */
function sound(seconds: number, sampleRate: number, from = 0): Float32Array {
  const samples = new Float32Array(Math.round(seconds * sampleRate));
  for (let i = 0; i < samples.length; i++) {
    const at = (i * 16_000) / sampleRate + from;
    const k = Math.floor(at);
    const share = at - k;
    const round = 1 - 0.1 * (Math.floor(k / speech.length) % 5);
    samples[i] = round * ((1 - share) * speech[k % speech.length]! + share * speech[(k + 1) % speech.length]!);
  }
  return samples;
}

async function compare(
  file: Uint8Array,
  options: ScoreOptions,
  pieceSeconds: number,
): Promise<{ pieces: number; segments: EmotionSegment[][] }> {
  const read = async (from: number, to: number) => file.subarray(from, to);
  const layout = (await wavLayout(read, file.length))!;
  const pieces = cutRecording(classifier, layout, options, pieceSeconds);
  const whole = await scoreWhole(classifier, new Blob([file as Uint8Array<ArrayBuffer>]).stream(), options, undefined);
  const joined: EmotionSegment[][] = whole.map(() => []);
  for (const piece of pieces) {
    const parts = await scorePiece(classifier, { name: 'x', read, layout }, piece, options, undefined);
    for (const [i, part] of parts.entries()) joined[i]!.push(...part);
  }
  expect(joined.length).toBe(whole.length);
  for (const [i, segments] of joined.entries()) {
    const odd = segments.findIndex((segment, k) => JSON.stringify(segment) !== JSON.stringify(whole[i]![k]));
    expect(odd < 0 ? [] : [odd, segments[odd], whole[i]![odd]]).toEqual([]);
    expect(segments.length).toBe(whole[i]!.length);
  }
  return { pieces: pieces.length, segments: joined };
}

describe('pieces give what the whole gives', () => {
  it.each([
    { rate: 16_000, seconds: 210, cut: 65, options: {} },
    { rate: 8_000, seconds: 203.21, cut: 70, options: {} },
    { rate: 44_100, seconds: 190.007, cut: 62, options: { hopSeconds: 1 } },
    { rate: 48_000, seconds: 181.3, cut: 61, options: { vad: { detector: 'level' } } },
    { rate: 22_050, seconds: 200, cut: 64, options: { hopSeconds: 0.7, vad: false } },
    { rate: 11_025, seconds: 260, cut: 90, options: { windowSeconds: 2, hopSeconds: 0.25, topK: 2 } },
  ] as { rate: number; seconds: number; cut: number; options: ScoreOptions }[])(
    '$rate Hz, $seconds s, cut every $cut s, $options',
    async ({ rate, seconds, cut, options }) => {
      const { pieces, segments } = await compare(encodeWav([sound(seconds, rate)], rate), options, cut);
      expect(pieces).toBeGreaterThan(1);
      expect(segments[0]!.some(({ speech }) => speech)).toBe(true);
    },
    300_000,
  );

  it('with an offset, behind digital silence of any length, to its last sample', async () => {
    for (const silence of [0, 3, 64, 66.55, 150]) {
      const rate = 16_000;
      const zeros = new Float32Array(silence * rate);
      const spoken = sound(200 - silence, rate).map((sample) => 0.5 * sample + 0.03);
      const { pieces } = await compare(
        encodeWav([Float32Array.from([...zeros, ...spoken])], rate),
        { hopSeconds: 1 },
        65,
      );
      expect(pieces).toBeGreaterThan(1);
    }
  }, 600_000);

  it('of each channel, and of one of them', async () => {
    const rate = 16_000;
    const channels = [sound(150, rate), sound(150, rate, 40_000).map((sample, i) => (i < 75 * rate ? 0 : sample))];
    const file = encodeWav(channels, rate);
    for (const channel of ['each', 1] as const) {
      const { pieces } = await compare(file, { channel, hopSeconds: 1 }, 61);
      expect(pieces).toBeGreaterThan(1);
    }
    expect((await compare(file, { hopSeconds: 1 }, 61)).pieces).toBe(1); // a mix
  }, 300_000);
});

describe('a file of any format, rate and length, cut anywhere, gives what the whole gives', () => {
  const codecs = ['u8', 's16le', 's24le', 's32le', 'f32le', 'f64le', 'mulaw', 'alaw'].map((name) => `pcm_${name}`);
  const drawn = fc.record({
    codec: fc.constantFrom(...codecs, 'flac'),
    rate: fc.constantFrom(8000, 11_025, 16_000, 22_050, 32_000, 44_100, 48_000),
    seconds: fc.double({ min: 122, max: 190, noNaN: true }),
    silence: fc.constantFrom(0, 0.05, 7.77, 66),
    from: fc.nat(100_000),
    pieceSeconds: fc.integer({ min: 60, max: 95 }),
    options: fc.record({
      hopSeconds: fc.constantFrom(0.7, 1),
      windowSeconds: fc.constantFrom(undefined, 1, 2.5),
      vad: fc.constantFrom<ScoreOptions['vad']>(undefined, false, { detector: 'level' }),
      channel: fc.constantFrom<ScoreOptions['channel']>('mix', 'each', 0, 1),
    }),
  });
  const { signal } = new AbortController();

  it.skipIf(ffmpegIsMissing)(
    'of draws that are the same each time, or of `RUNS` others',
    async () => {
      const folder = await emptyFolder();
      const counts: number[] = [];
      const property = fc.asyncProperty(
        drawn,
        async ({ codec, rate, seconds, silence, from, pieceSeconds, options }) => {
          const one = sound(seconds, rate, from).map((sample, i) => (i < silence * rate ? 0 : sample + 0.01));
          const channels = options.channel === 'mix' ? [one] : [one, sound(seconds, rate, 3 * from)];
          await writeFile(join(folder, 'sound.wav'), encodeWav(channels, rate));
          const file = join(folder, codec === 'flac' ? 'a.flac' : 'a.wav');
          const words = ['-v', 'error', '-y', '-i', 'sound.wav', '-c:a', codec, file];
          const { code, stderr } = await runAny('ffmpeg', words, { cwd: folder });
          expect([code, stderr]).toEqual([0, '']);
          const settings = { model: undefined, fingerprint: '', labels: classifier.labels, options, pieceSeconds };
          const plan = await planRecording(classifier, settings, file, signal);
          const whole = await scoreWhole(classifier, await openSound(file), options, signal);
          const joined: EmotionSegment[][] = whole.map(() => []);
          const count = plan.cut?.pieces.length ?? 1;
          for (let piece = 0; piece < count; piece++) {
            const { segments } = await scoreRecording(classifier, settings, file, plan, piece, signal);
            for (const [i, part] of segments.entries()) joined[i]!.push(...part);
          }
          expect(JSON.stringify(joined)).toBe(JSON.stringify(whole));
          counts.push(count);
        },
      );
      const runs = process.env.RUNS;
      await fc.assert(property, {
        endOnFailure: true,
        ...(runs ? { numRuns: Number(runs) } : { numRuns: 5, seed: 7 }),
      });
      expect(counts.filter((count) => count > 1).length).toBeGreaterThan(counts.length / 2);
    },
    1_800_000,
  );
});

describe('where pieces lie', () => {
  it('they cover all segments once, in 5 to 10 minutes each (oracle: counting)', () => {
    const grid = segmentGrid(classifier, {});
    for (const rate of [8000, 16_000, 44_100, 48_000, 12_345]) {
      for (const seconds of [1, 599, 601, 1201, 2400, 7199.5, 36_000]) {
        const pieces = piecesOf({ sampleRate: rate, frames: Math.round(seconds * rate) }, grid);
        let segments = 0;
        for (const { skipped, taken, from, to, frame } of pieces) {
          expect((frame * grid.hopLength * rate) / grid.sampleRate).toBe(from); // phases of all grids
          expect(((from * grid.sampleRate) / rate) % 512).toBe(0);
          expect(frame % grid.hopFrames).toBe(0);
          expect(frame / grid.hopFrames + skipped).toBe(segments);
          segments += taken ?? 0;
          expect(to).toBeLessThanOrEqual(Math.round(seconds * rate));
          if (taken !== undefined) expect(taken * 0.5).toBeLessThanOrEqual(604);
          if (taken !== undefined) expect(taken * 0.5).toBeGreaterThanOrEqual(296);
        }
        expect(pieces.filter(({ taken }) => taken === undefined)).toEqual([pieces.at(-1)]);
        expect(pieces.length > 1).toBe(seconds > 600);
      }
    }
  });
});
