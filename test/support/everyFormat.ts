// the formats that are decoded → a file of each, its sound, and where its header says what

import { readFileSync } from 'node:fs';
import { constantFlac } from './flac.ts';
import { oggPage, oggPagesOf, sealed } from './ogg.ts';
import { join, letters, type Sound, sampleBytes, WRITERS } from './soundFiles.ts';

/** A file, and what can be wrong with others of its format. */
export interface FormatCase {
  readonly file: Uint8Array;
  /** Samples at the end that are not those of the whole where a file is cut: a lossy codec's last frames depend on what follows. */
  readonly slack: number;
  /** The file, with other sizes of its parts. */
  readonly wrongSizes: readonly Uint8Array[];
  /** The file, with another codec in its header; and what the error says. */
  readonly mislabelled: readonly (readonly [Uint8Array, RegExp])[];
  /** The file, with counts, rates and channels that cannot be, or that would take much memory. */
  readonly lying: readonly Uint8Array[];
  /** What a file of the format goes on with for ever, behind its beginning. */
  readonly endless: readonly [Uint8Array, Uint8Array];
  /** As many samples as few bytes unpack to, behind the beginning, over and over. @default what it goes on with */
  readonly bomb?: Uint8Array;
}

export const fixture = (name: string) =>
  new Uint8Array(readFileSync(new URL(`../fixtures/audio/${name}`, import.meta.url)));

/** A file with some bytes in place of others, or letters. */
function withBytes(file: Uint8Array, at: number, bytes: ArrayLike<number> | string): Uint8Array {
  const copy = Uint8Array.from(file);
  copy.set(typeof bytes === 'string' ? letters(bytes) : bytes, at);
  return copy;
}

/** Where some letters are. */
function find(file: Uint8Array, text: string, from = 0): number {
  const at = Buffer.from(file.buffer, file.byteOffset, file.length).indexOf(Buffer.from(text, 'latin1'), from);
  if (at < 0) throw new Error(`no '${text}' in the file`);
  return at;
}

const little = (value: number) => [value, value >> 8, value >> 16, value >> 24].map((byte) => byte & 255);
const big = (value: number) => little(value).reverse();
const SIZES = [0, 1, 3, 1000, 0x7fffffff, 0xfffffff0, 0xffffffff];
const sizesAt = (file: Uint8Array, at: number, order = little) => SIZES.map((size) => withBytes(file, at, order(size)));

/** Speech of 0.9 s at 16 kHz, from its WAV. */
const speech = fixture('speech.wav');
const values = [...new Int16Array(speech.slice(44).buffer)];
const made = (name: string): Uint8Array => {
  const isLittle = name === 'Wave64';
  const bytes = sampleBytes(values, 's16', isLittle);
  const sound: Sound = { bytes, written: 's16', little: isLittle, channels: 1, sampleRate: 16_000 };
  return WRITERS[name]!.write(sound);
};

function wave(file: Uint8Array, codec: Partial<FormatCase> = {}): FormatCase {
  const data = find(file, 'data');
  const endless = withBytes(withBytes(file, 4, little(0)), data + 4, little(0xffffffff));
  return {
    file,
    slack: 0,
    wrongSizes: [4, 16, data + 4].flatMap((at) => sizesAt(file, at)),
    mislabelled: [
      [withBytes(file, 20, [20, 0]), /found G\.723 ADPCM samples of \d+ bits; 8, 16/],
      [withBytes(file, 20, [0x61, 1]), /found Windows Media samples/],
      [withBytes(file, 20, [0xd2, 4]), /found format 1234 samples/],
    ],
    lying: [
      ...[0, 7, 0xffff].map((channels) => withBytes(file, 22, little(channels).slice(0, 2))),
      ...[0, 1, 0xffffffff].map((rate) => withBytes(file, 24, little(rate))),
      ...[0, 1, 0xffff].map((blockSize) => withBytes(file, 32, little(blockSize).slice(0, 2))),
      ...[0, 64, 0xffff].map((bits) => withBytes(file, 34, little(bits).slice(0, 2))),
      ...(codec.lying ?? []),
    ],
    endless: [endless, file.subarray(data + 8)],
    ...(codec.bomb ? { bomb: codec.bomb } : {}),
  };
}

function coded(name: string): FormatCase {
  const file = fixture(name);
  const fact = find(file, 'fact') + 8;
  return wave(file, { lying: sizesAt(file, fact) });
}

/** MP3 in WAV, as its tag says. */
function mp3InWave(): FormatCase {
  const mp3 = fixture('speech.mp3');
  const head = withBytes(speech.subarray(0, 44), 20, [85, 0]);
  const file = join(withBytes(head, 40, little(mp3.length)), mp3);
  return { ...wave(file), slack: 2 * 1152, mislabelled: [], lying: [] }; // what the header says is not looked at
}

function plain(name: string, offsets: readonly number[], tag: number, codecs: FormatCase['mislabelled']): FormatCase {
  const file = made(name);
  const order = name === 'Wave64' ? little : big;
  const size = file.length - 2 * values.length;
  return {
    file,
    slack: 0,
    wrongSizes: offsets.flatMap((at) => sizesAt(file, at, order)),
    mislabelled: codecs,
    lying: [0, 0x7fff, 0xffff].map((channels) =>
      withBytes(file, tag, order(channels << (order === big ? 16 : 0)).slice(0, 2)),
    ),
    endless: [withBytes(file, offsets[0]!, order(0xffffffff)), file.subarray(size)],
  };
}

const aiffFile = made('AIFF');
const aiffcFile = made('AIFF-C');
const auFile = made('AU');
const w64File = made('Wave64');
const cafFile = made('CAF');
const sphereFile = made('NIST SPHERE');
const inSphere = (name: string, line: string) => {
  const at = find(sphereFile, name);
  return withBytes(sphereFile, at, line.padEnd(find(sphereFile, '\n', at) - at, ' '));
};

const OPUS = oggPagesOf(fixture('speech.opus'));
const VORBIS = oggPagesOf(fixture('speech.ogg'));
const OGG_FLAC = oggPagesOf(fixture('speech.oga'));

function ogg(pages: readonly Uint8Array[], codec: Partial<FormatCase> & { slack: number }): FormatCase {
  const file = join(...pages);
  const changed = (i: number, at: number, bytes: ArrayLike<number> | string) =>
    join(...pages.map((page, k) => (k === i ? sealed(withBytes(page, at, bytes)) : page)));
  const start = 27 + pages[0]![26]!;
  return {
    file,
    wrongSizes: [
      ...[0, 1, 3, 255].map((count) => changed(pages.length - 1, 26, [count])), // segments of a page
      ...[0, 1, 255].map((size) => changed(pages.length - 1, 27, [size])),
    ],
    mislabelled: [[changed(0, start, 'Speex   1.2'), /found an Ogg file with Speex/]],
    lying: [
      ...[0, 0x7fffffff, 0xffffffff].map((low) => changed(pages.length - 1, 6, [...little(low), ...little(low)])), // where it ends
      ...[8, 9, 10, 11, 12, 16].flatMap((at) => [0, 255].map((value) => changed(0, start + at, [value]))),
    ],
    endless: [file, file], // streams in a chain
    ...codec,
  };
}

const flacFile = fixture('speech.flac');
const mp3File = fixture('speech.mp3');

/** 255 packets of two bytes that are 120 ms of silence each, the last of their stream. */
const silence = oggPage({
  serial: new DataView(OPUS[0]!.buffer).getUint32(14, true),
  sequence: 2,
  flags: 4,
  granule: 255 * 5760,
  packets: Array.from({ length: 255 }, () => letters('\x1b\x02')),
});

/** A file with the bytes of a number, or of an element of EBML, changed where its letters are. */
function webm(name: string, codec: string, slack: number): FormatCase {
  const file = fixture(name);
  const at = (id: string) => find(file, id) + id.length;
  const [segment, cluster] = [at('\x18\x53\x80\x67'), at('\x1f\x43\xb6\x75')];
  return {
    file,
    slack,
    wrongSizes: [segment, cluster].flatMap((place) =>
      [[0x80], [0x81], [0x8f], [0xff], [0x01, 255, 255, 255], [0x10, 255, 255, 255]].map((size) =>
        withBytes(file, place, size),
      ),
    ),
    mislabelled: [
      [
        withBytes(file, find(file, codec), 'A_AAC\0\0\0'.slice(0, codec.length)),
        /found a WebM or Matroska file with A_AAC/,
      ],
    ],
    lying: [find(file, codec) - 1, at('\xae'), at('\x16\x54\xae\x6b')].flatMap((place) =>
      [0x80, 0xff, 0x01].map((size) => withBytes(file, place, [size])),
    ),
    endless: [file.subarray(0, cluster - 4), file.subarray(cluster - 4)],
  };
}

/** By name; the sound of all but the first five is the speech. */
export const EVERY_FORMAT: Readonly<Record<string, FormatCase>> = {
  'WAV of µ-law': wave(fixture('mu-law.wav')),
  'WAV of GSM 6.10': coded('gsm.wav'),
  'WAV of IMA ADPCM': coded('ima-adpcm.wav'),
  'WAV of Microsoft ADPCM': coded('ms-adpcm.wav'),
  'WAV of MP3': mp3InWave(),
  WAV: wave(speech),
  AIFF: plain('AIFF', [find(aiffFile, 'SSND') + 4, find(aiffFile, 'COMM') + 4, 4], find(aiffFile, 'COMM') + 8, []),
  'AIFF-C': plain('AIFF-C', [find(aiffcFile, 'SSND') + 4, find(aiffcFile, 'COMM') + 4], find(aiffcFile, 'COMM') + 8, [
    [withBytes(aiffcFile, find(aiffcFile, 'twos'), 'ima4'), /samples of compression type 'ima4'/],
  ]),
  AU: plain('AU', [8], 22, [[withBytes(auFile, 12, big(23)), /found G\.721 ADPCM/]]),
  Wave64: plain('Wave64', [find(w64File, 'data') + 16, find(w64File, 'fmt ') + 16, 16], find(w64File, 'fmt ') + 26, [
    [withBytes(w64File, find(w64File, 'fmt ') + 24, [20, 0]), /found G\.723 ADPCM/],
  ]),
  'NIST SPHERE': {
    file: sphereFile,
    slack: 0,
    wrongSizes: ['0', '1', '999999999', '-5', 'many'].map((size) =>
      inSphere('sample_count', `sample_count -i ${size}`),
    ),
    mislabelled: [[inSphere('sample_coding', 'sample_coding -s3 lzw'), /samples coded as 'lzw'/]],
    lying: [
      ...['0', '65535', '99999999'].map((count) => inSphere('channel_count', `channel_count -i ${count}`)),
      ...['0', '3', '9'].map((bytes) => inSphere('sample_n_bytes', `sample_n_bytes -i ${bytes}`)),
    ],
    endless: [inSphere('sample_count', 'sample_count -i 0'), sphereFile.subarray(1024)],
  },
  CAF: plain('CAF', [find(cafFile, 'data') + 8, find(cafFile, 'data') + 4, 16], find(cafFile, 'lpcm') + 18, [
    [withBytes(cafFile, find(cafFile, 'lpcm'), 'ima4'), /Core Audio file \(CAF\) with 'ima4'/],
  ]),
  FLAC: {
    file: flacFile,
    slack: 0,
    wrongSizes: [
      [0, 0, 0],
      [0, 0, 33],
      [0, 1, 0],
      [255, 255, 255],
    ].map((size) => withBytes(flacFile, 5, size)),
    mislabelled: [[withBytes(flacFile, 0, 'ajkg'), /found a Shorten file/]],
    lying: [8, 10, 18, 20, 21, 22].flatMap((at) => [0, 255].map((value) => withBytes(flacFile, at, [value, value]))),
    endless: [flacFile, flacFile.subarray(flacFile.length / 2)],
    bomb: constantFlac({ frames: 200, sampleRate: 16_000 }).subarray(42),
  },
  'FLAC in Ogg': ogg(OGG_FLAC, { slack: 0 }),
  MP3: {
    file: mp3File,
    slack: 2 * 1152,
    wrongSizes: [0x10, 0x50, 0xa0, 0xf0].map((rate) => withBytes(mp3File, 2, [rate])),
    mislabelled: [],
    lying: ['Info', 'LAME'].map((text) => withBytes(mp3File, find(mp3File, text) + 4, new Uint8Array(16).fill(255))),
    endless: [mp3File, mp3File.subarray(find(mp3File, 'Info') + 200)],
  },
  'Vorbis in Ogg': ogg(VORBIS, { slack: 4096 }),
  'Opus in Ogg': ogg(OPUS, {
    slack: 2880,
    bomb: join(...OPUS.slice(0, 2), silence),
  }),
  'Opus in WebM': webm('speech.webm', 'A_OPUS', 2880),
  'Vorbis in WebM': webm('vorbis.webm', 'A_VORBIS', 4096),
};

/** Files that are no sound, and what they are named. */
export const OTHER_FILES: readonly (readonly [string, string])[] = [
  ['RIFF\x24\0\0\0AVI LIST', 'a RIFF file of another kind than WAVE (AVI)'],
  ['RIFX\0\0\0\x24WAVE', 'a big-endian WAV file (RIFX)'],
  ['FORM\0\0\0\x248SVX', 'an IFF file of another kind than AIFF'],
  ['#!AMR\n\x04', 'an AMR file (narrow band)'],
  ['wvpk\0\0\0\0', 'a WavPack file'],
  ['MAC \x96\x0f', "a Monkey's Audio file"],
  ['\x30\x26\xb2\x75\x8e\x66\xcf\x11', 'a Windows Media file (WMA)'],
  ['PK\x03\x04\x14\0', 'a zip archive'],
  ['%PDF-1.7\n', 'a PDF document'],
  ['\x89PNG\r\n\x1a\n', 'a PNG image'],
  ['<!doctype html><title>404</title>', 'text, beginning with "<!doctype html><title>40"'],
  ['\0\0\0\x20ftypM4A \0\0\0\0', 'an MP4 file (M4A)'],
];
