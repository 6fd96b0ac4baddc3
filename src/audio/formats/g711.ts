// a G.711 code → the sample it stands for, and back
//
// Both laws write 16 bits as sign, three bits of exponent and four of mantissa. (ITU-T G.711)

/** The sample of each A-law code, full scale ±1. */
export const A_LAW = Float32Array.from({ length: 256 }, (_, code) => expandALaw(code) / 2 ** 15);
/** The sample of each µ-law code, full scale ±1. */
export const MU_LAW = Float32Array.from({ length: 256 }, (_, code) => expandMuLaw(code) / 2 ** 15);

/** A-law: even bits inverted. */
function expandALaw(code: number): number {
  const value = code ^ 0x55;
  const exponent = (value >> 4) & 7;
  const mantissa = ((value & 15) << 4) + 8;
  const magnitude = exponent === 0 ? mantissa : (mantissa + 256) << (exponent - 1);
  return value & 0x80 ? magnitude : -magnitude;
}

/** µ-law: all bits inverted, a bias of 132. */
function expandMuLaw(code: number): number {
  const value = ~code & 0xff;
  const magnitude = ((((value & 15) << 3) + 132) << ((value >> 4) & 7)) - 132;
  return value & 0x80 ? -magnitude : magnitude;
}

/** The A-law code of a sample, full scale ±1. */
export function encodeALaw(sample: number): number {
  const magnitude = Math.min(32_767, Math.floor(Math.abs(sample) * 2 ** 15));
  const exponent = Math.max(0, 24 - Math.clz32(magnitude)); // of segments: 256 and above begin the second
  const mantissa = (magnitude >> Math.max(4, exponent + 3)) & 15;
  return ((sample < 0 ? 0 : 0x80) | (exponent << 4) | mantissa) ^ 0x55;
}

/** The µ-law code of a sample, full scale ±1. */
export function encodeMuLaw(sample: number): number {
  const magnitude = Math.min(32_767, Math.round(Math.abs(sample) * 2 ** 15) + 132);
  const exponent = 24 - Math.clz32(magnitude);
  const mantissa = (magnitude >> (exponent + 3)) & 15;
  return ~((sample < 0 ? 0x80 : 0) | (exponent << 4) | mantissa) & 0xff;
}
