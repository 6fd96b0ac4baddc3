// trained model, shipped model, held-out clips → the scores of both

import { type Evaluation, type ExampleSet, evaluate, loadModel, type TrainedModel } from 'speech-emotion';
import { type LabelledPrediction, predictExamples, summarise } from 'speech-emotion/evaluation';
import { pretrained } from 'speech-emotion/pretrained';
import type { Comparison, Score } from './messages.ts';

/** Evaluates both on the same clips. */
export async function compare(trained: TrainedModel, heldOut: ExampleSet, signal: AbortSignal): Promise<Comparison> {
  const own = scoreOf(await evaluate(trained, heldOut, { signal }));
  const shipped = await loadModel(pretrained, { signal });
  try {
    const clips = heldOut.examples.length;
    return {
      trained: own,
      shipped: await evaluateShipped(shipped, heldOut, signal),
      clips,
      heard: heard(shipped, trained),
    };
  } finally {
    shipped.network.dispose();
  }
}

/** What the shipped model has learnt from, where these clips are of the same corpus, which it has heard as a whole. */
function heard(shipped: TrainedModel, trained: TrainedModel): string | undefined {
  const [all, some] = [shipped, trained].map(({ settings }) => settings.training.data.name);
  const corpus = (name: string | undefined) => /^\w+/.exec(name ?? '')?.[0];
  return all && corpus(all) === corpus(some) ? all : undefined;
}

/** The shown part of an evaluation. */
export function scoreOf({ uar, uarInterval, war, confusion, recalls, labels }: Evaluation): Score {
  return { uar, interval: uarInterval, war, confusion, recalls, labels };
}

/** If it has further labels, only those of these clips count. */
async function evaluateShipped(
  shipped: TrainedModel,
  heldOut: ExampleSet,
  signal: AbortSignal,
): Promise<Comparison['shipped']> {
  const { labels, features } = shipped.settings;
  const strange = heldOut.labels.filter((label) => !labels.includes(label));
  if (strange.length > 0) {
    return { reason: `it does not know ${strange.join(', ')}; it tells ${labels.join(', ')} apart` };
  }
  if (JSON.stringify(features) !== JSON.stringify(heldOut.features)) {
    return { reason: 'it takes other features than these recordings were prepared as' };
  }
  const places = heldOut.labels.map((label) => labels.indexOf(label));
  const predictions = (await predictExamples(shipped, heldOut, { signal })).map((clip) => among(places, clip));
  return scoreOf(summarise(heldOut.labels, [{ predictions, temperature: 1 }]));
}

function among(places: readonly number[], clip: LabelledPrediction): LabelledPrediction {
  const kept = places.map((place) => clip.probabilities[place]!);
  const sum = kept.reduce((a, b) => a + b, 0);
  return { ...clip, probabilities: kept.map((probability) => probability / sum) };
}
