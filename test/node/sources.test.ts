import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readlink, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DatasetError } from '../../src/core/errors.ts';
import { EMOTIONS } from '../../src/dataset/emotion.ts';
import { openLabelled } from '../../src/node/openLabelled.ts';
import { openRavdess } from '../../src/node/openRavdess.ts';
import { openSources } from '../../src/node/sources.ts';
import { fakeRavdess, memorySource, tinyWav, zipOf } from '../support/fakeRavdess.ts';
import { ravdessOriginalZip, ravdessSongZip, ravdessZip, withRavdess } from '../support/ravdess.ts';

let folder: string;
beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'sources-')));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function put(path: string, bytes: Uint8Array | Blob = tinyWav()): Promise<string> {
  const whole = join(folder, path);
  await mkdir(dirname(whole), { recursive: true });
  await writeFile(whole, bytes instanceof Blob ? new Uint8Array(await bytes.arrayBuffer()) : bytes);
  return whole;
}
const names = async (path: Parameters<typeof openSources>[0]) => (await openSources(path)).map(({ name }) => name);
const rejection = (promise: Promise<unknown>) =>
  promise.then(
    () => expect.unreachable('it must reject'),
    (error) => error,
  );

describe('openSources', () => {
  it('lists a folder with all in it, sorted, archives too, and leaves leftovers out', async () => {
    for (const path of ['rec/sad/2.wav', 'rec/happy/b/1.wav', 'rec/happy/a.wav', 'rec/.git/x', 'rec/happy/.DS_Store']) {
      await put(path);
    }
    await put('rec/more.zip', await zipOf([memorySource('angry/3.wav')]));
    await mkdir(join(folder, 'rec/empty'));
    expect(await names(join(folder, 'rec'))).toEqual([
      'rec/happy/a.wav',
      'rec/happy/b/1.wav',
      'rec/more.zip/angry/3.wav',
      'rec/sad/2.wav',
    ]);
    for (const source of await openSources(join(folder, 'rec/'))) {
      const bytes = await source.bytes();
      expect(bytes).toEqual(tinyWav());
      expect(bytes.constructor).toBe(Uint8Array);
    }
  });

  it('gives names in composed Unicode, and reads from the folder as it is written', async () => {
    await put('rec/mu\u0308de/1.wav');
    const [source] = await openSources(join(folder, 'rec'));
    expect(source!.name).toBe('rec/m\u00fcde/1.wav');
    expect(await source!.bytes()).toEqual(tinyWav());
  });

  it('takes a file, an archive, a URL, and several paths', async () => {
    const clip = await put('clip.wav');
    const archive = await put('a.zip', await zipOf([memorySource('happy/1.wav')]));
    expect(await names(clip)).toEqual(['clip.wav']);
    expect(await names(pathToFileURL(archive))).toEqual(['a.zip/happy/1.wav']);
    expect(await names([clip, pathToFileURL(archive)])).toEqual(['clip.wav', 'a.zip/happy/1.wav']);
  });

  it('distinguishes folders of the same name', async () => {
    await put('one/rec/1.wav');
    await put('two/rec/1.wav');
    const paths = [join(folder, 'one/rec'), join(folder, 'two/rec')];
    expect(await names(paths)).toEqual(paths.map((path) => `${path}/1.wav`));
  });

  it('follows links, but not in circles, and lists those that lead nowhere', async () => {
    await put('elsewhere/1.wav');
    await put('rec/a/2.wav');
    await symlink(join(folder, 'elsewhere'), join(folder, 'rec/linked'));
    await symlink(join(folder, 'rec'), join(folder, 'rec/a/circle'));
    await symlink(join(folder, 'rec/a/2.wav'), join(folder, 'rec/z.wav'));
    await symlink(join(folder, 'nothing'), join(folder, 'rec/gone.wav'));
    const sources = await openSources(join(folder, 'rec'));
    expect(sources.map(({ name }) => name)).toEqual(['rec/a/2.wav', 'rec/gone.wav', 'rec/linked/1.wav', 'rec/z.wav']);
    const error = await rejection(sources[1]!.bytes());
    expect(error).toBeInstanceOf(DatasetError);
    expect(error.message).toContain('gone.wav');
  });

  it('leaves out what is no file: reading a pipe would wait for ever', async () => {
    await put('rec/1.wav');
    execFileSync('mkfifo', [join(folder, 'rec/0.wav')]);
    expect(await names(join(folder, 'rec'))).toEqual(['rec/1.wav']);
  });

  it('names the path that is missing, empty, or no archive', async () => {
    const missing = join(folder, 'missing');
    const empty = join(folder, 'empty');
    await mkdir(join(empty, 'inner'), { recursive: true });
    const hollow = await put('hollow.zip', await zipOf([memorySource('a/')]));
    const broken = await put('broken.zip', new Uint8Array(1000));
    for (const path of [missing, empty, hollow, '']) {
      const error = await rejection(openSources(path));
      expect(error).toBeInstanceOf(DatasetError);
      expect(error.message).toContain(`'${path}'`);
    }
    expect((await rejection(openSources(broken))).message).toContain('broken.zip');
    expect(await rejection(openSources([await put('1.wav'), missing]))).toBeInstanceOf(DatasetError);
    expect(await rejection(openSources([]))).toBeInstanceOf(RangeError);
  });

  it('names a file that vanishes after it was listed', async () => {
    const path = await put('rec/1.wav');
    const archive = await put('rec/2.zip', await zipOf([memorySource('2.wav')]));
    const sources = await openSources(join(folder, 'rec'));
    await rm(path);
    await rm(archive);
    for (const source of sources) {
      const error = await rejection(source.bytes());
      expect(error).toBeInstanceOf(DatasetError);
      expect(error.message).toContain('ENOENT');
    }
  });

  it.runIf(process.platform === 'linux')('holds no file open, also after errors (counted in /proc)', async () => {
    const archive = await put('a.zip', await zipOf(fakeRavdess('speech', [1])));
    const broken = await put('broken.zip', new Uint8Array(1000));
    const openFiles = async () => {
      const targets = await Promise.all(
        (await readdir('/proc/self/fd')).map((fd) => readlink(`/proc/self/fd/${fd}`).catch(() => '')),
      );
      return targets.filter((target) => target.startsWith(folder));
    };
    const sources = await openSources(archive);
    expect(await openFiles()).toEqual([]);
    await Promise.all(sources.map((source) => source.bytes()));
    await rejection(openSources(broken));
    await writeFile(archive, new Uint8Array(500));
    for (const source of sources) expect(await rejection(source.bytes())).toBeInstanceOf(DatasetError);
    expect(await openFiles()).toEqual([]);
  });
});

describe('openRavdess, openLabelled', () => {
  it('open folders and archives as datasets', async () => {
    for (const source of fakeRavdess('speech', [1, 2])) await put(`ravdess/${source.name}`, await source.bytes());
    await put('ravdess/song.zip', await zipOf(fakeRavdess('song', [1, 2])));
    await put('ravdess/README.md');
    const dataset = await openRavdess(join(folder, 'ravdess'));
    expect(dataset.size).toBe(120 + 88);
    expect(dataset.skipped.map(({ name }) => name)).toEqual(['ravdess/README.md']);
    await put('ravdess/stray.wav');
    expect(await rejection(openRavdess(join(folder, 'ravdess')))).toBeInstanceOf(DatasetError);
    expect((await openRavdess(join(folder, 'ravdess'), { onInvalid: 'skip' })).size).toBe(208);
  });

  it('label recordings by their folders', async () => {
    for (const path of ['rec/happy/anna_1.wav', 'rec/sad/anna_2.wav', 'rec/sad/ben_1.wav']) await put(path);
    const speaker = (name: string) => name.split('/').at(-1)?.split('_')[0];
    const dataset = await openLabelled(join(folder, 'rec'), { speaker });
    expect([...dataset].map(({ label }) => label)).toEqual(['happy', 'sad', 'sad']);
    expect(dataset.speakers).toEqual(['anna', 'ben']);
    const folders = await openLabelled([join(folder, 'rec/happy'), join(folder, 'rec/sad')]);
    expect(folders.labels).toEqual(['happy', 'sad']);
  });
});

withRavdess('the real RAVDESS', () => {
  it('has 1440 speech clips: 60 an actor, 192 an emotion, 96 neutral', async () => {
    const dataset = await openRavdess(ravdessZip!);
    expect(dataset.size).toBe(1440);
    expect(dataset.skipped).toEqual([]);
    for (const actor of dataset.actors) expect(dataset.filter({ actors: [actor] }).size).toBe(60);
    for (const emotion of EMOTIONS) {
      expect(dataset.filter({ emotions: [emotion] }).size).toBe(emotion === 'neutral' ? 96 : 192);
    }
    expect(dataset.filter({ sex: 'female' }).size).toBe(720);
    // A clip an actor: 16 kHz, and the 3 to 6 seconds that the paper gives.
    for (const { test } of dataset.folds({ folds: 24, by: 'speaker' })) {
      const [clip] = test;
      const { samples, sampleRate } = await clip!.waveform();
      expect(sampleRate).toBe(16_000);
      expect(samples.length / sampleRate).toBeGreaterThan(2.5);
      expect(samples.length / sampleRate).toBeLessThan(6);
    }
  });

  it('has 1012 song clips, which join the speech clips', async () => {
    const dataset = await openRavdess([ravdessZip!, ravdessSongZip!]);
    expect(dataset.filter({ channel: 'song' }).size).toBe(1012);
    expect(dataset.size).toBe(1440 + 1012);
    expect(dataset.filter({ channel: 'song' }).actors).not.toContain(18);
  });

  it('reads an actor as published: 60 clips at 48 kHz, two of them stereo', async () => {
    const dataset = await openRavdess(ravdessOriginalZip!);
    expect(dataset.size).toBe(60);
    const channels: number[] = [];
    for (const clip of dataset) {
      const bytes = await clip.bytes();
      // Offset 22 of a canonical WAV header.
      channels.push(bytes[22]! + 256 * bytes[23]!);
      expect((await clip.waveform()).sampleRate).toBe(48_000);
    }
    expect(channels.filter((count) => count === 2)).toHaveLength(2);
    expect(channels.filter((count) => count === 1)).toHaveLength(58);
  });

  it('stops at clips that are there twice, and reports them where it shall skip', async () => {
    const twice = [ravdessZip!, ravdessOriginalZip!];
    expect(await rejection(openRavdess(twice))).toBeInstanceOf(DatasetError);
    const dataset = await openRavdess(twice, { onInvalid: 'skip' });
    expect(dataset.size).toBe(1440);
    expect(dataset.skipped).toHaveLength(60);
  });
});
