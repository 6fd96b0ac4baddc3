// bytes → a checksum that changes when the bytes do

const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let remainder = byte;
  for (let bit = 0; bit < 8; bit++) remainder = (remainder >>> 1) ^ (remainder & 1 ? 0xedb88320 : 0);
  return remainder;
});

/**
 * CRC-32 as zip and PNG have it: finds every change of up to 32 neighbouring bits and all but 1 in 2³² of others. Against
 * damage, not against malice. (SHA-256 by `crypto.subtle` is missing in pages served without https.)
 *
 * @returns eight hexadecimal digits
 */
export function crc32(bytes: Uint8Array): string {
  let remainder = ~0;
  for (const byte of bytes) remainder = (remainder >>> 8) ^ (table[(remainder ^ byte) & 0xff] as number);
  return (~remainder >>> 0).toString(16).padStart(8, '0');
}
