// bytes → the checksums that files carry, written out after their specifications: what repairs an input is no code under test

/** CRC of 8, 16 or 32 bits, the highest bit first, from 0, as FLAC and Ogg have them. */
function highestFirst(bits: 8 | 16 | 32, polynomial: number): (bytes: Uint8Array) => number {
  const table = Uint32Array.from({ length: 256 }, (_, byte) => {
    let remainder = byte << (bits - 8);
    for (let bit = 0; bit < 8; bit++) {
      const top = bits === 32 ? remainder < 0 : (remainder & (1 << (bits - 1))) !== 0;
      remainder = (remainder << 1) ^ (top ? polynomial : 0);
    }
    return remainder;
  });
  return (bytes) => {
    let remainder = 0;
    for (const byte of bytes) remainder = (remainder << 8) ^ table[((remainder >>> (bits - 8)) ^ byte) & 0xff]!;
    return bits === 32 ? remainder >>> 0 : remainder & (2 ** bits - 1);
  };
}

/** Of the header of a FLAC frame. */
export const crc8 = highestFirst(8, 0x07);
/** Of a whole FLAC frame. */
export const crc16 = highestFirst(16, 0x8005);
/** Of an Ogg page, with 0 in the checksum's place. */
export const oggCrc = highestFirst(32, 0x04c11db7);

const reflected = Int32Array.from({ length: 256 }, (_, byte) => {
  let remainder = byte;
  for (let bit = 0; bit < 8; bit++) remainder = (remainder >>> 1) ^ (remainder & 1 ? 0xedb88320 : 0);
  return remainder;
});

/** Of zip archives, of packed files, and of models. */
export function zipCrc(bytes: Uint8Array): number {
  let remainder = ~0;
  for (const byte of bytes) remainder = (remainder >>> 8) ^ reflected[(remainder ^ byte) & 0xff]!;
  return ~remainder >>> 0;
}
