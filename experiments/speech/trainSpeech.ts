// corpora, music and other sounds → the weights of the speech detector: npm run train:speech -- --data ZIP --corpora FOLDER --sounds FOLDER

import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { RandomStream } from 'speech-emotion/layers';
import { fileCheckpoint } from 'speech-emotion/node';
import { interruptible, readArguments, run, UsageError, wholeNumber } from '../../examples/node/commandLine.ts';
import { STEP_SIZE } from '../../src/speech/speechFeatures.ts';
import { PARTS, WEIGHTS } from '../../src/speech/speechNetwork.ts';
import { EASY, featuresOf, makeScene, type Sounds, STEPS } from './scenes.ts';
import { type SoundPaths, trainingSounds } from './speechSounds.ts';
import { chooseThreshold, keptScores } from './threshold.ts';
import { Adam, initialWeights, TrainableNetwork } from './trainableNetwork.ts';

const USAGE = `
npm run train:speech -- --data ZIP --corpora FOLDER --sounds FOLDER [options]

Trains the speech detector on scenes of five seconds made of speech, music and other sounds, chooses its threshold by speakers and
packages that it has not heard, and writes its weights, rounded to 8 bits, as a module. Scenes are made once and kept in .cache; a run that was stopped resumes at the last epoch.

  --data ZIP        the archive of RAVDESS' speech
  --corpora FOLDER  archives of nEMO, ASED and EMOVO
  --sounds FOLDER   packages of Debian, unpacked, each in a folder of its name: npm run fetch:sounds
  --scenes N        default: 10000
  --epochs N        with the scenes that are easy to learn, before two with all (default: 8)
  --seed N          default: 1
  --run FOLDER      where the checkpoint is kept (default: runs/speech)
  --out FILE        default: src/pretrained/speech.ts
`;

const BATCH = 8;
const RATE = 3e-3;
const DECAY = 0.01;
/** Epochs with all scenes, after those with the easy ones. */
const LAST_EPOCHS = 2;
const LAST_RATE = 1e-3;
/** Scenes that are made and kept together. */
const CHUNK = 250;
/** Features from −3 to 0 as bytes. */
const BYTE = 85;

await run(async () => {
  const options = readArguments(USAGE, {
    data: { type: 'string' },
    corpora: { type: 'string' },
    sounds: { type: 'string' },
    scenes: { type: 'string', default: '10000' },
    epochs: { type: 'string', default: '8' },
    seed: { type: 'string', default: '1' },
    run: { type: 'string', default: 'runs/speech' },
    out: { type: 'string', default: 'src/pretrained/speech.ts' },
  });
  const { data, corpora, sounds } = options;
  if (!data || !corpora || !sounds) throw new UsageError('Cannot train: --data, --corpora and --sounds must be given');
  const [count, epochs, seed] = (['scenes', 'epochs', 'seed'] as const).map((name) => wholeNumber(name, options[name]));
  const signal = interruptible('Stopped. The same command resumes from here.');
  const scenes = await keptScenes({ data, corpora, sounds }, count!, seed!, signal);
  const weights = await train(scenes, epochs!, seed!, fileCheckpoint(join(options.run, 'checkpoint.bin')), signal);
  const rounded = rounding(weights);
  const chosen = chooseThreshold(await keptScores(rounded.weights, { data, corpora, sounds }));
  await writeFile(options.out, moduleOf(rounded, chosen.threshold));
  const [missed, taken] = [chosen.missed, chosen.taken].map((share) => `${(100 * share).toFixed(2)} %`);
  console.log(
    `${options.out}: ${WEIGHTS} weights, threshold ${chosen.threshold}: of what was kept aside, ${missed} of speech missed,`,
  );
  console.log(`${taken} of other sounds taken for speech`);
});

interface KeptScenes {
  readonly count: number;
  /** [scenes, STEPS, STEP_SIZE] */
  readonly rows: Uint8Array;
  readonly labels: Int8Array;
}

/** Makes scenes, or reads them where they were made before. */
async function keptScenes(paths: SoundPaths, count: number, seed: number, signal: AbortSignal): Promise<KeptScenes> {
  const rows = new Uint8Array(count * STEPS * STEP_SIZE);
  const labels = new Int8Array(count * STEPS);
  let sounds: Sounds | undefined;
  await mkdir('.cache/speech', { recursive: true });
  for (let first = 0; first < count; first += CHUNK) {
    const size = Math.min(CHUNK, count - first);
    const path = `.cache/speech/scenes-${seed}-${count}-${first}-${size}.bin`;
    const kept = await readFile(path).catch(() => undefined);
    if (kept) {
      rows.set(kept.subarray(0, size * STEPS * STEP_SIZE), first * STEPS * STEP_SIZE);
      labels.set(new Int8Array(kept.subarray(size * STEPS * STEP_SIZE)), first * STEPS);
      continue;
    }
    sounds ??= await trainingSounds(paths);
    const chunk = Buffer.alloc(size * STEPS * (STEP_SIZE + 1));
    for (let i = 0; i < size; i++) {
      signal.throwIfAborted();
      const scene = makeScene(sounds, new RandomStream(seed, 'scene', first + i), (first + i) / count);
      const own = featuresOf(scene.samples).map((x) => Math.round(BYTE * (x + 3)));
      chunk.set(own, i * STEPS * STEP_SIZE);
      chunk.set(new Uint8Array(scene.labels.buffer), size * STEPS * STEP_SIZE + i * STEPS);
      if (i % 10 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    await writeFile(path, chunk);
    rows.set(chunk.subarray(0, size * STEPS * STEP_SIZE), first * STEPS * STEP_SIZE);
    labels.set(new Int8Array(chunk.subarray(size * STEPS * STEP_SIZE)), first * STEPS);
    console.log(`scenes: ${first + size} of ${count}`);
  }
  return { count, rows, labels };
}

/** The last epoch's weights: nothing is chosen. */
async function train(
  { count, rows, labels }: KeptScenes,
  epochs: number,
  seed: number,
  store: ReturnType<typeof fileCheckpoint>,
  signal: AbortSignal,
): Promise<Float32Array> {
  const weights = initialWeights(new RandomStream(seed, 'weights'));
  const network = new TrainableNetwork(weights);
  const adam = new Adam(WEIGHTS);
  const average = weights.slice();
  let epoch = 0;
  const saved = await store.load();
  if (saved) {
    const numbers = new Float32Array(saved.slice().buffer);
    epoch = numbers[0]!;
    weights.set(numbers.subarray(2, 2 + WEIGHTS));
    average.set(numbers.subarray(2 + WEIGHTS, 2 + 2 * WEIGHTS));
    adam.restore(numbers.subarray(2 + 2 * WEIGHTS), numbers[1]!);
    console.log(`resumes behind epoch ${epoch}`);
  }
  const own = new Float32Array(STEPS * STEP_SIZE);
  for (; epoch < epochs + LAST_EPOCHS; epoch++) {
    // Scenes that are hard to learn come last, when the others are known.
    const isLast = epoch >= epochs;
    const scenes = isLast ? count : Math.round(EASY * count);
    const steps = Math.ceil(scenes / BATCH);
    const rateAt = (step: number) => {
      const at = isLast ? (epoch - epochs + step / steps) / LAST_EPOCHS : (epoch + step / steps) / epochs;
      const most = isLast ? LAST_RATE : RATE * Math.min(1, at / 0.05);
      return most * 0.5 * (1 + Math.cos(Math.PI * at));
    };
    const order = new RandomStream(seed, 'order', epoch).shuffle(Array.from({ length: scenes }, (_, i) => i));
    let [loss, right, all] = [0, 0, 0];
    for (let step = 0; step < steps; step++) {
      const batch = order.slice(step * BATCH, (step + 1) * BATCH);
      network.gradient.fill(0);
      let known = 0;
      for (const i of batch) {
        const kept = rows.subarray(i * own.length, (i + 1) * own.length);
        for (let k = 0; k < own.length; k++) own[k] = kept[k]! / BYTE - 3;
        const own_labels = labels.subarray(i * STEPS, (i + 1) * STEPS);
        const result = network.run(own, STEPS, own_labels);
        loss += result.loss;
        for (let t = 0; t < STEPS; t++) {
          if (own_labels[t]! < 0) continue;
          known++;
          if (result.logits[t]! > 0 === (own_labels[t] === 1)) right++;
        }
      }
      all += known;
      for (let k = 0; k < WEIGHTS; k++) network.gradient[k]! /= known;
      adam.step(weights, network.gradient, rateAt(step), DECAY);
      const keep = Math.min(0.998, (epoch * steps + step) / (epoch * steps + step + 10));
      for (let k = 0; k < WEIGHTS; k++) average[k] = keep * average[k]! + (1 - keep) * weights[k]!;
      if (step % 20 === 0) {
        await new Promise((resolve) => setImmediate(resolve));
        signal.throwIfAborted();
      }
    }
    console.log(
      `epoch ${epoch + 1} of ${epochs + LAST_EPOCHS}: loss ${(loss / all).toFixed(4)}, ${((100 * right) / all).toFixed(2)} % of steps right`,
    );
    const numbers = new Float32Array(2 + 4 * WEIGHTS);
    numbers[0] = epoch + 1;
    numbers[1] = adam.steps;
    numbers.set(weights, 2);
    numbers.set(average, 2 + WEIGHTS);
    numbers.set(adam.state, 2 + 2 * WEIGHTS);
    await store.save(new Uint8Array(numbers.buffer));
  }
  return average;
}

interface Rounded {
  /** One a column of each part. */
  readonly scales: Float32Array;
  readonly bytes: Int8Array;
  /** What they stand for. */
  readonly weights: Float32Array;
}

/** Weights rounded to 8 bits, with a scale for each column of each part. */
function rounding(weights: Float32Array): Rounded {
  const scales: number[] = [];
  const bytes = new Int8Array(weights.length);
  const rounded = new Float32Array(weights.length);
  let at = 0;
  for (const [, rows, columns] of PARTS) {
    for (let column = 0; column < columns; column++) {
      const places = Array.from({ length: rows }, (_, row) => at + row * columns + column);
      const scale = Math.fround(Math.max(...places.map((place) => Math.abs(weights[place]!))) / 127);
      scales.push(scale);
      for (const place of places) {
        bytes[place] = scale > 0 ? Math.round(weights[place]! / scale) : 0;
        rounded[place] = bytes[place]! * scale;
      }
    }
    at += rows * columns;
  }
  return { scales: Float32Array.from(scales), bytes, weights: rounded };
}

function moduleOf({ scales, bytes }: Rounded, threshold: number): string {
  const all = Buffer.concat([Buffer.from(scales.buffer), Buffer.from(bytes.buffer)]);
  return `// recordings that LICENSE lists, by \`npm run train:speech\` → the weights of the speech detector: a scale a column, then 8 bits a weight

/** From which probability on a step is speech, by sounds that were kept aside. */
export const threshold = ${threshold};

/** In base64. */
export default '${all.toString('base64')}';
`;
}
