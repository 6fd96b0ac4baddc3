// docs/results → what is on record of the configuration for several corpora

import { readdir, readFile } from 'node:fs/promises';
import type { AdaptFile } from '../../../experiments/adapt/adaptFile.ts';
import type { PersonaliseFile } from '../../../experiments/personalise/personaliseFile.ts';
import type { ResultFile, RobustnessFile } from '../../../experiments/results/resultFile.ts';
import type { ShiftFile } from '../../../experiments/robustness/shiftFile.ts';
import type { SpeechResults } from '../../../experiments/speech/speechResults.ts';
import type { VoicesTrialLine } from '../../../experiments/voices/trialLine.ts';

/** All results that are kept; those that do not exist yet are undefined. */
export interface VoicesResults {
  /** RAVDESS' folds, by models that were trained on other corpora, too. */
  readonly si5?: ResultFile | undefined;
  /** Corpora left out. */
  readonly loco?: ResultFile | undefined;
  /** The clips of `si5`, perturbed. */
  readonly robustness?: RobustnessFile | undefined;
  /** The same of the configuration that is trained on RAVDESS alone. */
  readonly alone?: ResultFile | undefined;
  readonly aloneRobustness?: RobustnessFile | undefined;
  readonly personalise?: PersonaliseFile | undefined;
  readonly alonePersonalise?: PersonaliseFile | undefined;
  readonly adapt?: AdaptFile | undefined;
  readonly speech?: SpeechResults | undefined;
  /** One for each model that was asked, in the order of their names. */
  readonly shifts: readonly ShiftFile[];
  /** As recorded. */
  readonly trials: readonly VoicesTrialLine[];
}

/** Reads the results of a folder; a missing folder has none. */
export async function readVoices(folder: string): Promise<VoicesResults> {
  const names = (await readdir(folder).catch(() => [])).sort();
  const text = (name: string) => readFile(`${folder}/${name}`, 'utf8');
  const read = async <T>(name: string): Promise<T | undefined> =>
    names.includes(name) ? (JSON.parse(await text(name)) as T) : undefined;
  const lines = names.includes('voices-search.jsonl') ? (await text('voices-search.jsonl')).split('\n') : [];
  const shifts = names.filter((name) => /^shift.*\.json$/.test(name));
  return {
    si5: await read('si5-voices.json'),
    loco: await read('loco-voices.json'),
    robustness: await read('robustness-voices.json'),
    alone: await read('si5.json'),
    aloneRobustness: await read('robustness.json'),
    personalise: await read('personalise-voices.json'),
    alonePersonalise: await read('personalise.json'),
    adapt: await read('adapt.json'),
    speech: await read('speech.json'),
    shifts: await Promise.all(shifts.map(async (name) => JSON.parse(await text(name)) as ShiftFile)),
    trials: lines.filter(Boolean).map((line) => JSON.parse(line) as VoicesTrialLine),
  };
}
