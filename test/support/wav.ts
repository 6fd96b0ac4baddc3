// samples → bytes of a WAV file, written out naively: the oracle of the reader

/** How samples are stored. */
export type WavEncoding = 'uint8' | 'int16' | 'int24' | 'int32' | 'float32' | 'float64';

/** Options of {@link encodeWav}. */
export interface EncodeWavOptions {
  /** @default 'int16' */
  encoding?: WavEncoding;
  /** Writes WAVE_FORMAT_EXTENSIBLE. @default false */
  extensible?: boolean;
  /** The size that the data chunk claims. @default the true one */
  dataSize?: number;
  /** The size that the RIFF header claims. @default the true one */
  riffSize?: number;
  /** Chunks before the format, and after the samples. @default none */
  before?: { id: string; bytes: Uint8Array }[];
  after?: { id: string; bytes: Uint8Array }[];
  /** Other values of the format chunk, to make damaged files. */
  tag?: number;
  bits?: number;
  blockSize?: number;
}

/** Bytes that one sample of one channel takes. */
export const BYTES = { uint8: 1, int16: 2, int24: 3, int32: 4, float32: 4, float64: 8 } as const;

/** The whole number, or float, that a sample in [-1, 1] is stored as. */
export function quantise(value: number, encoding: WavEncoding): number {
  if (encoding === 'float32') return Math.fround(value);
  if (encoding === 'float64') return value;
  const scale = 2 ** (8 * BYTES[encoding] - 1);
  return Math.max(-scale, Math.min(scale - 1, Math.round(value * scale)));
}

/** The sample that a stored number stands for. */
export function dequantise(stored: number, encoding: WavEncoding): number {
  return encoding === 'float32' || encoding === 'float64' ? stored : stored / 2 ** (8 * BYTES[encoding] - 1);
}

/** A WAV file of one channel (samples) or several. */
export function encodeWav(
  samples: Float32Array | readonly (Float32Array | readonly number[])[],
  sampleRate: number,
  options: EncodeWavOptions = {},
): Uint8Array<ArrayBuffer> {
  const channels = samples instanceof Float32Array ? [samples] : samples;
  const { encoding = 'int16', extensible = false, before = [], after = [] } = options;
  const frames = channels[0]?.length ?? 0;
  const bytes = BYTES[encoding];

  const data: number[] = [];
  for (let frame = 0; frame < frames; frame++) {
    for (const channel of channels) data.push(...stored(quantise(channel[frame]!, encoding), encoding));
  }

  const { tag = encoding.startsWith('float') ? 3 : 1, bits = 8 * bytes, blockSize = channels.length * bytes } = options;
  const format = [
    ...little(extensible ? 0xfffe : tag, 2),
    ...little(channels.length, 2),
    ...little(sampleRate, 4),
    ...little(sampleRate * blockSize, 4),
    ...little(blockSize, 2),
    ...little(bits, 2),
  ];
  if (extensible) {
    const guid = [0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xaa, 0, 0x38, 0x9b, 0x71];
    format.push(...little(22, 2), ...little(bits, 2), ...little(0, 4), ...little(tag, 2), ...guid);
  }

  const body = [
    ...letters('WAVE'),
    ...before.flatMap(({ id, bytes }) => chunk(id, [...bytes])),
    ...chunk('fmt ', format),
    ...chunk('data', data, options.dataSize),
    ...after.flatMap(({ id, bytes }) => chunk(id, [...bytes])),
  ];
  return Uint8Array.from([...letters('RIFF'), ...little(options.riffSize ?? body.length, 4), ...body]);
}

function chunk(id: string, bytes: number[], size = bytes.length): number[] {
  return [...letters(id), ...little(size, 4), ...bytes, ...(bytes.length % 2 ? [0] : [])];
}

function stored(value: number, encoding: WavEncoding): number[] {
  if (encoding === 'float32') return [...new Uint8Array(Float32Array.of(value).buffer)];
  if (encoding === 'float64') return [...new Uint8Array(Float64Array.of(value).buffer)];
  return little(encoding === 'uint8' ? value + 128 : value, BYTES[encoding]);
}

function little(value: number, bytes: number): number[] {
  return Array.from({ length: bytes }, (_, i) => Math.floor(value / 2 ** (8 * i)) & 0xff);
}

function letters(text: string): number[] {
  return Array.from(text, (letter) => letter.charCodeAt(0));
}
