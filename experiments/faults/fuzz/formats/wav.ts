// seed → RIFF files: right ones of every encoding, and such with fields, chunks, sizes and bytes that are wrong

import type { RandomStream } from 'speech-emotion/layers';
import { damage, join, latin1, little } from '../bytes.ts';
import { between, happens, pick, randomBytes } from '../chance.ts';
import type { Format } from '../format.ts';
import { decoder, faultOfSound } from './sound.ts';

export const wav: Format = {
  errors: ['AudioFormatError'],
  async open() {
    return (random) => {
      const right = happens(random, 0.2);
      const { bytes, sampleRate, samples, channel } = riff(random, right);
      const other = happens(random, 0.1) ? riff(random, true).bytes : bytes;
      const input = right || happens(random, 0.4) ? bytes : damage(random, bytes, other);
      const atMost = samplesInWav(input);
      const expected = right ? { sampleRate, samples, atMost } : { atMost };
      return {
        input,
        unrefusable: right,
        answer: decoder(random, input, right ? channel : undefined),
        fault: (answer) => faultOfSound(answer, expected),
      };
    };
  },
};

/** Samples that a byte holds at most, by the format's tag: of plain ones, one. */
const DENSITY: Readonly<Record<number, number>> = {
  2: 2, // Microsoft ADPCM: four bits each, and a header
  17: 2, // IMA ADPCM
  49: 5, // GSM 6.10: 320 in 65 bytes
  80: 50, // MP3: 1152 in 24 bytes
  85: 50,
};

/** As many samples as bytes of WAV can hold, by what any format chunk in them says; frames of MP3 count whatever is said of them. */
export function samplesInWav(bytes: Uint8Array): number {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const hasFrames = bytes.some((byte, i) => byte === 0xff && (bytes[i + 1] ?? 0) >= 0xe0);
  let most = hasFrames ? DENSITY[85]! : 1;
  for (let at = text.indexOf('fmt '); at >= 0; at = text.indexOf('fmt ', at + 1)) {
    for (const offset of [8, 32]) {
      if (at + offset + 2 <= text.length) most = Math.max(most, DENSITY[text.readUInt16LE(at + offset)] ?? 1);
    }
  }
  return most * bytes.length;
}

interface Encoding {
  readonly tag: number;
  readonly bits: number;
  /** A level in [-1, 1) as it is stored, and what is stored as a level. */
  readonly store: (level: number) => Uint8Array;
  readonly level: (level: number) => number;
}

const whole = (bits: number): Encoding => {
  const scale = 2 ** (bits - 1);
  const stored = (level: number) => Math.floor(level * scale);
  return {
    tag: 1,
    bits,
    store: (level) => little(bits === 8 ? stored(level) + 128 : (stored(level) + 2 ** bits) % 2 ** bits, bits / 8),
    level: (level) => stored(level) / scale,
  };
};
const floats: Encoding[] = [
  { tag: 3, bits: 32, store: (level) => new Uint8Array(Float32Array.of(level).buffer), level: Math.fround },
  { tag: 3, bits: 64, store: (level) => new Uint8Array(Float64Array.of(level).buffer), level: (level) => level },
];
const ENCODINGS = [whole(8), whole(16), whole(24), whole(32), ...floats];
const TAGS = [0, 1, 2, 3, 6, 7, 17, 49, 80, 85, 255, 0xfffe, 0xffff];
const RATES = [0, 1, 999, 8000, 16_000, 44_100, 768_001, 2 ** 31, 2 ** 32 - 1];

function riff(random: RandomStream, right: boolean) {
  const odd = (probability = 0.15) => !right && happens(random, probability);
  const encoding = pick(random, ENCODINGS);
  const channels = between(random, 1, 3);
  const sampleRate = pick(random, [8000, 11_025, 16_000, 44_100, 48_000, 192_000]);
  const frames = between(random, 1, 24);
  const levels = Array.from({ length: frames * channels }, () => random.uniform(-1, 1));
  if (odd(0.05) && encoding.tag === 3) levels[0] = pick(random, [Number.NaN, Number.POSITIVE_INFINITY, 1e38, -1e300]);
  const data = join(...levels.map(encoding.store));
  const channel = random.integer(channels); // whose samples are compared
  const samples = levels.filter((_, i) => i % channels === channel).map(encoding.level);

  const extensible = happens(random, 0.2);
  const tag = odd() ? pick(random, TAGS) : encoding.tag;
  const block = (encoding.bits / 8) * channels;
  const format = join(
    little(extensible ? 0xfffe : tag, 2),
    little(odd() ? pick(random, [0, 2, 255, 65_535]) : channels, 2),
    little(odd() ? pick(random, RATES) : sampleRate, 4),
    little(odd() ? random.integer(2 ** 31) : sampleRate * block, 4),
    little(odd() ? random.integer(65_536) : block, 2),
    little(odd() ? pick(random, [0, 1, 4, 12, 16, 20, 24, 32, 64, 65_535]) : encoding.bits, 2),
    extensible ? join(little(22, 2), little(encoding.bits, 2), little(0, 4), little(tag, 2), GUID) : new Uint8Array(0),
  );
  const size = odd()
    ? pick(random, [0, 1, data.length + 1, data.length - 1, 2 ** 31, 2 ** 32 - 1, 2 ** 32 - 2])
    : data.length;
  const parts = [
    ...(happens(random, 0.2) ? [chunk('LIST', randomBytes(random, random.integer(20)))] : []),
    ...(odd(0.05) ? [] : [chunk('fmt ', odd(0.1) ? format.slice(0, random.integer(format.length)) : format)]),
    ...(odd(0.1) ? [chunk('ds64', join(little(random.integer(2 ** 31), 8), little(random.integer(2 ** 31), 8)))] : []),
    ...(odd(0.05) ? [] : [chunk('data', data, size)]),
    ...(happens(random, 0.2) ? [chunk('id3 ', randomBytes(random, random.integer(20)))] : []),
  ];
  if (odd(0.1)) random.shuffle(parts);
  const body = join(latin1('WAVE'), ...parts);
  const form = odd(0.1) ? pick(random, ['RF64', 'BW64', 'RIFX', 'FORM']) : 'RIFF';
  const riffSize = odd() ? pick(random, [0, 2 ** 32 - 1, body.length - 4]) : body.length;
  return { bytes: join(latin1(form), little(riffSize, 4), body), sampleRate, samples, channel };
}

const GUID = Uint8Array.of(0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xaa, 0, 0x38, 0x9b, 0x71);

function chunk(id: string, bytes: Uint8Array, size = bytes.length): Uint8Array {
  return join(latin1(id), little(size, 4), bytes, new Uint8Array(bytes.length % 2));
}
