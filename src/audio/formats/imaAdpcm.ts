// blocks of IMA ADPCM → samples
//
// Four bits a sample: the step from the one before, in units that grow and shrink with it. (IMA Digital Audio Focus and Technical
// Working Groups, Recommended Practices for Enhancing Digital Audio Compatibility, 1992; blocks as RIFF has them: RFC 2361)

import type { BlockCodec } from './blockPieces.ts';

/** IMA ADPCM as WAV has it: of each channel four bytes to begin with, then in turn four bytes, which are eight samples. */
export function imaAdpcm(channels: number, sampleRate: number, blockBytes: number): BlockCodec {
  const header = 4 * channels;
  return {
    channels,
    sampleRate,
    blockBytes,
    samplesIn: (bytes) => (bytes < header ? 0 : 1 + 8 * Math.floor((bytes - header) / header)),
    decode(block, planes, from) {
      const view = new DataView(block.buffer, block.byteOffset, block.byteLength);
      for (const [channel, samples] of planes.entries()) {
        let sample = view.getInt16(4 * channel, true);
        let index = Math.min(STEPS.length - 1, block[4 * channel + 2]!);
        let to = from;
        samples[to++] = sample;
        for (let at = header + 4 * channel; at - 4 * channel + header <= block.length; at += header) {
          for (let i = 0; i < 8; i++) {
            const code = (block[at + (i >> 1)]! >> (4 * (i & 1))) & 15; // the lower half first
            sample = step(sample, code, STEPS[index]!);
            samples[to++] = sample;
            index = Math.max(0, Math.min(STEPS.length - 1, index + INDEX_CHANGES[code & 7]!));
          }
        }
      }
    },
  };
}

function step(sample: number, code: number, size: number): number {
  const difference = (size >> 3) + (code & 4 ? size : 0) + (code & 2 ? size >> 1 : 0) + (code & 1 ? size >> 2 : 0);
  return Math.max(-32_768, Math.min(32_767, code & 8 ? sample - difference : sample + difference));
}

const INDEX_CHANGES = [-1, -1, -1, -1, 2, 4, 6, 8] as const;

const STEPS: readonly number[] = [
  ...[7, 8, 9, 10, 11, 12, 13, 14, 16, 17, 19, 21, 23, 25, 28, 31, 34, 37, 41, 45, 50, 55, 60, 66, 73, 80, 88, 97, 107],
  ...[
    118, 130, 143, 157, 173, 190, 209, 230, 253, 279, 307, 337, 371, 408, 449, 494, 544, 598, 658, 724, 796, 876, 963,
  ],
  ...[1060, 1166, 1282, 1411, 1552, 1707, 1878, 2066, 2272, 2499, 2749, 3024, 3327, 3660, 4026, 4428, 4871, 5358, 5894],
  ...[6484, 7132, 7845, 8630, 9493, 10_442, 11_487, 12_635, 13_899, 15_289, 16_818, 18_500, 20_350, 22_385, 24_623],
  ...[27_086, 29_794, 32_767],
];
