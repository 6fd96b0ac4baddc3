// seed → model artefacts: a small one's JSON or weights forged, its checksums repaired, loaded, and asked
//
// The checksums are written out once more, as `src/model/modelArtifact.ts` says them: CRC-32 of the weights; and of topology, weight
// specifications and settings together as JSON without spaces, its keys sorted.

import type * as tf from '@tensorflow/tfjs-core';
import { EmotionClassifier, type EmotionResult, type ModelArtifact, toArtifact } from 'speech-emotion';
import type { RandomStream } from 'speech-emotion/layers';
import { smallModel, smallSound } from '../../smallWork.ts';
import { damage } from '../bytes.ts';
import { between, happens, pick } from '../chance.ts';
import { zipCrc } from '../checksums.ts';
import type { Format } from '../format.ts';
import { forge, forgedText } from '../json.ts';
import { isSentence } from '../judge.ts';

const KEY = 'speech-emotion';
const sound = smallSound(0.4);

export const models: Format = {
  errors: ['ModelFormatError'],
  async open() {
    const model = smallModel();
    const artifact = await toArtifact(model);
    model.network.dispose();
    return (random) => {
      const right = happens(random, 0.03);
      const { json, weights } = right ? artifact : forged(random, artifact);
      const input = { json, weights } as ModelArtifact;
      return {
        input,
        unrefusable: right,
        answer: () => EmotionClassifier.load(input),
        fault: (answer) => faultOfClassifier(answer as EmotionClassifier),
      };
    };
  },
};

/** A model that was taken must answer, with probabilities. */
async function faultOfClassifier(classifier: EmotionClassifier): Promise<string | undefined> {
  try {
    const labels = [...classifier.labels];
    const all = { vad: false } as const;
    const { scores = [], confidence = 0 } = await classifier
      .classify(sound, all)
      .catch((error: Error): EmotionResult => {
        // What a network gives shows when it runs: logits, or what comes of weights of 1e38. That is told, then.
        if (isSentence(error.message) && /the network must give \d+ probabilities/.test(error.message)) throw EXCUSED;
        throw error;
      });
    const sum = scores.reduce((total, { score }) => total + score, 0);
    if (!(confidence >= 0 && confidence <= 1) || !(Math.abs(sum - 1) < 1e-3)) return 'probabilities that are none';
    const named = scores.map(({ label }) => label).sort();
    return named.join('\n') === labels.sort().join('\n') ? undefined : 'other labels than it has';
  } catch (error) {
    return error === EXCUSED ? undefined : `taken, and then ${(error as Error).name}: ${(error as Error).message}`;
  } finally {
    classifier.dispose();
  }
}

const EXCUSED = new Error('no probabilities, and said so');

interface ForgedModel {
  readonly json: unknown;
  readonly weights: unknown;
}

function forged(random: RandomStream, { json, weights }: ModelArtifact): ForgedModel {
  const at = random.next();
  if (at < 0.1) return { json, weights: damage(random, weights) };
  if (at < 0.2) {
    const values = new Float32Array(weights.slice().buffer);
    const odd = [Number.NaN, Number.POSITIVE_INFINITY, 1e38, -1e38, 1e20, 0];
    for (let times = between(random, 1, 3); times > 0; times--)
      values[random.integer(values.length)] = pick(random, odd);
    return withChecksums(json, new Uint8Array(values.buffer));
  }
  if (at < 0.25) return { json: forgedJson(random, json), weights };
  if (at < 0.28) return { json, weights: pick(random, [undefined, null, new ArrayBuffer(8), [], new Uint8Array(0)]) };
  // What the checks of checksums would hide: forged first, and the checksums then are those of the forgery.
  const part = random.next();
  const copy = structuredClone(json);
  const metadata = copy.userDefinedMetadata as Record<string, Record<string, unknown>>;
  if (part < 0.45) copy.modelTopology = forgedJson(random, copy.modelTopology) as typeof copy.modelTopology;
  else if (part < 0.6) copy.weightsManifest = forgedJson(random, copy.weightsManifest) as tf.io.WeightsManifestConfig;
  else metadata[KEY] = forgedJson(random, metadata[KEY]) as Record<string, unknown>;
  return withChecksums(copy, weights);
}

function forgedJson(random: RandomStream, value: unknown): unknown {
  return JSON.parse(forgedText(random, forge(random, value)));
}

function withChecksums(json: tf.io.ModelJSON, weights: Uint8Array): ForgedModel {
  try {
    const { checksums: _, ...settings } = json.userDefinedMetadata![KEY] as Record<string, unknown>;
    const specs = json.weightsManifest.flatMap((group) => group.weights);
    const topology = hex(zipCrc(new TextEncoder().encode(sorted({ topology: json.modelTopology, specs, settings }))));
    const checksums = { topology, weights: hex(zipCrc(weights)) };
    return { json: { ...json, userDefinedMetadata: { [KEY]: { ...settings, checksums } } }, weights };
  } catch {
    return { json, weights }; // too odd to have checksums
  }
}

function sorted(value: unknown): string {
  return JSON.stringify(value, (_key, item: unknown) => {
    if (typeof item !== 'object' || item === null || Array.isArray(item)) return item;
    return Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}

function hex(checksum: number): string {
  return checksum.toString(16).padStart(8, '0');
}
