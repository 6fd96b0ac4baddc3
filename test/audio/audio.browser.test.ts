import { expect, it } from 'vitest';
import { toWaveform } from '../../src/audio/toWaveform.ts';
import type { Waveform } from '../../src/audio/waveform.ts';
import { AudioFormatError } from '../../src/core/errors.ts';

// Fixtures are served by the test's own server, as a page would fetch them.
const urls = import.meta.glob<string>('../fixtures/audio/*', { query: '?url', import: 'default', eager: true });

async function fetchFixture(name: string): Promise<Blob> {
  const response = await fetch(urls[`../fixtures/audio/${name}`]!);
  expect(response.ok).toBe(true);
  return response.blob();
}

function correlation(x: Waveform, y: Waveform, lag = 0): number {
  let [xy, xx, yy] = [0, 0, 0];
  for (let i = 0; i < Math.min(x.samples.length, y.samples.length - lag); i++) {
    xy += x.samples[i]! * y.samples[i + lag]!;
    xx += x.samples[i]! ** 2;
    yy += y.samples[i + lag]! ** 2;
  }
  return xy / Math.sqrt(xx * yy);
}

it('decodes FLAC in a page to the very samples of the WAV', async () => {
  const wav = await toWaveform(await fetchFixture('speech.wav'));
  expect(wav.samples).toHaveLength(14_400);
  expect(await toWaveform(await fetchFixture('speech.flac'))).toEqual(wav);
});

it.each(['speech.mp3', 'speech.ogg', 'speech.opus', 'speech.webm'])('decodes %s in a page, in place', async (name) => {
  const wav = await toWaveform(await fetchFixture('speech.wav'));
  const waveform = await toWaveform(await fetchFixture(name), { sampleRate: 16_000 });
  expect(Math.abs(waveform.samples.length - 14_400)).toBeLessThan(400);
  const atZero = correlation(wav, waveform);
  expect(atZero).toBeGreaterThan(0.9);
  for (const lag of [1, 2, 3]) expect(correlation(wav, waveform, lag)).toBeLessThan(atZero);
});

it('reads an AudioBuffer of the page', async () => {
  const context = new OfflineAudioContext(2, 100, 44_100);
  const source = new ConstantSourceNode(context, { offset: 0.5 });
  source.connect(context.destination);
  source.start();
  const waveform = await toWaveform(await context.startRendering());
  expect(waveform.sampleRate).toBe(44_100);
  expect(waveform.samples).toEqual(new Float32Array(100).fill(0.5));
});

it('resamples in a page: a tone stays that tone', async () => {
  const at = (rate: number) =>
    Float32Array.from({ length: rate / 4 }, (_, i) => Math.sin((2 * Math.PI * 440 * i) / rate));
  const { samples } = await toWaveform({ samples: at(48_000), sampleRate: 48_000 }, { sampleRate: 16_000 });
  const want = at(16_000);
  expect(samples.length).toBe(want.length);
  for (let i = 400; i < 3600; i++) expect(Math.abs(samples[i]! - want[i]!)).toBeLessThan(1e-4);
});

it('refuses what the browser cannot decode either', async () => {
  const garbage = toWaveform(crypto.getRandomValues(new Uint8Array(5000)));
  await expect(garbage).rejects.toThrow(AudioFormatError);
  await expect(garbage).rejects.toThrow('what this browser can play');
});
