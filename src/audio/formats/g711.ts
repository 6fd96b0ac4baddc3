// a G.711 code → the sample it stands for
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
