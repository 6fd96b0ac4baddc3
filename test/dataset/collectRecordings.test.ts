import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sourcesFromFiles } from '../../src/browser/sources.ts';
import { DatasetError } from '../../src/core/errors.ts';
import type { ByteSource } from '../../src/dataset/byteSource.ts';
import { LabelledDataset } from '../../src/dataset/labelledDataset.ts';
import { RavdessDataset } from '../../src/dataset/ravdessDataset.ts';
import { toSources } from '../../src/dataset/source.ts';
import { openLabelled } from '../../src/node/openLabelled.ts';
import { openRavdess } from '../../src/node/openRavdess.ts';
import { openSources } from '../../src/node/sources.ts';
import { fakeRavdess, memorySource, tinyWav, zipOf } from '../support/fakeRavdess.ts';

const rejection = (promise: Promise<unknown>): Promise<DatasetError> =>
  promise.then(
    () => expect.unreachable('it must reject'),
    (error) => error,
  );
const clips = fakeRavdess('speech', [1, 2]);
const inFolder = (folder: string) => clips.map(({ name, bytes }) => ({ name: `${folder}/${name}`, bytes }));

describe('a corpus that holds every clip twice', () => {
  it('is taken once where the copies are exact, as in the mirror that most people have', async () => {
    const archive = new File([await zipOf([...clips, ...inFolder('audio_speech_actors_01-24')])], 'archive.zip');
    const dataset = await RavdessDataset.from(archive);
    expect(dataset.size).toBe(120);
    expect(dataset.skipped).toHaveLength(120);
    expect(dataset.skipped[0]).toEqual({
      name: `archive.zip/audio_speech_actors_01-24/${clips[0]!.name}`,
      reason: `it is a copy of 'archive.zip/${clips[0]!.name}'`,
    });
  });

  it('is refused where one of them differs, in a byte or in length', async () => {
    const { name } = clips[7]!;
    const [flipped, cut] = [tinyWav({ hz: 206 }), tinyWav({ hz: 206 }).subarray(0, 300)];
    flipped[100]! ^= 1;
    for (const bytes of [flipped, cut]) {
      const error = await rejection(RavdessDataset.from([...clips, memorySource(`other/${name}`, bytes)]));
      expect(error).toBeInstanceOf(DatasetError);
      expect(error.message).toContain(`Cannot use 'other/${name}': it is the same recording as '${name}'`);
    }
  });

  it('names the copy that cannot be read', async () => {
    const name = `other/${clips[0]!.name}`;
    const gone: ByteSource = { name, bytes: () => Promise.reject(new DatasetError('Cannot read it', { file: name })) };
    expect((await rejection(RavdessDataset.from([...clips, gone]))).file).toBe(name);
  });

  it('needs no reading where such files are skipped', async () => {
    const unread = (name: string): ByteSource => ({ name, bytes: () => expect.unreachable('it must not be read') });
    const twice = clips.flatMap(({ name }) => [unread(name), unread(`other/${name}`)]);
    const dataset = await RavdessDataset.from(twice, { onInvalid: 'skip' });
    expect(dataset.skipped).toHaveLength(120);
    expect(dataset.skipped[0]!.reason).toContain('it is the same recording as');
  });
});

describe('archives that are not opened', () => {
  it('stop the reading where they lie in an archive, and say what to do', async () => {
    const inner = { name: 'Actor_03.zip', bytes: async () => new Uint8Array(await (await zipOf(clips)).arrayBuffer()) };
    const outer = new File([await zipOf([...clips, inner])], 'outer.zip');
    for (const promise of [RavdessDataset.from(outer), LabelledDataset.from(outer, { label: () => 'a' })]) {
      const error = await rejection(promise);
      expect(error).toBeInstanceOf(DatasetError);
      expect(error.message).toContain(
        "Cannot use 'outer.zip/Actor_03.zip': it is an archive in an archive, which is not opened; unpack the outer one",
      );
    }
    const skipping = await RavdessDataset.from(outer, { onInvalid: 'skip' });
    expect(skipping.size).toBe(120);
    expect(skipping.skipped).toEqual([{ name: 'outer.zip/Actor_03.zip', reason: expect.stringContaining('unpack') }]);
  });

  it('are reported where they are of another kind', async () => {
    const names = ['speech.tar.gz', 'speech.7z', 'speech.rar', 'song.tar', 'song.tgz'];
    const dataset = await RavdessDataset.from([...clips, ...names.map((name) => memorySource(name))]);
    expect(dataset.skipped.map(({ name }) => name)).toEqual(names);
    for (const { reason } of dataset.skipped) expect(reason).toContain('unpack it');
  });

  it('are named where nothing else was found', async () => {
    const error = await rejection(LabelledDataset.from([memorySource('a/b.7z'), memorySource('a/c.txt')]));
    expect(error.message).toBe(
      'Cannot make a dataset: there must be a recording in what was given, got files left out: 2, the first ' +
        "'a/b.7z', because: it is an archive, and only zip archives are opened: unpack it",
    );
  });
});

describe('options of what opens files', () => {
  const calls: Readonly<Record<string, (options: object) => Promise<unknown>>> = {
    toSources: (options) => toSources([], options),
    sourcesFromFiles: (options) => sourcesFromFiles([], options),
    openSources: (options) => openSources('/there/is/none', options),
    openLabelled: (options) => openLabelled('/there/is/none', options),
    openRavdess: (options) => openRavdess('/there/is/none', options),
    'LabelledDataset.from': (options) => LabelledDataset.from([], options),
    'RavdessDataset.from': (options) => RavdessDataset.from([], options),
  };

  it.each(Object.entries(calls))('are checked before anything is read: %s', async (_, call) => {
    expect((await rejection(call({ nameencoding: 'cp437' }))).message).toContain("no option named 'nameencoding'");
    for (const options of [null, 'skip', [], { signal: {} }, { nameEncoding: 7 }, { maxUnpackedBytes: '1e9' }]) {
      const error = await rejection(call(options as object));
      expect(error).not.toBeInstanceOf(DatasetError);
      expect(error.message).toMatch(
        /^Cannot (open sources|make a dataset): (options|signal|nameEncoding|maxUnpackedBytes) must be/,
      );
    }
    const signal = AbortSignal.abort(new Error('before'));
    expect((await rejection(call({ signal }))).message).toBe('before');
  });

  it('are checked one by one', async () => {
    const from = (options: object) => rejection(LabelledDataset.from([memorySource('a/b.wav')], options));
    for (const options of [
      { label: 'happy' },
      { speaker: null },
      { groups: {} },
      { labels: 'ab' },
      { labels: [1] },
      { labels: [''] },
    ]) {
      expect(await from(options)).toBeInstanceOf(TypeError);
    }
    for (const options of [
      { label: () => 3 },
      { label: () => null },
      { speaker: () => 3 },
      { groups: () => ({ sex: 1 }) },
    ]) {
      const error = await from(options);
      expect(error).toBeInstanceOf(TypeError);
      expect(error.message).toContain("Cannot use 'a/b.wav'");
    }
    expect(await from({ onInvalid: 'warn' })).toBeInstanceOf(RangeError);
    const all = {
      label: undefined,
      speaker: undefined,
      groups: undefined,
      labels: undefined,
      onInvalid: undefined,
      signal: undefined,
    };
    expect((await LabelledDataset.from([memorySource('a/b.wav')], all)).labels).toEqual(['a']);
  });

  it('of splits are checked, too', async () => {
    const speaker = (name: string) => name.slice(-6, -4);
    const dataset = await LabelledDataset.from(clips, { label: (name) => name.slice(15, 17), speaker });
    const ravdess = await RavdessDataset.from(clips);
    const wrong: readonly (() => unknown)[] = [
      () => dataset.splitBySpeaker(null as never),
      () => dataset.splitBySpeaker({ speakers: 1, sed: 3 } as never),
      () => dataset.splitBySpeaker({ speakers: '1' } as never),
      () => dataset.splitBySpeaker({ speakers: 1, seed: '3' } as never),
      () => dataset.folds(null as never),
      () => dataset.folds({ folds: 2, bye: 'speaker' } as never),
      () => dataset.folds({ folds: 2, seed: null } as never),
      () => ravdess.folds(null as never),
      () => ravdess.splitByActor(null as never),
      () => ravdess.splitByActor({ actors: 1, sed: 2 } as never),
      () => ravdess.filter(null as never),
      () => ravdess.filter({ actor: 1 } as never),
      () => ravdess.filter({ actors: 1 } as never),
      () => new LabelledDataset([], null as never),
      () => new LabelledDataset([], { label: ['a'] } as never),
    ];
    for (const call of wrong) expect(call).toThrow(/^Cannot .*(must be|there is no option named)/);
    expect(await rejection(dataset.dropUnreadable(null as never))).toBeInstanceOf(TypeError);
    expect(await rejection(dataset.dropUnreadable({ onprogress: () => {} } as never))).toBeInstanceOf(TypeError);
    expect(await rejection(toSources(null as never))).toBeInstanceOf(TypeError);
    expect(await rejection(toSources([{ name: 'a.wav' }] as never))).toBeInstanceOf(TypeError);
    expect(await rejection(openSources([3] as never))).toBeInstanceOf(TypeError);
    expect(await rejection(openSources(new URL('https://example.org/a.zip')))).toBeInstanceOf(TypeError);
  });
});

describe('a signal', () => {
  const never = () => new Promise<never>(() => {});
  const abortSoon = () => {
    const controller = new AbortController();
    setImmediate(() => setImmediate(() => controller.abort(new Error('enough'))));
    return controller.signal;
  };

  it('stops the reading of a recording whose source never answers', async () => {
    const [recording] = await LabelledDataset.from([{ name: 'a/b.wav', bytes: never }]);
    await expect(recording!.waveform({ signal: abortSoon() })).rejects.toThrow('enough');
  });

  it('stops dropUnreadable, whatever a recording does about it', async () => {
    const deaf = { name: 'a', label: 'a', speaker: '', groups: {}, bytes: never, waveform: never };
    await expect(new LabelledDataset([deaf]).dropUnreadable({ signal: abortSoon() })).rejects.toThrow('enough');
  });

  it('stops the listing of an archive that never answers', async () => {
    const archive = Object.assign(new File([await zipOf(clips)], 'a.zip'), {
      slice: () => ({ arrayBuffer: never }),
    });
    await expect(toSources(archive, { signal: abortSoon() })).rejects.toThrow('enough');
  });

  it('stops the comparison of copies', async () => {
    const silent = { name: `other/${clips[0]!.name}`, bytes: never };
    await expect(RavdessDataset.from([...clips, silent], { signal: abortSoon() })).rejects.toThrow('enough');
  });

  it('stops the listing of a folder', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'abort-'));
    try {
      await Promise.all(Array.from({ length: 300 }, (_, i) => writeFile(join(folder, `${i}.wav`), '')));
      await expect(openSources(folder, { signal: abortSoon() })).rejects.toThrow('enough');
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});
