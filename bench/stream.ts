// sound as it comes → its emotions: how much of a core that takes, and whether anything is lost when it comes faster

import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { EmotionClassifier } from 'speech-emotion';
import { pretrained } from 'speech-emotion/pretrained';
import { useBackend } from '../examples/node/backend.ts';
import { noiseClip } from './clip.ts';
import { always, caseOf, compare, spreadOf, timed } from './measure.ts';
import type { Outcome } from './result.ts';

const RATE = 16_000;
/** The rate of most devices and files. */
const RECORDED = 44_100;
/** What is streamed as fast as it goes. */
const SECONDS = 60;
/** What is streamed at a multiple of its own speed. */
const MINUTES = 10;
const SPEED = 50;

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** Everything is classified, whole: no gate. */
const options = { sampleRate: RATE, vad: false } as const;

export async function stream(): Promise<Outcome> {
  await useBackend('wasm');
  using classifier = await EmotionClassifier.load(pretrained);
  const minute = samplesOf(noiseClip(60));
  const whole = async function* () {
    yield minute.subarray(0, SECONDS * RATE);
  };
  const asFastAsItGoes = async () => {
    for await (const _ of classifier.stream(whole(), { ...options, whenBehind: 'wait' }));
  };
  const rate = await compare({
    ...{ case: `${SECONDS} s of sound, 2 s every half second`, backend: 'wasm', rounds: 5, warmUps: 1 },
    ...{ against: 'real time', aim: 20, note: 'the aim is a real-time factor of 0.05' },
    ours: timed(asFastAsItGoes),
    theirs: always(SECONDS * 1000),
  });

  const recorded = Float32Array.from(
    { length: SECONDS * RECORDED },
    (_, i) => minute[Math.floor((i * RATE) / RECORDED)]!,
  );
  const asRecorded = async function* () {
    for (let at = 0; at < recorded.length; at += RECORDED / 10) yield recorded.subarray(at, at + RECORDED / 10);
  };
  const atRate = await compare({
    ...{ case: `${SECONDS} s at 44.1 kHz, 2 s every half second`, backend: 'wasm', rounds: 5, warmUps: 1 },
    ...{ against: 'real time', floor: 40, aim: 80 },
    ours: timed(async () => {
      for await (const _ of classifier.stream(asRecorded(), { ...options, sampleRate: RECORDED, whenBehind: 'wait' }));
    }),
    theirs: always(SECONDS * 1000),
  });

  let [segments, dropped, before] = [0, 0, 0];
  const start = performance.now();
  for await (const segment of classifier.stream(paced(minute), options)) {
    segments++;
    dropped += segment.dropped;
    if (before === 0 && segment.end >= 60) before = memoryInUse();
  }
  const grown = (memoryInUse() - before) / 2 ** 20;
  const seconds = (performance.now() - start) / 1000;
  const about = {
    ...{ case: `${MINUTES} min at ${SPEED}× speed`, backend: 'wasm', against: 'the time that they come in', aim: 0.98 },
    note:
      `${segments} segments, ${dropped} left out since they were not taken in time; ` +
      `memory in use changed by ${grown.toFixed(1)} MiB from the first minute to the last`,
  };
  const comes = (MINUTES * 60) / SPEED;
  return { cases: [rate, atRate, caseOf(about, spreadOf([seconds], 's'), spreadOf([comes], 's'))], versions: {} };
}

/** Tenths of a second of sound, each at its time divided by the speed. */
async function* paced(minute: Float32Array): AsyncGenerator<Float32Array> {
  const start = performance.now();
  const piece = RATE / 10;
  for (let at = 0; at < MINUTES * minute.length; at += piece) {
    const due = start + ((at / RATE) * 1000) / SPEED;
    const early = due - performance.now();
    // A timer of no time takes a millisecond, half of what a tenth of a second has here.
    await new Promise((resolve) => (early > 0 ? setTimeout(resolve, early) : setImmediate(resolve)));
    yield minute.slice(at % minute.length, (at % minute.length) + piece);
  }
}

/** Bytes that are reachable, of JavaScript's own memory and of arrays'. */
function memoryInUse(): number {
  collectGarbage();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

function samplesOf(wav: Uint8Array): Float32Array {
  const bytes = wav.slice(44);
  return Float32Array.from(new Int16Array(bytes.buffer), (sample) => sample / 32_768);
}
