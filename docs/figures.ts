// src/pretrained/model.json, docs/results, bench/results, examples, the readers of corpora and the library's defaults → docs/model-card.md, marked regions, pictures: npm run figures
//
// This script writes every figure in the documentation that comes from a run or from the code, and programs of examples/ that pages show;
// a test compares the pages with what it would write.

import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { readFaults } from '../experiments/faults/record.ts';
import type { LeaksFile } from '../experiments/leaks/leaksFile.ts';
import type { ScaleFile } from '../experiments/scale/scaleFile.ts';
import type { SpeechResults } from '../experiments/speech/speechResults.ts';
import type { AuditResult } from '../src/evaluation/audit/auditResult.ts';
import { parseModelSettings } from '../src/model/trainedModel.ts';
import { accuracy } from './figures/accuracy.ts';
import { TITLES } from './figures/cardAudit.ts';
import { corporaSections, corporaTable } from './figures/corpora.ts';
import { faultsPage } from './figures/faults.ts';
import { type FormatInPlaces, formatsPage } from './figures/formats.ts';
import { leaksPage } from './figures/leaks.ts';
import { fillRegion } from './figures/markdown.ts';
import { modelCard, type ShippedModel } from './figures/modelCard.ts';
import { performance, readBenches } from './figures/performance.ts';
import { personalisingPage } from './figures/personalise.ts';
import { clipsTable, networkTable } from './figures/pipelineTables.ts';
import { fillPrograms } from './figures/programs.ts';
import { protocolFigures } from './figures/protocolFigures.ts';
import { readResults } from './figures/results.ts';
import { resultsPage } from './figures/resultsPage.ts';
import { archiveFaults, scalePage, servePage } from './figures/scale.ts';
import { speechPage } from './figures/speech.ts';
import { systemsPage } from './figures/systems.ts';
import { type TaskDone, tasksPage } from './figures/tasks.ts';
import { personaliseOf, testedOf, testOf } from './figures/tested.ts';
import { timelinePictures } from './figures/timelinePictures.ts';
import { readVoices } from './figures/voices/readVoices.ts';
import { voicesPage } from './figures/voices.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

/** The pages with figures and their pictures, up to date, by path from the root. */
export async function pages(): Promise<Record<string, string>> {
  tf.env().set('PROD', true); // no advertisement for tfjs-node on the console
  await tf.setBackend('cpu');
  const read = (path: string) => readFile(`${root}/${path}`, 'utf8');
  const shipped = async (name: string): Promise<ShippedModel> => {
    const json = JSON.parse(await read(`src/pretrained/${name}.json`)) as tf.io.ModelJSON;
    return { json, settings: parseModelSettings(json.userDefinedMetadata?.['speech-emotion']) };
  };
  const model = await shipped('model');
  const others = { ravdess: await shipped('ravdess'), small: await shipped('small') };
  const results = await readResults(`${root}/docs/results`);
  const voices = await readVoices(`${root}/docs/results`);
  const protocols = results.protocols.flatMap((file) => protocolFigures(file) ?? []);
  const small = results.small && protocolFigures(results.small);
  const tested = testedOf(results, voices);
  const shippedTest = testOf(model.settings, tested);
  const audits: Record<string, AuditResult> = {};
  for (const name of Object.keys(TITLES)) {
    const text = await read(`docs/results/audit-${name}.json`).catch(() => undefined);
    if (text) audits[name] = JSON.parse(text);
  }
  const formats = JSON.parse(await read('docs/results/formats.json')) as FormatInPlaces[];
  const scale = JSON.parse(await read('docs/results/scale.json').catch(() => '{}')) as ScaleFile;
  const leaks = JSON.parse(await read('docs/results/leaks.json').catch(() => 'null')) as LeaksFile | null;
  const speech = JSON.parse(await read('docs/results/speech.json')) as SpeechResults;
  const pipeline = fillRegion(await read('docs/pipeline.md'), 'network', networkTable());
  const corpora = fillRegion(await read('docs/corpora.md'), 'corpora', corporaTable());
  return {
    'README.md': fillRegion(await read('README.md'), 'accuracy', accuracy(model.settings, tested)),
    'docs/model-card.md': modelCard(model, tested, others, audits),
    'docs/performance.md': performance(await read('docs/performance.md'), await readBenches(`${root}/bench/results`)),
    'docs/corpora.md': fillRegion(corpora, 'each-corpus', corporaSections()),
    'docs/live.md': await fillPrograms(await read('docs/live.md'), { twilio: 'twilio.ts', livekit: 'livekit.ts' }),
    'docs/speech.md': speechPage(
      await fillPrograms(await read('docs/speech.md'), { silero: 'silero.ts' }),
      ...([speech, model.settings, shippedTest?.figures] as const),
    ),
    'docs/personalising.md': personalisingPage(
      await fillPrograms(await read('docs/personalising.md'), { example: 'personalise.ts' }),
      personaliseOf(shippedTest, voices)!,
    ),
    'examples/web/DESIGN.md': tasksPage(
      await read('examples/web/DESIGN.md'),
      JSON.parse(await read('docs/results/tasks.json')) as TaskDone[],
    ),
    'docs/formats.md': formatsPage(await read('docs/formats.md'), formats),
    'docs/reliability.md': archiveFaults(faultsPage(await read('docs/reliability.md'), await readFaults()), scale),
    'docs/scale.md': scalePage(await read('docs/scale.md'), scale),
    'docs/serve.md': servePage(await read('docs/serve.md'), scale),
    ...(await resultsPage(await read('docs/results.md'), results, protocols, small)),
    ...systemsPage(await read('docs/systems.md'), results.systems),
    ...(await timelinePictures(root)),
    ...(await leaksPage(
      await read('docs/leaks.md'),
      leaks ?? undefined,
      results.protocols.find(({ protocol }) => protocol === 'sd10'),
    )),
    ...(await voicesPage(await read('docs/voices.md'), voices)),
    'docs/pipeline.md': fillRegion(pipeline, 'clips', await clipsTable(`${root}/examples/clips`)),
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const [path, content] of Object.entries(await pages())) {
    await mkdir(dirname(`${root}/${path}`), { recursive: true });
    await writeFile(`${root}/${path}`, content);
  }
}
