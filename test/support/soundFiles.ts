// samples as bytes → files of many formats, written out naively: the oracle of their readers

/** How samples are written. */
export type Written = 's8' | 'u8' | 's16' | 's24' | 's32' | 'f32' | 'f64' | 'mulaw' | 'alaw';

/** Bytes of a sample. */
export const WIDTH: Readonly<Record<Written, number>> = {
  ...{ s8: 1, u8: 1, s16: 2, s24: 3, s32: 4, f32: 4, f64: 8, mulaw: 1, alaw: 1 },
};

/** A sound to be written. */
export interface Sound {
  /** The samples, channels taking turns, as bytes. */
  readonly bytes: Uint8Array;
  readonly written: Written;
  readonly little: boolean;
  readonly channels: number;
  readonly sampleRate: number;
}

/** Samples as bytes: whole numbers (of u8 from −128 on), codes of G.711, or floats. */
export function sampleBytes(values: readonly number[], written: Written, little: boolean): Uint8Array {
  const width = WIDTH[written];
  const bytes = Buffer.alloc(values.length * width);
  for (const [i, value] of values.entries()) {
    if (written === 'f32') bytes.writeFloatLE(value, width * i);
    else if (written === 'f64') bytes.writeDoubleLE(value, width * i);
    else if (written === 'mulaw' || written === 'alaw') bytes[i] = value;
    else if (written === 'u8') bytes[i] = value + 128;
    else bytes.writeIntLE(value, width * i, width);
    if (!little) bytes.subarray(width * i, width * (i + 1)).reverse();
  }
  return Uint8Array.from(bytes);
}

/** Changes to what a header says. */
interface Lies {
  /** Bytes of samples that it claims. */
  readonly size?: number;
  readonly channels?: number;
  readonly bits?: number;
}

/** Writes a file. */
export type Writer = (sound: Sound, lies?: Lies) => Uint8Array;

/** The types of AIFF-C: the highest byte first, or the lowest. */
const AIFC: Partial<Record<Written, readonly [string | undefined, string | undefined]>> = {
  s8: ['NONE', undefined],
  u8: ['raw ', 'raw '],
  s16: ['twos', 'sowt'],
  s24: ['in24', '42ni'],
  s32: ['in32', '23ni'],
  f32: ['fl32', undefined],
  f64: ['FL64', undefined],
  mulaw: ['ulaw', 'ULAW'],
  alaw: ['alaw', 'ALAW'],
};
const AU: Partial<Record<Written, number>> = { mulaw: 1, s8: 2, s16: 3, s24: 4, s32: 5, f32: 6, f64: 7, alaw: 27 };

/** What each writer can write. */
export const WRITERS: Readonly<Record<string, { writes(sound: Sound): boolean; write: Writer }>> = {
  AIFF: { writes: ({ written, little }) => /^s/.test(written) && !little, write: (sound, lies) => aiff(sound, lies) },
  'AIFF-C': {
    writes: ({ written, little }) => AIFC[written]?.[little ? 1 : 0] !== undefined,
    write: (sound, lies) => aiff(sound, lies, AIFC[sound.written]![sound.little ? 1 : 0]),
  },
  AU: { writes: ({ written }) => AU[written] !== undefined, write: au },
  Wave64: { writes: ({ written, little }) => written !== 's8' && little, write: w64 },
  'NIST SPHERE': { writes: ({ written }) => /^(s|mulaw|alaw)/.test(written), write: sphere },
  CAF: { writes: ({ written }) => written !== 'u8', write: caf },
};

function aiff(sound: Sound, lies: Lies = {}, type?: string): Uint8Array {
  const { bytes, channels, sampleRate, written } = sound;
  const exponent = sampleRate === 0 ? 0 : 16_383 + Math.floor(Math.log2(sampleRate));
  const mantissa = sampleRate === 0 ? 0n : BigInt(sampleRate) << BigInt(63 - (exponent - 16_383));
  const frames = bytes.length / channels / WIDTH[written];
  const common = [
    ...[big(lies.channels ?? channels, 2), big(frames, 4), big(lies.bits ?? 8 * WIDTH[written], 2), big(exponent, 2)],
    ...[big64(mantissa), ...(type ? [letters(type), letters('\x03abc')] : [])],
  ];
  const body = join(letters(type ? 'AIFC' : 'AIFF'), chunk('COMM', join(...common)), chunk('ANNO', letters('odd')));
  const samples = join(letters('SSND'), big(lies.size ?? bytes.length + 8, 4), big(0, 4), big(0, 4), bytes);
  return join(letters('FORM'), big(body.length + samples.length, 4), body, samples);
}

function au({ bytes, written, little, channels, sampleRate }: Sound, lies: Lies = {}): Uint8Array {
  const numbers = [28, lies.size ?? bytes.length, AU[written]!, sampleRate, lies.channels ?? channels];
  const header = numbers.map((value) => (little ? big(value, 4).reverse() : big(value, 4)));
  return join(letters(little ? 'dns.' : '.snd'), ...header, letters('note'), bytes);
}

function w64({ bytes, written, channels, sampleRate }: Sound, lies: Lies = {}): Uint8Array {
  const rest = [0xf3, 0xac, 0xd3, 0x11, 0x8c, 0xd1, 0, 0xc0, 0x4f, 0x8e, 0xdb, 0x8a];
  const part = (id: string, body: Uint8Array, size = body.length + 24) =>
    join(letters(id), rest, big64(BigInt(size)).reverse(), body, new Uint8Array((8 - (body.length % 8)) % 8));
  const tag = { u8: 1, s8: 1, s16: 1, s24: 1, s32: 1, f32: 3, f64: 3, alaw: 6, mulaw: 7 }[written];
  const width = WIDTH[written];
  const numbers: [number, number][] = [
    ...([
      [tag, 2],
      [lies.channels ?? channels, 2],
      [sampleRate, 4],
      [sampleRate * channels * width, 4],
    ] as const),
    ...([
      [channels * width, 2],
      [lies.bits ?? 8 * width, 2],
    ] as const),
  ].map(([value, size]) => [value, size]);
  const format = join(...numbers.map(([value, size]) => big(value, size).reverse()));
  const parts = join(part('fmt ', format), part('levl', letters('something')), part('data', bytes, lies.size));
  const riff = [0x2e, 0x91, 0xcf, 0x11, 0xa5, 0xd6, 0x28, 0xdb, 0x04, 0xc1, 0, 0];
  return join(letters('riff'), riff, big64(BigInt(parts.length + 40)).reverse(), letters('wave'), rest, parts);
}

function sphere({ bytes, written, little, channels, sampleRate }: Sound, lies: Lies = {}): Uint8Array {
  const width = WIDTH[written];
  const coding = { mulaw: 'ulaw', alaw: 'alaw' }[written as string] ?? 'pcm';
  const order = width === 1 ? '1' : little ? '01234567'.slice(0, 2) : '10';
  const lines = [
    'NIST_1A\n   1024',
    `sample_count -i ${Math.floor((lies.size ?? bytes.length) / width / channels)}`,
    `sample_n_bytes -i ${(lies.bits ?? 8 * width) / 8}`,
    `channel_count -i ${lies.channels ?? channels}`,
    `sample_byte_format -s${order.length} ${order}`,
    `sample_rate -i ${sampleRate}`,
    `sample_coding -s${coding.length} ${coding}`,
    'end_head\n',
  ];
  return join(letters(lines.join('\n').padEnd(1024, ' ')), bytes);
}

function caf({ bytes, written, little, channels, sampleRate }: Sound, lies: Lies = {}): Uint8Array {
  const part = (id: string, body: Uint8Array, size = body.length) => join(letters(id), big64(BigInt(size)), body);
  const type = { mulaw: 'ulaw', alaw: 'alaw' }[written as string] ?? 'lpcm';
  const rate = Buffer.alloc(8);
  rate.writeDoubleBE(sampleRate);
  const width = WIDTH[written];
  const flags = (written.startsWith('f') ? 1 : 0) + (little ? 2 : 0);
  const numbers = [flags, channels * width, 1, lies.channels ?? channels, lies.bits ?? 8 * width];
  const description = join(rate, letters(type), ...numbers.map((value) => big(value, 4)));
  const size = lies.size === undefined ? bytes.length + 4 : lies.size === 0xffffffff ? -1 : lies.size;
  return join(
    ...[letters('caff'), big(1, 2), big(0, 2), part('desc', description), part('free', letters('odd'))],
    part('data', join(big(0, 4), bytes), size),
  );
}

function chunk(id: string, body: Uint8Array): Uint8Array {
  return join(letters(id), big(body.length, 4), body, new Uint8Array(body.length % 2));
}

function big(value: number, bytes: number): Uint8Array {
  return Uint8Array.from({ length: bytes }, (_, i) => Math.floor(value / 2 ** (8 * (bytes - 1 - i))) & 0xff);
}

function big64(value: bigint): Uint8Array {
  return Uint8Array.from({ length: 8 }, (_, i) => Number((value >> BigInt(8 * (7 - i))) & 0xffn));
}

export function letters(text: string): Uint8Array {
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
}

export function join(...parts: readonly (Uint8Array | readonly number[])[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}
