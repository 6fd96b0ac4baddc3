import { describe, expect, it, vi } from 'vitest';
import { abortable, onAbort } from '../../src/core/abortable.ts';

const reason = new Error('enough');
const never = new Promise<never>(() => {});

/** A signal that counts who listens to it. */
function watched() {
  const controller = new AbortController();
  let listening = 0;
  const { signal } = controller;
  const [add, remove] = [signal.addEventListener.bind(signal), signal.removeEventListener.bind(signal)];
  signal.addEventListener = (...given: Parameters<typeof add>) => {
    listening++;
    add(...given);
  };
  signal.removeEventListener = (...given: Parameters<typeof remove>) => {
    listening--;
    remove(...given);
  };
  return { controller, signal, listening: () => listening };
}

// The property: whenever a signal aborts, before, at once, a tick later or in the middle, the promise is settled by it.
describe('abortable', () => {
  it.each([
    ['before', (controller: AbortController) => controller.abort(reason), (run: () => Promise<unknown>) => run()],
    [
      'at once',
      () => {},
      (run: () => Promise<unknown>, controller: AbortController) => {
        const running = run();
        controller.abort(reason);
        return running;
      },
    ],
    [
      'a tick later',
      () => {},
      (run: () => Promise<unknown>, controller: AbortController) => {
        queueMicrotask(() => controller.abort(reason));
        return run();
      },
    ],
    [
      'in the middle',
      () => {},
      (run: () => Promise<unknown>, controller: AbortController) => {
        setTimeout(() => controller.abort(reason), 2);
        return run();
      },
    ],
  ])('rejects with the reason of a signal that aborts %s', async (_when, before, start) => {
    const controller = new AbortController();
    before(controller);
    await expect(start(() => abortable(never, controller.signal), controller)).rejects.toBe(reason);
  });

  it('gives and throws what the work does, and listens no longer', async () => {
    const { signal, listening } = watched();
    expect(await abortable(Promise.resolve(3), signal)).toBe(3);
    await expect(abortable(Promise.reject(reason), signal)).rejects.toBe(reason);
    expect(await abortable(4, undefined)).toBe(4);
    await Promise.resolve();
    expect(listening()).toBe(0);
  });

  it('is called once, also where the abort came before', () => {
    const { controller, signal } = watched();
    const [early, late] = [vi.fn(), vi.fn()];
    onAbort(signal, early);
    controller.abort(reason);
    onAbort(signal, late)();
    expect(early.mock.calls).toEqual([[reason]]);
    expect(late.mock.calls).toEqual([[reason]]);
    onAbort(undefined, late)();
    expect(late).toHaveBeenCalledTimes(1);
  });

  it('leaves no rejection unhandled when work fails after the abort', async () => {
    const unhandled = vi.fn();
    process.on('unhandledRejection', unhandled);
    const failing = new Promise((_, reject) => setTimeout(() => reject(new Error('late')), 2));
    await expect(abortable(failing, AbortSignal.abort(reason))).rejects.toBe(reason);
    await new Promise((resolve) => setTimeout(resolve, 10));
    process.off('unhandledRejection', unhandled);
    expect(unhandled).not.toHaveBeenCalled();
  });
});
