// a few numbers → bytes of a FLAC file of constant frames, written out after RFC 9639

/** Options of {@link constantFlac}. */
export interface ConstantFlacOptions {
  /** How many frames. */
  frames: number;
  /** Samples a frame and channel. @default 65535, the most there can be */
  blockSize?: number;
  /** @default 1 */
  channels?: number;
  /** @default 48000 */
  sampleRate?: keyof typeof RATES;
  /** What each sample is, of 16 bits. @default 100 */
  value?: number;
}

/** Rates, and the codes for them in a frame's header. */
const RATES = { 8000: 4, 16000: 5, 44100: 9, 48000: 10, 96000: 11 } as const;

/** A FLAC file in which each frame is one number a channel, whatever its length: the smallest there is for its sound. */
export function constantFlac(options: ConstantFlacOptions): Uint8Array<ArrayBuffer> {
  const { frames, blockSize = 65_535, channels = 1, sampleRate = 48_000, value = 100 } = options;
  const bytes: number[] = [...'fLaC'].map((letter) => letter.charCodeAt(0));
  bytes.push(0x80, 0, 0, 34, ...u16(blockSize), ...u16(blockSize), 0, 0, 0, 0, 0, 0); // STREAMINFO, the last of its kind
  bytes.push(...u16(sampleRate >> 4), ((sampleRate & 15) << 4) | ((channels - 1) << 1), 15 << 4, 0, 0, 0, 0); // 16 bits, unknown length
  bytes.push(...new Array<number>(16).fill(0)); // no MD5
  const subframe = [0, ...u16(value & 0xffff)];
  for (let frame = 0; frame < frames; frame++) {
    const header = [
      0xff,
      0xf8,
      0x70 | RATES[sampleRate],
      ((channels - 1) << 4) | 8,
      ...utf8(frame),
      ...u16(blockSize - 1),
    ];
    header.push(crc(header, 8, 0x07));
    for (let channel = 0; channel < channels; channel++) header.push(...subframe);
    header.push(...u16(crc(header, 16, 0x8005)));
    for (const byte of header) bytes.push(byte);
  }
  return Uint8Array.from(bytes);
}

const u16 = (value: number) => [value >> 8, value & 0xff];
const utf8 = (value: number) => new TextEncoder().encode(String.fromCodePoint(value));

function crc(bytes: readonly number[], bits: number, polynomial: number): number {
  let sum = 0;
  for (const byte of bytes) {
    sum ^= byte << (bits - 8);
    for (let i = 0; i < 8; i++) sum = (sum << 1) ^ (sum & (1 << (bits - 1)) ? polynomial : 0);
    sum &= 2 ** bits - 1;
  }
  return sum;
}
