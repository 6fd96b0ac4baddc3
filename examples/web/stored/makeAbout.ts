// the shipped model's settings, docs/results → what the About view says

import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { EmotionClassifier } from 'speech-emotion';
import { protocolOf } from '../../../docs/figures/accuracy.ts';
import { type ProtocolFigures, protocolFigures } from '../../../docs/figures/protocolFigures.ts';
import { readResults } from '../../../docs/figures/results.ts';
import { robustnessFigures } from '../../../docs/figures/robustness.ts';
import type { PersonaliseFile } from '../../../experiments/personalise/personaliseFile.ts';
import type { About, Accuracy } from './about.ts';

const RESULTS = fileURLToPath(new URL('../../../docs/results', import.meta.url));

/** The figures that the model card has, too. */
export async function makeAbout(settings: EmotionClassifier['settings']): Promise<About> {
  const results = await readResults(RESULTS);
  const protocols = results.protocols.flatMap((file) => protocolFigures(file) ?? []);
  const found = protocolOf(settings, protocols);
  const own: PersonaliseFile = JSON.parse(await readFile(`${RESULTS}/personalise.json`, 'utf8'));
  const rows = own.parts[0]?.rows ?? [];
  const enrolled = rows.filter(({ name }) => name === 'none' || name.startsWith('labelled-'));
  const { library, date, data } = settings.training;
  const { name, recordings, speakers, licence, citation } = data;
  const isSame = found !== undefined && results.robustness?.protocol === found.file.protocol;
  return {
    model: { name, recordings, speakers, licence, citation, library, date: date.slice(0, 10) },
    accuracy: found && accuracyOf(found),
    worse: isSame
      ? robustnessFigures(results).map(({ description, uar, change }) => ({ description, uar, change }))
      : [],
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
