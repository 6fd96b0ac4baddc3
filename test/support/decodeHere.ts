// addresses of files → what decoding them gives, in whatever kind of place this runs: a window, a worker, a service worker

import { toWaveform } from '../../src/audio/toWaveform.ts';

/** What came of a file: its sound, or the error. */
export type Decoded = { readonly seconds: number; readonly peak: number } | { readonly error: string };

export async function decodeHere(addresses: readonly string[]): Promise<Decoded[]> {
  const all: Decoded[] = [];
  for (const address of addresses) {
    const bytes = await (await fetch(address)).arrayBuffer();
    all.push(
      await toWaveform(bytes).then(
        ({ samples, sampleRate }) => ({
          seconds: samples.length / sampleRate,
          peak: samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0),
        }),
        (error: unknown) => ({ error: `${(error as Error).name}: ${(error as Error).message}` }),
      ),
    );
  }
  return all;
}

// Workers are asked by a message with a port for the answer; a window calls.
addEventListener('message', ({ data, ports: [port] }: MessageEvent) => {
  if (port) void decodeHere(data).then((all) => port.postMessage(all));
});
Object.assign(globalThis, { decodeHere });
