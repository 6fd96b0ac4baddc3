// seed → AIFF, AIFF-C, AU, Wave64, SPHERE and CAF: right ones of every encoding, and such with sizes, counts and bytes that are wrong
//
// The writers are those of the readers' tests, written out naively.

import type { RandomStream } from 'speech-emotion/layers';
import { type Sound, sampleBytes, WIDTH, WRITERS, type Written } from '../../../../test/support/soundFiles.ts';
import { damage } from '../bytes.ts';
import { between, happens, pick } from '../chance.ts';
import type { Format } from '../format.ts';
import { decoder, faultOfSound } from './sound.ts';

const KINDS = Object.keys(WIDTH) as Written[];
const RATES = [8000, 11_025, 16_000, 44_100, 48_000, 192_000];
const SIZES = [0, 1, 4, 8, 100, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1, 1e9];

export const plain: Format = {
  errors: ['AudioFormatError'],
  async open() {
    const forms = Object.keys(WRITERS).flatMap((name) =>
      KINDS.flatMap((written) => [true, false].map((little) => ({ name, written, little }))).filter((form) =>
        WRITERS[name]!.writes({ ...form, bytes: new Uint8Array(0), channels: 1, sampleRate: 8000 }),
      ),
    );
    return (random) => {
      const { name, written, little } = pick(random, forms);
      const right = happens(random, 0.2);
      const channels = between(random, 1, 3);
      const values = Array.from({ length: channels * between(random, 1, 24) }, () => writtenValue(random, written));
      const sound: Sound = {
        bytes: sampleBytes(values, written, little),
        written,
        little,
        channels,
        sampleRate: pick(random, RATES),
      };
      const { write } = WRITERS[name]!;
      const bytes = right ? write(sound) : write(sound, lies(random));
      const input = right || happens(random, 0.3) ? bytes : damage(random, bytes, write(sound));
      const channel = random.integer(channels);
      const of = values.filter((_, i) => i % channels === channel);
      const isKnown = right && !written.endsWith('law'); // the codes of those are not written out here
      const samples = isKnown ? { samples: of.map((value) => levelOf(value, written)) } : {};
      return {
        input,
        unrefusable: right,
        answer: decoder(random, input, right ? channel : undefined),
        fault: (answer) =>
          faultOfSound(answer, {
            ...(right ? { sampleRate: sound.sampleRate } : {}),
            ...samples,
            atMost: input.length,
          }),
      };
    };
  },
};

function writtenValue(random: RandomStream, written: Written): number {
  if (written.endsWith('law')) return random.integer(256);
  if (written.startsWith('f')) return random.uniform(-1, 1);
  const scale = 2 ** (8 * WIDTH[written] - 1);
  return Math.floor(random.uniform(-scale, scale));
}

function levelOf(value: number, written: Written): number {
  return written.startsWith('f') ? value : value / 2 ** (8 * WIDTH[written] - 1);
}

function lies(random: RandomStream): { size?: number; channels?: number; bits?: number } {
  return {
    ...(happens(random, 0.4) ? { size: pick(random, SIZES) } : {}),
    ...(happens(random, 0.2) ? { channels: pick(random, [0, 2, 255, 65_535]) } : {}),
    ...(happens(random, 0.2) ? { bits: pick(random, [0, 1, 8, 12, 16, 24, 32, 64, 65_535]) } : {}),
  };
}
