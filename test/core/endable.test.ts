import { describe, expect, it } from 'vitest';
import { abortable } from '../../src/core/abortable.ts';
import { endable } from '../../src/core/endable.ts';

/** Counts up; from `quiet` on nothing comes any more. Tells what became of it. */
function counting(quiet = Number.POSITIVE_INFINITY) {
  const told: unknown[] = [];
  const generator = endable(async function* ({ signal }) {
    try {
      signal.throwIfAborted();
      for (let i = 0; i < 5; i++) {
        await abortable(i < quiet ? i : new Promise(() => {}), signal);
        yield i;
      }
    } catch (error) {
      told.push((error as Error).name);
      throw error;
    } finally {
      told.push('ended');
    }
  });
  return { generator, told };
}

describe('a generator that can be left', () => {
  it('gives what the work gives', async () => {
    const { generator, told } = counting();
    const given = [];
    for await (const i of generator) given.push(i);
    expect(given).toEqual([0, 1, 2, 3, 4]);
    expect(told).toEqual(['ended']);
    expect(await generator.next()).toEqual({ done: true, value: undefined });
  });

  it('ends its work where its loop ends', async () => {
    const { generator, told } = counting();
    for await (const _ of generator) break;
    expect(told).toEqual(['ended']);
  });

  it('is left at once while nothing comes: pending reads get the end', async () => {
    const { generator, told } = counting(1);
    expect(await generator.next()).toEqual({ done: false, value: 0 });
    const pending = [generator.next(), generator.next()];
    expect(await generator.return()).toEqual({ done: true, value: undefined });
    for (const result of pending) expect(await result).toEqual({ done: true, value: undefined });
    expect(told).toEqual(['AbortError', 'ended']);
  });

  it('lets go of what it was given where it was never begun', async () => {
    const { generator, told } = counting();
    await generator.return();
    expect(told).toEqual(['AbortError', 'ended']);
    expect(await generator.next()).toEqual({ done: true, value: undefined });
  });

  it('throws the reason where its work is stopped by another', async () => {
    const reason = new Error('enough');
    let stop = () => {};
    const generator = endable(async function* (controller) {
      stop = () => controller.abort(reason);
      yield 1;
      await abortable(new Promise(() => {}), controller.signal);
    });
    await generator.next();
    const pending = generator.next();
    stop();
    await expect(pending).rejects.toBe(reason);
    expect(await generator.return()).toEqual({ done: true, value: undefined });
  });

  it('throws what it is given to throw, and ends its work', async () => {
    const { generator, told } = counting();
    await generator.next();
    await expect(generator.throw(new RangeError('odd'))).rejects.toThrow(RangeError);
    expect(told).toEqual(['ended']);
  });
});
