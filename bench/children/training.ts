// recordings of RAVDESS, epochs → a training run, and a line of JSON after each epoch
//
// The training configuration of `npm run train` over all clips. Features are read from the cache where an earlier run has left them.

import { train } from 'speech-emotion';
import { openRavdess } from 'speech-emotion/node';
import { useBackend } from '../../examples/node/backend.ts';
import { cachedExamples } from '../../experiments/corpus/cachedExamples.ts';
import { buildNetwork, TRAINING_CONFIGS } from '../../experiments/training/trainingConfig.ts';
import type { EpochLine } from '../ravdess.ts';

const [path, epochs] = process.argv.slice(2) as [string, string];
await useBackend('wasm');
const { features, speeds } = TRAINING_CONFIGS.independent;
const examples = await cachedExamples(await openRavdess(path), [path], { features, speeds });
if (Number(epochs) > 0) {
  const network = buildNetwork(
    TRAINING_CONFIGS.independent,
    examples.examples[0]!.variants[0]!.bins,
    examples.labels.length,
    1,
  );
  let start = performance.now();
  await train(network, examples, {
    ...{ ...TRAINING_CONFIGS.independent.training, epochs: Number(epochs) },
    onProgress({ type }) {
      if (type !== 'epoch') return;
      const now = performance.now();
      const { rss } = process.memoryUsage();
      const line: EpochLine = {
        seconds: (now - start) / 1000,
        megabytes: rss / 1e6,
        peak: process.resourceUsage().maxRSS / 1e3,
      };
      console.log(JSON.stringify(line));
      start = now;
    },
  });
}
