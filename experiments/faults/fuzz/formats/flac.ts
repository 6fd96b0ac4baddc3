// seed → FLAC files: right ones, and such whose frames say something else than they hold, their checksums right all the same
//
// Written out after RFC 9639.

import { readFile } from 'node:fs/promises';
import type { RandomStream } from 'speech-emotion/layers';
import { Bits } from '../bits.ts';
import { damage, id3Tag, join, latin1 } from '../bytes.ts';
import { between, happens, pick, randomBytes } from '../chance.ts';
import { crc8, crc16 } from '../checksums.ts';
import type { Format } from '../format.ts';
import { decoder, faultOfSound, samplesAtMost } from './sound.ts';

export const flac: Format = {
  errors: ['AudioFormatError'],
  async open() {
    const speech = new Uint8Array(
      await readFile(new URL('../../../../test/fixtures/audio/speech.flac', import.meta.url)),
    );
    return (random) => {
      const right = happens(random, 0.1);
      const made = stream(random, right);
      const bytes = !right && happens(random, 0.1) ? speech : made.bytes;
      const input = right || happens(random, 0.6) ? bytes : damage(random, bytes, made.bytes);
      const expected = right
        ? { sampleRate: made.sampleRate, samples: made.samples, atMost: made.samples.length }
        : { atMost: samplesAtMost(input.length) };
      return {
        input,
        unrefusable: right,
        answer: decoder(random, input, right ? made.channel : undefined),
        fault: (answer) => faultOfSound(answer, expected),
      };
    };
  },
};

function stream(random: RandomStream, right: boolean) {
  const odd = (probability = 0.06) => !right && happens(random, probability);
  const sampleRate = pick(random, [8000, 16_000, 44_100]);
  const size = pick(random, [16, 64, 192]);
  const channels = between(random, 1, 2);
  const bits = 16;
  const frames = between(random, 1, 3);
  const channel = random.integer(channels); // whose samples are compared
  const samples: number[] = [];
  const parts: Uint8Array[] = [];
  for (let number = 0; number < frames; number++) {
    const planes = Array.from({ length: channels }, () => levels(random, size));
    parts.push(frame(random, { number, planes, sampleRate, bits }, odd));
    samples.push(...Array.from(planes[channel]!, (sample) => sample / 2 ** (bits - 1)));
  }
  const info = new Bits()
    .put(odd() ? between(random, 0, 65_535) : size, 16)
    .put(odd() ? between(random, 0, 65_535) : size, 16)
    .put(0, 24)
    .put(0, 24)
    .put(odd() ? pick(random, [0, 1, 655_350, 2 ** 20 - 1]) : sampleRate, 20)
    .put(odd() ? random.integer(8) : channels - 1, 3)
    .put(odd() ? random.integer(32) : bits - 1, 5)
    .put(odd(0.2) ? pick(random, [0, 1, 2 ** 36 - 1, 2 ** 31]) : frames * size, 36)
    .bytes();
  const metadata = [block(0, join(info, new Uint8Array(16)), odd)];
  if (happens(random, 0.2))
    metadata.push(block(pick(random, odd(0.5) ? [0, 2, 5, 100, 126, 127] : [1, 4]), blockContent(random), odd));
  metadata.at(-1)![0]! |= odd(0.05) ? 0 : 0x80; // the last
  const tag = odd(0.1) ? id3Tag(random) : new Uint8Array(0);
  if (odd(0.1)) random.shuffle(parts);
  return { bytes: join(tag, latin1('fLaC'), ...metadata, ...parts), sampleRate, samples, channel };
}

function blockContent(random: RandomStream): Uint8Array {
  return happens(random, 0.5) ? new Uint8Array(random.integer(40)) : Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0);
}

function block(type: number, content: Uint8Array, odd: (probability?: number) => boolean): Uint8Array {
  const length = odd() ? content.length + 1000 : content.length;
  return join(new Bits().put(type, 8).put(length, 24).bytes(), content);
}

function levels(random: RandomStream, size: number): number[] {
  if (happens(random, 0.3)) return Array(size).fill(between(random, -2000, 2000));
  let level = 0;
  return Array.from({ length: size }, () => {
    level = Math.max(-30_000, Math.min(30_000, level + between(random, -500, 500)));
    return level;
  });
}

interface Frame {
  readonly number: number;
  readonly planes: readonly (readonly number[])[];
  readonly sampleRate: number;
  readonly bits: number;
}

function frame(
  random: RandomStream,
  { number, planes, sampleRate, bits }: Frame,
  odd: (probability?: number) => boolean,
): Uint8Array {
  const size = planes[0]!.length;
  const rates: Readonly<Record<number, number>> = { 8000: 4, 16000: 5, 44100: 9 };
  const sizeCode = odd() ? random.integer(16) : 7; // 16 bits of size − 1 follow
  const header = new Bits()
    .put(0b11_1111_1111_1110, 14)
    .put(odd(0.03) ? 3 : 0, 2)
    .put(sizeCode, 4)
    .put(odd() ? random.integer(16) : rates[sampleRate]!, 4)
    .put(odd() ? random.integer(16) : planes.length - 1, 4)
    .put(odd() ? random.integer(8) : 4, 3) // 16 bits
    .put(odd(0.02) ? 1 : 0, 1)
    .put(odd() ? random.integer(256) : number, 8)
    .put(odd() ? pick(random, [0, 0xffff, size, size * 4]) : size - 1, 16)
    .bytes();
  const body = new Bits();
  for (const plane of planes) subframe(random, body, plane, bits, odd);
  const content = odd(0.05) ? randomBytes(random, 40) : body.bytes();
  const whole = join(header, Uint8Array.of(odd(0.03) ? 0 : crc8(header)), content);
  const sum = odd(0.03) ? 0 : crc16(whole);
  return join(whole, Uint8Array.of(sum >> 8, sum & 0xff));
}

/** Constant, verbatim, or predicted from the sample before with what is left in Rice's code. */
function subframe(
  random: RandomStream,
  into: Bits,
  plane: readonly number[],
  bits: number,
  odd: (probability?: number) => boolean,
): void {
  const constant = plane.every((level) => level === plane[0]);
  const type = constant ? 0 : pick(random, [1, 9]);
  into
    .put(0, 1)
    .put(odd() ? random.integer(64) : type, 6)
    .put(odd(0.03) ? 1 : 0, 1);
  if (constant) into.put(plane[0]!, bits);
  else if (type === 1) for (const level of plane) into.put(level, bits);
  else {
    into
      .put(plane[0]!, bits)
      .put(odd() ? random.integer(4) : 0, 2)
      .put(odd() ? random.integer(16) : 0, 4);
    const parameter = 8;
    into.put(odd() ? random.integer(16) : parameter, 4);
    for (let i = 1; i < plane.length; i++) {
      const rest = plane[i]! - plane[i - 1]!;
      const folded = rest >= 0 ? 2 * rest : -2 * rest - 1;
      into.unary(odd(0.001) ? 5000 : folded >> parameter).put(folded % 2 ** parameter, parameter);
    }
  }
}
