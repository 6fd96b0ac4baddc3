// a recording that can be read anywhere → where its samples lie, if it is WAV of plain ones

/** Reads a part of a recording's bytes; fewer where it ends. */
export type ReadBytes = (from: number, to: number) => Promise<Uint8Array>;

/** Where a WAV file has its samples, and how they are written. */
export interface WavLayout {
  /** The content of the format chunk, in base64: a layout is kept as JSON. */
  readonly format: string;
  readonly channels: number;
  /** In Hz. */
  readonly sampleRate: number;
  /** Bytes of a sample of one channel. */
  readonly width: number;
  /** Of a sample: 1 integers, 3 floats, 6 A-law, 7 µ-law. */
  readonly tag: number;
  /** Where the samples begin, in bytes. */
  readonly start: number;
  /** Samples of each channel. */
  readonly frames: number;
}

/** Bytes in which the chunks before the samples are looked for. */
const MOST_BEFORE = 2 ** 20;
const EXTENSIBLE = 0xfffe;

/**
 * Looks for plain samples whose place is certain. Whatever is out of order, coded, cut short or odd has no layout: decoders may find sound
 * in it, but from its beginning only.
 *
 * @param size of the recording, in bytes
 */
export async function wavLayout(read: ReadBytes, size: number): Promise<WavLayout | undefined> {
  const head = await read(0, Math.min(size, MOST_BEFORE));
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const text = (at: number) => (at + 4 <= head.length ? String.fromCharCode(...head.subarray(at, at + 4)) : '');
  if (text(0) !== 'RIFF' || text(8) !== 'WAVE') return undefined;
  let format: Uint8Array | undefined;
  for (let at = 12; at + 8 <= head.length; ) {
    const [name, length] = [text(at), view.getUint32(at + 4, true)];
    const start = at + 8;
    if (name === 'data') return format && layoutOf(format, head.subarray(start, start + 2), start, length, size);
    if (start + length > head.length) return undefined;
    if (name === 'fmt ') {
      if (format) return undefined;
      format = head.subarray(start, start + length);
    }
    at = start + length + (length % 2);
  }
  return undefined;
}

function layoutOf(
  format: Uint8Array,
  first: Uint8Array,
  start: number,
  length: number,
  size: number,
): WavLayout | undefined {
  if (format.length < 16 || length === 0 || start + length > size) return undefined;
  if (first[0] === 0xff && (first[1]! & 0xe0) === 0xe0) return undefined; // may be MP3, whatever the header says
  const view = new DataView(format.buffer, format.byteOffset, format.byteLength);
  let tag = view.getUint16(0, true);
  if (tag === EXTENSIBLE && format.length >= 40) tag = view.getUint16(24, true);
  const channels = view.getUint16(2, true);
  const sampleRate = view.getUint32(4, true);
  const block = view.getUint16(12, true);
  const width = widthOf(tag, view.getUint16(14, true));
  if (!width || channels === 0 || block !== channels * width || sampleRate === 0) return undefined;
  const frames = Math.floor(length / block);
  return frames === 0
    ? undefined
    : { format: Buffer.from(format).toString('base64'), channels, sampleRate, width, tag, start, frames };
}

function widthOf(tag: number, bits: number): number | undefined {
  if (tag === 6 || tag === 7) return 1;
  const widths = tag === 1 ? [8, 16, 24, 32] : tag === 3 ? [32, 64] : [];
  return widths.includes(bits) ? bits / 8 : undefined;
}

/** Whether all samples of a channel from the beginning of some bytes on are 0, or else which is the first that is not. */
export function firstSound(
  bytes: Uint8Array,
  { channels, width, tag }: WavLayout,
  channel: number,
): number | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const block = channels * width;
  for (let frame = 0, at = channel * width; at + width <= bytes.length; frame++, at += block) {
    if (!isZero(view, at, width, tag)) return frame;
  }
  return undefined;
}

function isZero(view: DataView, at: number, width: number, tag: number): boolean {
  if (tag === 6) return false; // A-law has no 0
  if (tag === 7) return (view.getUint8(at) & 0x7f) === 0x7f;
  if (tag === 3) return Math.fround(width === 4 ? view.getFloat32(at, true) : view.getFloat64(at, true)) === 0;
  if (width === 1) return view.getUint8(at) === 128;
  for (let i = 0; i < width; i++) if (view.getUint8(at + i) !== 0) return false;
  return true;
}
