import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { crc32 } from '../../src/core/crc32.ts';
import { DatasetError } from '../../src/core/errors.ts';
import type { SourceOptions } from '../../src/dataset/byteSource.ts';
import { LabelledDataset } from '../../src/dataset/labelledDataset.ts';
import type { Recording } from '../../src/dataset/recording.ts';
import { toSources } from '../../src/dataset/source.ts';
import { memorySource } from '../support/fakeRavdess.ts';
import { extraField, fields, type HandmadeEntry, handmadeZip } from '../support/handmadeZip.ts';

const NFC = 'müde';
const NFD = 'mu\u0308de';
const macOs = fileURLToPath(new URL('../../../shared/cases/macos-nfd-labels.zip', import.meta.url));

const rejection = (promise: Promise<unknown>): Promise<DatasetError> =>
  promise.then(
    () => expect.unreachable('it must reject'),
    (error) => error,
  );

describe('one word in composed and in decomposed Unicode', () => {
  const files = [NFC, NFD].map((label, i) => memorySource(`rec/${label}/${i}.wav`));

  it('is one label, in composed Unicode, as names are', async () => {
    const dataset = await LabelledDataset.from(files);
    expect(dataset.labels).toEqual([NFC]);
    expect(Array.from(dataset, ({ name }) => name)).toEqual([`rec/${NFC}/0.wav`, `rec/${NFC}/1.wav`]);
    for (const recording of dataset) expect((await recording.waveform()).samples).toHaveLength(160);
  });

  it.skipIf(!existsSync(macOs))('is one label in an archive that macOS made', async () => {
    const archive = new File([new Uint8Array(await readFile(macOs))], 'macos.zip');
    expect((await LabelledDataset.from(archive)).labels).toEqual(['fröhlich', NFC]);
  });

  it('is one label, one speaker, one group, in whatever way it is given', async () => {
    const dataset = await LabelledDataset.from(files, {
      labels: [NFD, 'wach'],
      label: (name) => (name.includes(`${NFC}/0`) ? NFC : NFD), // had it got NFD, there would be two
      speaker: (name) => (name.includes('0') ? NFD : NFC),
      groups: () => ({ mood: NFD }),
    });
    expect(dataset.labels).toEqual([NFC, 'wach']);
    expect(dataset.speakers).toEqual([NFC]);
    expect(Array.from(dataset, ({ groups }) => groups)).toEqual([{ mood: NFC }, { mood: NFC }]);
    expect(await rejection(LabelledDataset.from(files, { labels: [NFC, NFD] }))).toBeInstanceOf(RangeError);
  });

  it('is one speaker to those who split, also of recordings of their own', () => {
    const own = [NFC, NFD, 'anna'].map((speaker): Recording => {
      const { bytes } = memorySource('');
      return { name: speaker, label: 'x', speaker, groups: {}, bytes, waveform: () => expect.unreachable() };
    });
    const { test } = new LabelledDataset(own).splitBySpeaker([NFD]);
    expect(test.size).toBe(2);
    const odd = own.map((recording) => ({ ...recording, label: NFD }));
    expect(() => new LabelledDataset(odd)).toThrow('labels must be in composed Unicode');
  });
});

describe('names in a zip archive', () => {
  const open = async (entry: HandmadeEntry, options?: SourceOptions) =>
    (await toSources(new File([handmadeZip([entry])], 'a.zip'), options))[0]!.name;
  /** As the Windows of a language writes them: bytes from the tables of the code pages. */
  const windows = {
    cp437: [[0x66, 0x72, 0x94, 0x68], 'fröh'],
    'windows-1252': [[0x66, 0x72, 0xf6, 0x68], 'fröh'],
    ibm866: [[0xe0, 0xa0, 0xa4, 0xae, 0xe1, 0xe2, 0xec], 'радость'],
    shift_jis: [[0x8a, 0xec, 0x82, 0xd1], '喜び'],
  } as const;

  it.each(Object.entries(windows))(
    'are refused in %s where nobody says so, and read where they do',
    async (encoding, [bytes, word]) => {
      const entry = { name: Uint8Array.of(...bytes, 0x2f, 0x31) };
      const error = await rejection(open(entry));
      expect(error).toBeInstanceOf(DatasetError);
      expect(error.file).toBe('a.zip');
      expect(error.message).toMatch(/^Cannot read 'a\.zip': the names in it must be UTF-8, or nameEncoding must name/);
      expect(await open(entry, { nameEncoding: encoding })).toBe(`a.zip/${word}/1`);
    },
  );

  it('are read where they are UTF-8: by the flag, by an extra field, or by what they are', async () => {
    const utf8 = new TextEncoder().encode('fröh');
    expect(await open({ name: utf8, flags: 0x800 })).toBe('a.zip/fröh');
    expect(await open({ name: utf8 })).toBe('a.zip/fröh');
    const name = Uint8Array.of(...windows.cp437[0]);
    const checksum = fields([1, 1], [4, Number.parseInt(crc32(name), 16)]);
    expect(await open({ name, extra: extraField(0x7075, Uint8Array.of(...checksum, ...utf8)) })).toBe('a.zip/fröh');
  });

  it('are refused where they are not what is said', async () => {
    const name = Uint8Array.of(...windows['windows-1252'][0]);
    const flagged = await rejection(open({ name, flags: 0x800 }));
    expect(flagged.message).toMatch(/^Cannot read 'a\.zip': the names in it must be utf-8, got 'fr/);
    expect(flagged).toBeInstanceOf(DatasetError);
    expect(await rejection(open({ name: Uint8Array.of(0x81) }, { nameEncoding: 'shift_jis' }))).toBeInstanceOf(
      DatasetError,
    );
    for (const nameEncoding of ['klingon', '', 5 as never, null as never]) {
      const error = await rejection(open({ name: 'a' }, { nameEncoding }));
      expect(error).toBeInstanceOf(RangeError);
      expect(error.message).toContain('nameEncoding must be');
    }
  });
});
