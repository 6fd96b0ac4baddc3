// models + corpora they have not heard → recognition after adapting with few clips, and from scratch: npm run adapt-curve -- --help

import { evaluate, examplesOf, LabelledDataset, loadModel, type Recording } from 'speech-emotion';
import { RandomStream } from 'speech-emotion/layers';
import { modelDirectory } from 'speech-emotion/node';
import { useBackend } from '../../examples/node/backend.ts';
import { interruptible, readArguments, run, UsageError } from '../../examples/node/commandLine.ts';
import { numberList } from '../commandLine.ts';
import { cachedExamples } from '../corpus/cachedExamples.ts';
import { byCorpus, evenly, openClips } from '../corpus/openClips.ts';
import { modelFolder } from '../personalise/heardFolds.ts';
import { percent } from '../report/printEvaluation.ts';
import { resultStore } from '../results/resultStore.ts';
import { revision } from '../results/revision.ts';
import { TRAINING_CONFIGS } from '../training/trainingConfig.ts';
import { type AdaptFile, type AdaptPoint, type AdaptWay, WAYS } from './adaptFile.ts';
import { TRAININGS } from './trainings.ts';

const USAGE = `
npm run adapt-curve -- --corpora FOLDER --models FOLDER [options]

Adapts models to the labels of a corpus that they have not heard, with a few clips of each label of half of its speakers, and tests on
clips of the other half; beside it, the same clips from scratch. Points that are in the file already are not measured again.

  --corpora PATH     folder of corpora
  --models FOLDER    models that npm run evaluate -- --protocol loco --models FOLDER kept
  --only LIST        only these corpora (default: all of which there is a model)
  --clips LIST       clips of each label (default: 5,20,100)
  --seed LIST        of the clips drawn and the training (default: 1-3)
  --out FILE         default: docs/results/adapt.json
`;

/** Clips that are tested at most, evenly spaced. */
const MOST_TESTED = 600;

await run(async () => {
  const options = readArguments(USAGE, {
    corpora: { type: 'string', multiple: true, default: [] },
    models: { type: 'string', default: '' },
    only: { type: 'string' },
    clips: { type: 'string', default: '5,20,100' },
    seed: { type: 'string', default: '1-3' },
    out: { type: 'string', default: 'docs/results/adapt.json' },
  });
  const { corpora, models, out } = options;
  if (corpora.length === 0 || !models) throw new UsageError('Cannot adapt: give --corpora and --models');
  await useBackend('wasm');
  const signal = interruptible('Stopped. The same command goes on after the points that are done.');
  const store = resultStore<AdaptFile>(out, 'points');
  const { all } = await openClips([], corpora);
  for (const [corpus, clips] of byCorpus(all)) {
    if (options.only && !options.only.split(',').includes(corpus)) continue;
    const base = await loadModel(modelDirectory(modelFolder(models, `loco/${corpus}`, 1)));
    try {
      const labels = all.labels.filter((label) => clips.some((clip) => clip.label === label));
      const { features } = base.settings;
      const { speeds } = TRAINING_CONFIGS.independent;
      const own = new LabelledDataset(clips, { labels });
      const examples = await cachedExamples(own, corpora, { features, speeds }, signal);
      const [heard, others] = halves(clips);
      const tested = examplesOf(examples, evenly(others, MOST_TESTED));
      for (const count of numberList('clips', options.clips)) {
        for (const seed of numberList('seed', options.seed)) {
          const chosen = examplesOf(examples, draw(heard, labels, count, new RandomStream(seed, 'adapt', corpus)));
          for (const way of Object.keys(WAYS) as AdaptWay[]) {
            const points = store.read()?.points ?? [];
            const about = { corpus, clips: count, way, seed };
            if (points.some((point) => isSame(point, about))) continue;
            const { model } = await TRAININGS[way](base, chosen, seed, signal);
            const { uar } = await evaluate(model, tested, { signal }).finally(() => model.network.dispose());
            const sizes = { trained: chosen.examples.length, tested: tested.examples.length };
            const point: AdaptPoint = { ...about, ...sizes, uar };
            const description = 'half of the speakers of a corpus that the model has not heard, tested on the others';
            await store.write({ description, commit: revision(), ways: WAYS, points: [...points, point] });
            console.log(`${corpus}, ${count} clips a label, ${way}, seed ${seed}: UAR ${percent(uar)}`);
          }
        }
      }
    } finally {
      base.network.dispose();
    }
  }
});

/** Clips of every second speaker, and of the others. */
function halves(clips: readonly Recording[]): [Recording[], Recording[]] {
  const speakers = [...new Set(clips.map(({ speaker }) => speaker))].sort();
  const isFirst = ({ speaker }: Recording) => speakers.indexOf(speaker) % 2 === 0;
  return [clips.filter(isFirst), clips.filter((clip) => !isFirst(clip))];
}

/** So many clips of each label. */
function draw(clips: readonly Recording[], labels: readonly string[], count: number, random: RandomStream) {
  return labels.flatMap((label) => random.shuffle(clips.filter((clip) => clip.label === label)).slice(0, count));
}

function isSame(point: AdaptPoint, about: Pick<AdaptPoint, 'corpus' | 'clips' | 'way' | 'seed'>): boolean {
  return (Object.keys(about) as (keyof typeof about)[]).every((key) => point[key] === about[key]);
}
