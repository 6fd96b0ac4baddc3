import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DatasetError } from '../../src/core/errors.ts';
import type { RandomAccessFile } from '../../src/dataset/packedFile.ts';
import { zipSources } from '../../src/dataset/zip.ts';
import { memorySource, tinyWav, zipOf } from '../support/fakeRavdess.ts';

/** An archive in memory that counts how much of it is read. */
function archiveOf(bytes: Uint8Array, name = 'corpus.zip'): RandomAccessFile & { bytesRead: number } {
  return {
    name,
    bytesRead: 0,
    size: async () => bytes.length,
    async read(offset, length) {
      const part = bytes.slice(offset, offset + length);
      this.bytesRead += part.length;
      return part;
    },
  };
}

const files = [1, 2, 3, 4].map((n) =>
  memorySource(`Actor_0${n}/clip ${n} ü.wav`, tinyWav({ samples: 400, hz: 100 * n })),
);
const bytesOf = async (blob: Blob) => new Uint8Array(await blob.arrayBuffer());
const rejection = (promise: Promise<unknown>) =>
  promise.then(
    () => expect.unreachable('it must reject'),
    (error) => error,
  );

describe('zipSources', () => {
  it.each([
    ['deflated', {}],
    ['stored', { level: 0 }],
    ['zip64', { zip64: true }],
    ['with data descriptors', { dataDescriptor: true }],
  ])('gives back the files of an archive, byte for byte: %s', async (_, options) => {
    const sources = await zipSources(archiveOf(await bytesOf(await zipOf(files, options))));
    expect(sources.map(({ name }) => name)).toEqual(files.map(({ name }) => `corpus.zip/${name}`));
    for (const [i, source] of sources.entries()) {
      const bytes = await source.bytes();
      expect(bytes).toEqual(await files[i]!.bytes());
      expect(bytes.constructor).toBe(Uint8Array);
    }
  });

  it('reads only what is asked for', async () => {
    // Noise does not compress: each entry takes up 100 kB of the archive.
    const noise = [1, 2, 3, 4, 5].map((seed) =>
      memorySource(
        `${seed}.wav`,
        Uint8Array.from({ length: 100_000 }, (_, i) => Math.imul(i * seed + 12_345, 2_654_435_761) >>> 24),
      ),
    );
    const archive = archiveOf(await bytesOf(await zipOf(noise)));
    const sources = await zipSources(archive);
    expect(archive.bytesRead).toBeLessThan(100_000);
    const listed = archive.bytesRead;
    expect(await sources[3]!.bytes()).toEqual(await noise[3]!.bytes());
    expect(archive.bytesRead - listed).toBeLessThan(110_000);
  });

  it('reads several files at a time', async () => {
    const sources = await zipSources(archiveOf(await bytesOf(await zipOf(files))));
    const read = await Promise.all([...sources, ...sources].map((source) => source.bytes()));
    expect(read).toEqual(await Promise.all([...files, ...files].map((file) => file.bytes())));
  });

  it('leaves out directories and leftovers, and reads backslashes as folders', async () => {
    const odd = ['Actor_01/', '__MACOSX/Actor_01/._a.wav', 'Actor_01/.DS_Store', 'Actor_01\\a.wav'];
    const sources = await zipSources(archiveOf(await bytesOf(await zipOf(odd.map((name) => memorySource(name))))));
    expect(sources.map(({ name }) => name)).toEqual(['corpus.zip/Actor_01/a.wav']);
  });

  it('refuses what is no archive, and names it', async () => {
    const whole = await bytesOf(await zipOf(files));
    for (const bytes of [new Uint8Array(0), new Uint8Array(5000), tinyWav(), whole.subarray(0, whole.length / 2)]) {
      const error = await rejection(zipSources(archiveOf(bytes, 'no.zip')));
      expect(error).toBeInstanceOf(DatasetError);
      expect(error.message).toMatch(/^Cannot read 'no\.zip': it must be an intact zip archive \(/);
      expect(error.file).toBe('no.zip');
      expect(error.cause).toBeInstanceOf(Error);
    }
  });

  it.each([
    ['ZipCrypto', { zipCrypto: true }],
    ['AES', { encryptionStrength: 3 as const }],
  ])('refuses encrypted archives, and names the entry: %s', async (_, options) => {
    const error = await rejection(
      zipSources(archiveOf(await bytesOf(await zipOf(files, { password: 'secret', ...options })))),
    );
    expect(error).toBeInstanceOf(DatasetError);
    expect(error.message).toBe("Cannot read 'corpus.zip/Actor_01/clip 1 ü.wav': the archive must not be encrypted");
  });

  it('finds damage in a file by its CRC-32, and still reads the others', async () => {
    const bytes = await bytesOf(await zipOf(files, { level: 0 }));
    const start = bytes.findIndex((_, i) => new TextDecoder().decode(bytes.subarray(i, i + 4)) === 'RIFF');
    bytes[start + 100]! ^= 1;
    const [first, second] = await zipSources(archiveOf(bytes));
    const error = await rejection(first!.bytes());
    expect(error).toBeInstanceOf(DatasetError);
    expect(error.file).toBe('corpus.zip/Actor_01/clip 1 ü.wav');
    expect(await second!.bytes()).toEqual(await files[1]!.bytes());
  });

  it('wraps what reading the archive throws', async () => {
    const archive = { ...archiveOf(new Uint8Array(100)), read: () => Promise.reject(new Error('the disk is gone')) };
    expect((await rejection(zipSources(archive))).message).toContain('the disk is gone');
  });

  it('reads damaged archives rightly or refuses them, and never hangs (property)', async () => {
    const whole = await bytesOf(await zipOf(files));
    const originals = await Promise.all(files.map(async (file) => String(await file.bytes())));
    const edit = fc.tuple(fc.nat(whole.length - 1), fc.nat(255));
    // The directory at the end, where most of the structure is, is hit as often as the data.
    const late = fc.tuple(fc.integer({ min: whole.length - 500, max: whole.length - 1 }), fc.nat(255));
    const cut = fc.option(fc.nat(whole.length), { freq: 5 });
    await fc.assert(
      fc.asyncProperty(fc.array(fc.oneof(edit, late), { maxLength: 6 }), cut, async (edits, length) => {
        const bytes = whole.slice();
        for (const [at, value] of edits) bytes[at] = value;
        const archive = archiveOf(bytes.subarray(0, length ?? bytes.length));
        try {
          for (const source of await zipSources(archive)) {
            try {
              expect(originals).toContain(String(await source.bytes()));
            } catch (error) {
              if (!(error instanceof DatasetError)) throw error;
            }
          }
        } catch (error) {
          if (!(error instanceof DatasetError)) throw error;
        }
      }),
      { numRuns: 300, endOnFailure: true },
    );
  });
});
