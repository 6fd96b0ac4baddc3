import { describe, expect, it } from 'vitest';
import type { AudioPiece } from '../../src/audio/audioDecoder.ts';
import { holdWaveform } from '../../src/audio/holdWaveform.ts';
import { separateChannels } from '../../src/audio/separateChannels.ts';
import { AudioFormatError } from '../../src/core/errors.ts';

/** Each piece of as many samples as its place, of so many channels: those of channel c have c in front of the decimal point. */
function source(counts: readonly number[], { failure }: { failure?: Error } = {}) {
  const log: string[] = [];
  async function* pieces(): AsyncGenerator<AudioPiece, void, undefined> {
    try {
      for (const [i, count] of counts.entries()) {
        log.push(`read ${i}`);
        const channels = Array.from({ length: count }, (_, channel) => new Float32Array(i + 1).fill(channel + i / 4));
        yield { channels, sampleRate: 8000, totalSamples: 10 };
      }
      if (failure) throw failure;
    } finally {
      log.push('end');
    }
  }
  return { pieces: pieces(), log };
}

const whole = (channel: number, pieces: number) =>
  Float32Array.from(Array.from({ length: pieces }, (_, i) => Array(i + 1).fill(channel + i / 4)).flat());

describe('separateChannels', () => {
  it('gives each channel a stream of its own, of one pass (oracle: what the source gave)', async () => {
    const { pieces, log } = source([3, 3, 3, 3]);
    const streams = await separateChannels('test', pieces);
    expect(streams).toHaveLength(3);
    const held = await Promise.all(streams.map((stream) => holdWaveform(stream)));
    expect(held).toEqual([0, 1, 2].map((channel) => ({ samples: whole(channel, 4), sampleRate: 8000 })));
    expect(log).toEqual(['read 0', 'read 1', 'read 2', 'read 3', 'end']);
    expect(await streams[0]!.next()).toEqual({ done: true, value: undefined });
  });

  it('reads the next piece when all have asked for it, and not before', async () => {
    const { pieces, log } = source([2, 2, 2]);
    const [one, other] = await separateChannels('test', pieces);
    const first = one!.next();
    await new Promise((resolve) => setTimeout(resolve, 1));
    expect(log).toEqual(['read 0']); // how many channels there are is seen from it
    await Promise.all([first, other!.next()]);
    const second = other!.next();
    await new Promise((resolve) => setTimeout(resolve, 1));
    expect(log).toEqual(['read 0']);
    expect((await Promise.all([one!.next(), second])).map(({ value }) => value!.samples[0])).toEqual([0.25, 1.25]);
    expect(log).toEqual(['read 0', 'read 1']);
  });

  it('gives one stream of mono sound, and none where there is no sound', async () => {
    const streams = await separateChannels('test', source([1, 1]).pieces);
    expect(await Promise.all(streams.map((stream) => holdWaveform(stream)))).toEqual([
      { samples: whole(0, 2), sampleRate: 8000 },
    ]);
    expect(await separateChannels('test', source([]).pieces)).toEqual([]);
  });

  it.each(['begun', 'not begun'])('ends the source and the others when one that was %s is ended', async (state) => {
    const { pieces, log } = source([3, 3, 3]);
    const [one, other, third] = await separateChannels('test', pieces);
    if (state === 'begun') await Promise.all([one, other, third].map((stream) => stream!.next()));
    const waiting = other!.next();
    await one!.return();
    expect(log.at(-1)).toBe('end');
    expect(await waiting).toEqual({ done: true, value: undefined });
    expect(await third!.next()).toEqual({ done: true, value: undefined });
    expect(await one!.next()).toEqual({ done: true, value: undefined });
  });

  it('throws what the source throws, or what is thrown into one, in all', async () => {
    const failure = new Error('the line is dead');
    const failing = await separateChannels('test', source([2, 2], { failure }).pieces);
    const outcomes = await Promise.allSettled(failing.map((stream) => holdWaveform(stream)));
    expect(outcomes.map((outcome) => outcome.status === 'rejected' && outcome.reason)).toEqual([failure, failure]);

    const { pieces, log } = source([2, 2]);
    const [one, other] = await separateChannels('test', pieces);
    const waiting = other!.next();
    await expect(one!.throw(failure)).rejects.toBe(failure);
    await expect(waiting).rejects.toBe(failure);
    expect(log.at(-1)).toBe('end');
  });

  it('throws when the source cannot begin', async () => {
    const failure = new Error('no sound');
    await expect(separateChannels('test', source([], { failure }).pieces)).rejects.toBe(failure);
  });

  it.each([1, 3])('refuses sound of 2 channels that goes on with %i', async (count) => {
    const { pieces, log } = source([2, count]);
    const streams = await separateChannels('test', pieces);
    const outcomes = await Promise.allSettled(streams.map((stream) => holdWaveform(stream)));
    for (const outcome of outcomes) {
      const reason = outcome.status === 'rejected' ? outcome.reason : undefined;
      expect(reason).toBeInstanceOf(AudioFormatError);
      expect(reason.message).toContain(`found 2 channels and, from 0 seconds on, ${count}`);
    }
    expect(log.at(-1)).toBe('end');
  });

  it('refuses samples that are not finite, whichever channel they are in', async () => {
    async function* pieces(): AsyncGenerator<AudioPiece, void, undefined> {
      yield { channels: [Float32Array.of(0, 0), Float32Array.of(0, Number.NaN)], sampleRate: 8000 };
    }
    const streams = await separateChannels('test', pieces());
    const [first, second] = await Promise.allSettled(streams.map((stream) => holdWaveform(stream)));
    expect(second).toMatchObject({ status: 'rejected', reason: { code: new AudioFormatError('').code } });
    expect(first!.status).toBe('rejected');
  });
});
