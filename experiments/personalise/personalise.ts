// models + speakers they have not heard → recognition before and after speakers enrolled clips: npm run personalise -- --help

import { fileCheckpoint } from 'speech-emotion/node';
import { useBackend } from '../../examples/node/backend.ts';
import { interruptible, readArguments, run, UsageError, wholeNumber } from '../../examples/node/commandLine.ts';
import type { SpeakerConstants } from '../../src/classifier/speakerWeights.ts';
import { numberList } from '../commandLine.ts';
import { cachedExamples } from '../corpus/cachedExamples.ts';
import { openCorpus } from '../corpus/openCorpus.ts';
import { PROTOCOLS } from '../protocols/protocols.ts';
import type { ResultFile } from '../results/resultFile.ts';
import { readResult } from '../results/resultStore.ts';
import { revision } from '../results/revision.ts';
import { ConstantsChoice } from './chooseConstants.ts';
import { featuresOf, foldsOfModels, foldsOfResults, modelFolder } from './heardFolds.ts';
import type { PersonaliseFile, PersonaliseRow } from './personaliseFile.ts';
import { meanAndStd, type Scores, scoresOf } from './score.ts';
import { type HeardFold, testSpeakers } from './speakerTests.ts';
import { type Way, waysOf } from './ways.ts';

const USAGE = `
npm run personalise -- [options]

How much better a speaker is recognised who has enrolled some clips: clips of one of RAVDESS' two sentences are enrolled, those of the
other are tested, both ways round. The method's constants are chosen for each fold by the speakers of the other folds.

  --results FILE     probabilities that npm run evaluate wrote (default: docs/results/si5.json): only log-probabilities are corrected
  --models FOLDER    models that npm run evaluate -- --models FOLDER kept: the last layer is corrected
  --data PATH        archive or folder of RAVDESS speech, for --models
  --seed LIST        seeds of the models (default: 1-5)
  --folds LIST       only these, counted from 0 (default: all)
  --draws N          how often the clips to enrol are drawn (default: 4)
  --out FILE         default: docs/results/personalise.json, where what comes from results and from models stand side by side
`;

await run(async () => {
  const options = readArguments(USAGE, {
    results: { type: 'string', default: 'docs/results/si5.json' },
    models: { type: 'string' },
    data: { type: 'string', multiple: true, default: [] },
    seed: { type: 'string', default: '1-5' },
    folds: { type: 'string' },
    draws: { type: 'string', default: '4' },
    out: { type: 'string', default: 'docs/results/personalise.json' },
  });
  const { models, data, out } = options;
  const draws = wholeNumber('draws', options.draws);
  const seeds = numberList('seed', options.seed);
  const file = readResult<ResultFile>(options.results);
  if (!file) throw new UsageError(`Cannot personalise: --results must be a file of results, got ${options.results}`);
  const chosen = options.folds && numberList('folds', options.folds);
  const wanted = (fold: string) => !chosen || chosen.includes(Number(fold.split('/')[1]));
  const heard = models
    ? await heardByModels(models, data, seeds, wanted)
    : foldsOfResults({ ...file, runs: file.runs.filter(({ seed, fold }) => seeds.includes(seed) && wanted(fold)) });

  const ways = waysOf(file.labels);
  const choice = new ConstantsChoice(heard, ways);
  const folds = [...new Set(heard.map(({ fold }) => fold))];
  const constants = folds.map((fold) => {
    const best = choice.best(folds.length > 1 ? fold : undefined);
    console.log(`${fold}: ${JSON.stringify(best)}`);
    return { fold, ...best };
  });
  const overall = choice.best();
  console.log(`all folds: ${JSON.stringify(overall)}`);
  const constantsOf = ({ fold }: HeardFold) => constants.find((one) => one.fold === fold)!;
  const rows = ways.map((way) => {
    const row = rowOf(way, heard, constantsOf, draws);
    console.log(
      `${way.name.padEnd(20)} UAR ${percent(row.uar)} men ${percent(row.uarMen)} women ${percent(row.uarWomen)} ` +
        `NLL ${row.nll.mean.toFixed(3)} ECE ${row.ece.mean.toFixed(3)}`,
    );
    return row;
  });
  const words = process.argv.slice(2).map((word) => (/[ '"]/.test(word) ? JSON.stringify(word) : word));
  const entry = {
    reads: models ? ('last layer' as const) : ('log-probabilities' as const),
    ...{ seeds: [...new Set(heard.map(({ seed }) => seed))], folds, draws },
    ...{
      commit: revision(),
      command: ['npm run personalise', ...(words.length > 0 ? ['--', ...words] : [])].join(' '),
      constants,
      overall,
      rows,
    },
  };
  const before = readResult<PersonaliseFile>(out);
  const others = before?.parts.filter(({ reads }) => reads !== entry.reads) ?? [];
  const parts = [...others, entry].sort((a, b) => (a.reads < b.reads ? -1 : 1));
  const result: PersonaliseFile = { protocol: file.protocol, description: file.description, parts };
  await fileCheckpoint(out).save(new TextEncoder().encode(`${JSON.stringify(result, null, 1)}\n`));
});

async function heardByModels(
  folder: string,
  data: readonly string[],
  seeds: readonly number[],
  wanted: (fold: string) => boolean,
): Promise<HeardFold[]> {
  if (data.length === 0) throw new UsageError('Cannot personalise: --data must name an archive or a folder of RAVDESS');
  await useBackend('wasm');
  const signal = interruptible('Stopped.');
  const speech = (await openCorpus(data, false)).filter({ channel: 'speech' });
  const folds = PROTOCOLS.si5!.folds({ speech }).filter(({ name }) => wanted(name));
  const features = await featuresOf(modelFolder(folder, folds[0]!.name, seeds[0]!));
  const examples = await cachedExamples(speech, data, { features, speeds: [] }, signal);
  return foldsOfModels(folder, seeds, folds, examples, (seed, fold) => console.log(`Heard by seed ${seed}, ${fold}`));
}

/** All seeds' scores of one way. */
function rowOf(
  { name, description, enrolling }: Way,
  heard: readonly HeardFold[],
  constantsOf: (fold: HeardFold) => SpeakerConstants,
  draws: number,
): PersonaliseRow {
  const seeds = [...new Set(heard.map(({ seed }) => seed))];
  const scores = seeds.map((seed): Scores => {
    const folds = heard.filter((fold) => fold.seed === seed);
    const answers = enrolling.flatMap((one) =>
      Array.from({ length: one.labelled ? draws : 1 }, (_, draw) =>
        folds.flatMap((fold) => testSpeakers(fold, one, constantsOf(fold), draw)),
      ).flat(),
    );
    return scoresOf(answers);
  });
  const over = (of: keyof Scores) => {
    const { mean, std } = meanAndStd(scores.map((score) => score[of]));
    return { mean: Number(mean.toFixed(5)), std: Number(std.toFixed(5)) };
  };
  const [uar, uarMen, uarWomen] = [over('uar'), over('uarMen'), over('uarWomen')];
  return { name, description, uar, uarMen, uarWomen, nll: over('nll'), ece: over('ece') };
}

function percent({ mean, std }: { readonly mean: number; readonly std: number }): string {
  return `${(100 * mean).toFixed(1)} ± ${(100 * std).toFixed(1)}`;
}
