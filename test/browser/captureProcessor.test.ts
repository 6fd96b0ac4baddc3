import { afterEach, expect, it, vi } from 'vitest';
import { registerCapture } from '../../src/browser/captureProcessor.ts';

/* The audio thread's globals, as far as the processor needs them. */

interface Processor {
  process(inputs: Float32Array[][]): boolean;
}

afterEach(() => vi.unstubAllGlobals());

function capture() {
  const sent: Float32Array[] = [];
  const port = { postMessage: (piece: Float32Array) => sent.push(piece), onmessage: (_: unknown) => {} };
  let made!: new () => Processor;
  vi.stubGlobal(
    'AudioWorkletProcessor',
    class {
      port = port;
    },
  );
  vi.stubGlobal('registerProcessor', (_: string, processor: new () => Processor) => {
    made = processor;
  });
  registerCapture('capture');
  return { processor: new made(), port, sent };
}

it('gives the mean of the channels in pieces of 1024 (oracle: by hand)', () => {
  const { processor, sent } = capture();
  const quantum = [new Float32Array(128).fill(0.5), new Float32Array(128).fill(-0.25)];
  for (let i = 0; i < 20; i++) expect(processor.process([quantum])).toBe(true);
  expect(sent.map(({ length }) => length)).toEqual([1024, 1024]);
  for (const piece of sent) expect(piece).toEqual(new Float32Array(1024).fill(0.125));
});

it('runs on without an input, until it is ended', () => {
  const { processor, port } = capture();
  expect(processor.process([[]])).toBe(true);
  port.onmessage({ data: 'end' });
  expect(processor.process([[]])).toBe(false);
});
