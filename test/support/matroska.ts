// tracks and blocks → bytes of Matroska, the plain way: an oracle for what reads it (RFC 9559)

/** Bytes of an identifier or number, the highest first, as many as it takes. */
function big(value: number, length = Math.max(1, Math.ceil(Math.log2(value + 1) / 8))): number[] {
  return Array.from({ length }, (_, i) => Math.floor(value / 256 ** (length - 1 - i)) % 256);
}

/** A size or number of eight bytes, or as many. */
export function vint(value: number, length = 8): number[] {
  const bytes = big(value, length);
  bytes[0] = bytes[0]! | (1 << (8 - length));
  return bytes;
}

/** An element; of unknown size, as recorders write it, where it says so. */
export function element(id: number, content: Iterable<number>, { unknown = false } = {}): Uint8Array {
  const body = [...content];
  return Uint8Array.from([...big(id), ...(unknown ? [1, ...Array(7).fill(255)] : vint(body.length)), ...body]);
}

const ascii = (text: string) => Array.from(text, (letter) => letter.charCodeAt(0));

/** A track's entry. */
export function trackEntry(number: number, type: number, codec: string, codecPrivate: Uint8Array): Uint8Array {
  return element(0xae, [
    ...element(0xd7, [number]),
    ...element(0x83, [type]),
    ...element(0x86, ascii(codec)),
    ...element(0x63a2, codecPrivate),
  ]);
}

/** Frames in one block, laced: 0 not, 1 Xiph's way, 2 of one size, 3 EBML's way. */
export function blockBody(track: number, frames: readonly Uint8Array[], lacing = 0): number[] {
  const sizes = frames.slice(0, -1).map(({ length }) => length);
  const xiph = sizes.flatMap((size) => [...Array(Math.floor(size / 255)).fill(255), size % 255]);
  const ebml = sizes.flatMap((size, i) => (i === 0 ? vint(size, 2) : vint(size - sizes[i - 1]! + 8191, 2)));
  const head = lacing === 0 ? [] : [frames.length - 1, ...(lacing === 1 ? xiph : lacing === 3 ? ebml : [])];
  return [...vint(track, 1), 0, 0, lacing << 1, ...head, ...frames.flatMap((frame) => [...frame])];
}

/** A file of a header, tracks, and clusters, which are lists of elements. */
export function matroska(tracks: Uint8Array[], clusters: Uint8Array[][], { unknown = false } = {}): Uint8Array {
  const flat = (parts: Uint8Array[]) => parts.flatMap((part) => [...part]);
  const body = [
    ...element(0x1549a966, element(0x2ad7b1, [15, 66, 64])),
    ...element(0x1654ae6b, flat(tracks)),
    ...clusters.flatMap((blocks) => [...element(0x1f43b675, [...element(0xe7, [0]), ...flat(blocks)], { unknown })]),
  ];
  return Uint8Array.from([
    ...element(0x1a45dfa3, element(0x4282, ascii('webm'))),
    ...element(0x18538067, body, { unknown }),
  ]);
}
