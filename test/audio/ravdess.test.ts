import { openAsBlob } from 'node:fs';
import { BlobReader, type FileEntry, Uint8ArrayWriter, ZipReader } from '@zip.js/zip.js';
import { expect, it } from 'vitest';
import { toWaveform } from '../../src/audio/toWaveform.ts';
import { ravdessOriginalZip, ravdessZip, withRavdess } from '../support/ravdess.ts';

async function clips(zip: string, wanted: (name: string) => boolean): Promise<{ name: string; bytes: Uint8Array }[]> {
  const reader = new ZipReader(new BlobReader(await openAsBlob(zip)));
  const entries = (await reader.getEntries()).filter((e): e is FileEntry => !e.directory && wanted(e.filename));
  const found = [];
  for (const entry of entries) {
    found.push({ name: entry.filename.split('/').pop()!, bytes: await entry.getData(new Uint8ArrayWriter()) });
  }
  await reader.close();
  return found;
}

withRavdess('toWaveform on RAVDESS', () => {
  it('decodes all 60 originals of actor 01 at 48 kHz: 3 to 5 s, sound in each, stereo averaged', async () => {
    const originals = await clips(ravdessOriginalZip!, (name) => name.endsWith('.wav'));
    expect(originals).toHaveLength(60);
    let stereo = 0;
    for (const { name, bytes } of originals) {
      const { samples, sampleRate } = await toWaveform(bytes);
      expect(sampleRate, name).toBe(48_000);
      expect(samples.length / sampleRate, name).toBeGreaterThan(2.9);
      expect(samples.length / sampleRate, name).toBeLessThan(5.5);
      const peak = samples.reduce((max, x) => Math.max(max, Math.abs(x)), 0);
      expect(peak, name).toBeGreaterThan(1e-3);
      expect(peak, name).toBeLessThanOrEqual(1);
      if (new DataView(bytes.buffer, bytes.byteOffset).getUint16(22, true) === 2) stereo++;
    }
    expect(stereo).toBe(2);
  });

  // The copies at 16 kHz were made from the originals by another resampler, at 16 bits.
  it('resamples an original to what the 16 kHz copy of the data set holds', async () => {
    const name = '03-01-05-02-01-01-01.wav';
    const [original] = await clips(ravdessOriginalZip!, (path) => path.endsWith(name));
    const [copy] = await clips(ravdessZip!, (path) => path.endsWith(name));
    const ours = await toWaveform(original!.bytes, { sampleRate: 16_000 });
    const theirs = await toWaveform(copy!.bytes);
    expect(theirs.sampleRate).toBe(16_000);
    expect(Math.abs(ours.samples.length - theirs.samples.length)).toBeLessThanOrEqual(1);
    let [error, power] = [0, 0];
    for (let i = 0; i < Math.min(ours.samples.length, theirs.samples.length); i++) {
      error += (ours.samples[i]! - theirs.samples[i]!) ** 2;
      power += theirs.samples[i]! ** 2;
    }
    expect(10 * Math.log10(error / power)).toBeLessThan(-30);
  });
});
