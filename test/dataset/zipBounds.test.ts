import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { DatasetError } from '../../src/core/errors.ts';
import type { ByteSource, SourceOptions } from '../../src/dataset/byteSource.ts';
import { toSources } from '../../src/dataset/source.ts';
import { tinyWav } from '../support/fakeRavdess.ts';
import { type HandmadeEntry, handmadeZip } from '../support/handmadeZip.ts';

const open = (entries: readonly HandmadeEntry[], options?: SourceOptions) =>
  toSources(new File([handmadeZip(entries)], 'a.zip'), options);
const rejection = (promise: Promise<unknown>): Promise<DatasetError> =>
  promise.then(
    () => expect.unreachable('it must reject'),
    (error) => error,
  );
const noise = Uint8Array.from({ length: 5000 }, (_, i) => Math.imul(i + 12_345, 2_654_435_761) >>> 24);

describe('an archive of many entries', () => {
  it('overflows no stack: 130,000 of them, where 125,000 are too many arguments', async () => {
    const sources = await open(Array.from({ length: 130_000 }, (_, i) => ({ name: `happy/${i}.wav` })));
    expect(sources).toHaveLength(130_000);
    expect(sources[129_999]!.name).toBe('a.zip/happy/129999.wav');
    expect(await sources[129_999]!.bytes()).toEqual(new Uint8Array(0));
  }, 240_000);

  it('takes less than 1 kB of memory each, where an entry of zip.js takes 6', async () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const entries = 10_000;
    const archive = new File(
      [handmadeZip(Array.from({ length: entries }, (_, i) => ({ name: `happy/${i}.wav` })))],
      'a.zip',
    );
    await toSources(new File([handmadeZip([])], 'b.zip')); // what is loaded on the first call counts for nobody
    collect();
    const before = process.memoryUsage().heapUsed;
    const sources = await toSources(archive);
    collect();
    expect((process.memoryUsage().heapUsed - before) / entries).toBeLessThan(1000);
    expect(sources).toHaveLength(entries);
  });

  it('lets the host have its turns, and stops where a signal aborts', async () => {
    const archive = new File([handmadeZip(Array.from({ length: 5000 }, (_, i) => ({ name: `${i}.wav` })))], 'a.zip');
    const controller = new AbortController();
    setImmediate(() => controller.abort(new Error('enough')));
    await expect(toSources(archive, { signal: controller.signal })).rejects.toThrow('enough');
  });
});

describe('an archive that is made to fill the memory', () => {
  /** A DEFLATE stream of so many MiB of zeros is a thousandth of that. */
  const zeros = (bytes: number) => new Uint8Array(bytes);
  const refusal = async (source: ByteSource | undefined): Promise<DatasetError> => {
    const error = await rejection(source!.bytes());
    expect(error).toBeInstanceOf(DatasetError);
    expect(error.file).toBe(source!.name);
    return error;
  };

  it('is not unpacked where it says so: over 64 MiB, more than 100 times what it is packed to', async () => {
    const [bomb, small] = await open([
      { name: 'bomb.wav', data: zeros(2 ** 16), method: 8, size: 2 ** 26 + 1 },
      { name: 'small.wav', data: zeros(2 ** 20), method: 8 },
    ]);
    expect((await refusal(bomb)).message).toMatch(
      /^Cannot read 'a\.zip\/bomb\.wav': it must unpack to at most 67108864 bytes, got 67108865 from \d+ \(maxUnpackedBytes/,
    );
    const bytes = await small!.bytes();
    expect([bytes.length, bytes.every((byte) => byte === 0)]).toEqual([2 ** 20, true]);
  });

  it('is not unpacked further than it says', async () => {
    const [bomb] = await open([{ name: 'bomb.wav', data: zeros(2 ** 24), method: 8, size: 1000 }]);
    const before = process.memoryUsage().arrayBuffers;
    expect((await refusal(bomb)).message).toContain('it must unpack to the 1000 bytes it says, got more');
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(2 ** 22);
  });

  it('must unpack to as much as it says, however it is packed', async () => {
    for (const method of [0, 8]) {
      const [short] = await open([{ name: 'short.wav', data: noise, method, size: 6000 }]);
      await refusal(short);
    }
  });

  it('is read where the caller raises the bound, and not where they lower it', async () => {
    const large = [{ name: 'large.wav', data: zeros(2 ** 26 + 1), method: 8 }];
    const [allowed] = await open(large, { maxUnpackedBytes: 2 ** 27 });
    expect((await allowed!.bytes()).length).toBe(2 ** 26 + 1);
    const [refused] = await open([{ name: 'a.wav', data: noise }], { maxUnpackedBytes: 4999 });
    expect((await refusal(refused)).message).toContain('at most 4999 bytes, got 5000');
    for (const maxUnpackedBytes of [0, -1, 1.5, Number.NaN, 2 ** 32]) {
      expect(await rejection(open([], { maxUnpackedBytes }))).toBeInstanceOf(RangeError);
    }
  }, 240_000);

  it.each([
    [
      'the same entry twice',
      [
        { name: 'a.wav', data: noise },
        { name: 'b.wav', data: noise, offset: 0 },
      ],
    ],
    [
      'an entry within another',
      [
        { name: 'a.wav', data: noise },
        { name: 'b.wav', data: noise, offset: 3000 },
      ],
    ],
    ['an entry that reaches into the directory', [{ name: 'a.wav', data: noise, offset: 100 }]],
  ])('is refused where entries lie over each other: %s', async (_, entries) => {
    const error = await rejection(open(entries));
    expect(error).toBeInstanceOf(DatasetError);
    expect(error.message).toBe("Cannot read 'a.zip': the entries of an archive must not lie over each other");
    expect(error.file).toBe('a.zip');
  });

  it('is refused where an entry would be longer than the space for it, which only its own header shows', async () => {
    const bytes = handmadeZip([
      { name: 'a.wav', data: noise },
      { name: 'b.wav', data: tinyWav() },
    ]);
    new DataView(bytes.buffer).setUint16(28, 100, true); // extra fields of the first entry that are not there
    const [first, second] = await toSources(new File([bytes], 'a.zip'));
    expect((await refusal(first)).message).toContain('its entry must end before the next one');
    expect(await second!.bytes()).toEqual(tinyWav());
  });

  it('names a method that is neither', async () => {
    const [strange] = await open([{ name: 'a.wav', data: noise, method: 14 }]);
    expect((await refusal(strange)).message).toContain('stored or deflated, got compression method 14');
  });
});
