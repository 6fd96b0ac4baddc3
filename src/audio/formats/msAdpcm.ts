// blocks of Microsoft ADPCM → samples
//
// Four bits a sample: how far it is, in steps that grow and shrink with it, from what the two samples before predict. A block says
// which of the file's pairs of coefficients predicts. (RFC 2361, appendix A; Microsoft's New Multimedia Data Types and Techniques)

import type { BlockCodec } from './blockPieces.ts';

/** Microsoft ADPCM, of channels whose samples take turns. */
export function msAdpcm(
  channels: number,
  sampleRate: number,
  blockBytes: number,
  coefficients: readonly (readonly [number, number])[] = COEFFICIENTS,
): BlockCodec {
  const header = 7 * channels;
  return {
    channels,
    sampleRate,
    blockBytes,
    samplesIn: (bytes) => (bytes < header ? 0 : 2 + Math.floor((2 * (bytes - header)) / channels)),
    decode(block, planes, from) {
      const view = new DataView(block.buffer, block.byteOffset, block.byteLength);
      for (const [channel, samples] of planes.entries()) {
        const [first, second] = coefficients[block[channel]!] ?? coefficients[0]!;
        let delta = view.getInt16(channels + 2 * channel, true);
        let last = view.getInt16(3 * channels + 2 * channel, true);
        let before = view.getInt16(5 * channels + 2 * channel, true);
        samples[from] = before;
        samples[from + 1] = last;
        const moments = Math.floor((2 * (block.length - header)) / channels);
        for (let moment = 0; moment < moments; moment++) {
          const i = moment * channels + channel;
          const code = (block[header + (i >> 1)]! >> (i & 1 ? 0 : 4)) & 15; // the upper half first
          const predicted = (last * first + before * second) >> 8;
          const sample = Math.max(-32_768, Math.min(32_767, predicted + (code < 8 ? code : code - 16) * delta));
          samples[from + 2 + moment] = sample;
          before = last;
          last = sample;
          delta = Math.max(16, (DELTA_FACTORS[code]! * delta) >> 8);
        }
      }
    },
  };
}

const COEFFICIENTS = [
  [256, 0],
  [512, -256],
  [0, 0],
  [192, 64],
  [240, 0],
  [460, -208],
  [392, -232],
] as const;

const DELTA_FACTORS = [230, 230, 230, 230, 307, 409, 512, 614, 768, 614, 512, 409, 307, 230, 230, 230] as const;
