// the shipped model's settings, docs/results → what the About view says

import { fileURLToPath } from 'node:url';
import type { EmotionClassifier } from 'speech-emotion';
import type { ProtocolFigures } from '../../../docs/figures/protocolFigures.ts';
import { readResults } from '../../../docs/figures/results.ts';
import { personaliseOf, testedOf, testOf } from '../../../docs/figures/tested.ts';
import { readVoices } from '../../../docs/figures/voices/readVoices.ts';
import type { About, Accuracy } from './about.ts';

const RESULTS = fileURLToPath(new URL('../../../docs/results', import.meta.url));

/** The figures that the model card has, too. */
export async function makeAbout(settings: EmotionClassifier['settings']): Promise<About> {
  const voices = await readVoices(RESULTS);
  const found = testOf(settings, testedOf(await readResults(RESULTS), voices));
  const rows = personaliseOf(found, voices)?.parts[0]?.rows ?? [];
  const enrolled = rows.filter(({ name }) => name === 'none' || name.startsWith('labelled-'));
  const { library, date, data } = settings.training;
  const { name, recordings, speakers, licence, citation } = data;
  return {
    model: { name, recordings, speakers, licence, citation, library, date: date.slice(0, 10) },
    accuracy: found && accuracyOf(found.figures),
    worse: (found?.conditions ?? []).map(({ description, uar, change }) => ({ description, uar, change })),
    ownVoice: enrolled.map(({ description, uar }) => ({ description, uar: uar.mean })),
  };
}

/** Of a single model, as the one that is shipped. */
function accuracyOf({ file, clips, seeds, single }: ProtocolFigures): Accuracy {
  const { uar, war, pooled, calibrated } = single;
  const { female, male } = pooled.groups.sex ?? {};
  return {
    ...{ description: file.description, clips, seeds: seeds.length },
    uar: { mean: uar.mean, low: uar.interval.low, high: uar.interval.high },
    war: war.mean,
    recalls: file.labels.map((label, i) => ({ label, score: pooled.recalls[i] ?? Number.NaN })),
    ...{ women: female?.uar, men: male?.uar },
    calibrationError: calibrated.ece,
  };
}
