import * as zlib from 'node:zlib';
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { crc32 } from '../../src/core/crc32.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

it('crc32 gives the check value of its catalogue and of the empty message (oracle: Koopman, RevEng: CRC-32/ISO-HDLC)', () => {
  expect(crc32(bytes('123456789'))).toBe('cbf43926');
  expect(crc32(bytes(''))).toBe('00000000');
});

it.skipIf(!zlib.crc32)('crc32 agrees with zlib on any bytes (oracle: node:zlib, which has it from Node 20.15)', () => {
  fc.assert(fc.property(fc.uint8Array(), (data) => parseInt(crc32(data), 16) === zlib.crc32(data)));
});
