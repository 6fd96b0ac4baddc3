// now → after the host has had a turn

/**
 * Lets timers, input and abort signals through during long work.
 *
 * A message, since timers are clamped to 4 ms in visible tabs and throttled in hidden ones; `setImmediate` where there
 * is one, since in Node an open port would keep the process alive.
 */
export function nextTask(): Promise<void> {
  const { setImmediate } = globalThis as { setImmediate?: ((callback: () => void) => void) | undefined };
  if (setImmediate) return new Promise((resolve) => setImmediate(resolve));
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(undefined);
  });
}
