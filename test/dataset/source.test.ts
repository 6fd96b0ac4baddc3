import { describe, expect, it } from 'vitest';
import { isLeftover } from '../../src/dataset/byteSource.ts';
import { isMedia, isZip, toSources } from '../../src/dataset/source.ts';
import { memorySource, tinyWav, zipOf } from '../support/fakeRavdess.ts';

const names = async (input: Parameters<typeof toSources>[0]) => (await toSources(input)).map(({ name }) => name);

describe('toSources', () => {
  it('takes a single archive, files, sources and archives among them, in their order', async () => {
    const archive = await zipOf([memorySource('a/1.wav'), memorySource('a/2.wav')]);
    expect(await names(archive)).toEqual(['archive.zip/a/1.wav', 'archive.zip/a/2.wav']);
    const mix = [new File([tinyWav()], 'one.wav'), new File([archive], 'Two.ZIP'), memorySource('three/3.wav')];
    expect(await names(mix)).toEqual(['one.wav', 'Two.ZIP/a/1.wav', 'Two.ZIP/a/2.wav', 'three/3.wav']);
    expect(await names(new Set(mix))).toHaveLength(4);
    expect(await names(memorySource('alone.wav'))).toEqual(['alone.wav']);
    for (const source of await toSources(mix)) expect(await source.bytes()).toEqual(tinyWav());
  });

  it('distinguishes a File from a source although newer runtimes give it a bytes method', async () => {
    const file = Object.assign(new File([await zipOf([memorySource('a/1.wav')])], 'x.zip'), {
      bytes: async () => tinyWav(),
    });
    expect(await names([file])).toEqual(['x.zip/a/1.wav']);
  });

  it('leaves out what operating systems leave behind', async () => {
    const kept = ['Actor_01/clip.wav', './happy/clip.wav', '../clip.wav'];
    const left = [
      '__MACOSX/Actor_01/._clip.wav',
      'Actor_01/.DS_Store',
      '.git/x.wav',
      'a/Thumbs.db',
      'desktop.ini',
      '._clip.wav',
    ];
    expect(await names([...kept, ...left].map((name) => memorySource(name)))).toEqual(kept);
    for (const name of left) expect(isLeftover(name)).toBe(true);
  });

  it('names the file when a blob cannot be read', async () => {
    const gone = Object.assign(new File([], 'gone.wav'), { arrayBuffer: () => Promise.reject(new Error('moved')) });
    const [source] = await toSources([gone]);
    await expect(source!.bytes()).rejects.toMatchObject({ code: 'DATASET', file: 'gone.wav' });
  });
});

describe('isMedia, isZip', () => {
  it('go by the extension, in either case', () => {
    for (const name of ['a.wav', 'a/b.WAV', 'a.b.flac', 'x.mp4', 'y.Ogg']) expect(isMedia(name)).toBe(true);
    for (const name of ['a.txt', 'wav', 'wav/readme', 'a.wav.txt', '']) expect(isMedia(name)).toBe(false);
    expect([isZip('a.zip'), isZip('A.ZIP'), isZip('zip'), isZip('a.zip/b')]).toEqual([true, true, false, false]);
  });
});
