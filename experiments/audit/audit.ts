// a model + corpora → what an audit finds, as JSON and as a page: npm run audit -- --data ZIP_OR_FOLDER

import { readFile, writeFile } from 'node:fs/promises';
import { EmotionClassifier, LabelledDataset, loadModel } from 'speech-emotion';
import {
  AUDIT_CHANGES,
  type AuditDose,
  type AuditOptions,
  type AuditProgress,
  type AuditResult,
  audit,
  auditPage,
  checkAudit,
} from 'speech-emotion/evaluation';
import { modelDirectory } from 'speech-emotion/node';
import { pretrained } from 'speech-emotion/pretrained';
import { useBackend } from '../../examples/node/backend.ts';
import { interruptible, readArguments, run, UsageError, wholeNumber } from '../../examples/node/commandLine.ts';
import { showProgress } from '../../examples/node/progress.ts';
import { byCorpus, evenly, openClips } from '../corpus/openClips.ts';
import { percent } from '../report/printEvaluation.ts';
import { throughMp3 } from '../robustness/perturbations/mp3.ts';

const USAGE = `
npm run audit -- --data ZIP_OR_FOLDER [options]

Audits a model: correctness by group, calibration, gaps, robustness dose by dose, speech or none.

  --data PATH        archive or folder of RAVDESS speech
  --corpora PATH     folder of other corpora
  --model FOLDER     the model (default: the shipped one, which knows all of RAVDESS, nEMO, ASED and EMOVO)
  --limit N          so many clips of each corpus, evenly spaced (default: all)
  --doses NAMES      changes of the sound, with commas between them, or none (default: ${[...AUDIT_CHANGES, 'mp3'].join(',')})
  --seed N           of noises and sounds (default: 1)
  --limits FILE      JSON with limits; where one is broken, the exit code is 1
  --out FILE         default: runs/audit.json
  --page FILE        default: runs/audit.html
  --backend NAME     wasm, cpu or webgpu (default: wasm)
`;

/** A change that needs an encoder. */
const MP3: AuditDose = { name: 'mp3', dose: '32 kbit/s', apply: throughMp3 };

await run(async () => {
  const options = readArguments(USAGE, {
    data: { type: 'string', multiple: true, default: [] },
    corpora: { type: 'string', multiple: true, default: [] },
    model: { type: 'string' },
    limit: { type: 'string' },
    doses: { type: 'string', default: [...AUDIT_CHANGES, 'mp3'].join(',') },
    seed: { type: 'string', default: '1' },
    limits: { type: 'string' },
    out: { type: 'string', default: 'runs/audit.json' },
    page: { type: 'string', default: 'runs/audit.html' },
    backend: { type: 'string', default: 'wasm' },
  });
  const limits = options.limits === undefined ? {} : JSON.parse(await readFile(options.limits, 'utf8'));
  const seed = wholeNumber('seed', options.seed);
  const limit = options.limit === undefined ? undefined : wholeNumber('limit', options.limit);
  await useBackend(options.backend);
  const signal = interruptible('Stopped.');
  const { all } = await openClips(options.data, options.corpora);
  const chosen = [...byCorpus(all).values()].flatMap((own) => evenly(own, limit));
  const clips = limit === undefined ? all : new LabelledDataset(chosen, { labels: all.labels });
  const model = await loadModel(options.model === undefined ? pretrained : modelDirectory(options.model));
  const classifier = EmotionClassifier.fromModel(model);
  let shown: ReturnType<typeof showProgress> | undefined;
  const onProgress = ({ type, done, total }: AuditProgress) => {
    if (done === 1) shown = showProgress(type === 'clip' ? 'Clips' : 'Other sounds', total);
    shown?.update(done);
    if (done === total) shown?.stop();
  };
  try {
    const result = await audit(model, clips, {
      ...{ doses: dosesNamed(options.doses), seed, onProgress, signal },
      speech: async (sound, call) => (await classifier.classify(sound, call)).speech,
    });
    await writeFile(options.out, `${JSON.stringify(result)}\n`);
    await writeFile(options.page, auditPage(result, `Audit of ${options.model ?? 'speech-emotion/pretrained'}`));
    print(result);
    console.log(`${options.out}, ${options.page}`);
    const broken = checkAudit(result, limits);
    for (const { figure, value, rule } of broken) console.error(`${figure} is ${value}, must be ${rule}`);
    if (broken.length > 0) process.exitCode = 1;
  } finally {
    shown?.stop();
    classifier.dispose();
  }
});

function dosesNamed(names: string): AuditOptions['doses'] {
  if (names === 'none') return [];
  return names.split(',').map((name) => {
    const known = AUDIT_CHANGES.find((change) => change === name);
    if (known) return known;
    if (name === MP3.name) return MP3;
    throw new UsageError(`Cannot read --doses: each must be of ${[...AUDIT_CHANGES, 'mp3'].join(', ')}, got ${name}`);
  });
}

function print({ open, restricted, robustness, speech }: AuditResult): void {
  console.log(`UAR ${percent(open.uar)}${restricted ? `, among the labels asked for ${percent(restricted.uar)}` : ''}`);
  console.log(`ECE ${open.calibration.ece.toFixed(3)}`);
  for (const [group, { best, worst, difference }] of Object.entries(open.gaps)) {
    console.log(`${group}: ${best} above ${worst} by ${percent(difference)}`);
  }
  for (const { name, dose, open: figures } of robustness ?? []) {
    console.log(`${name} ${dose}: UAR ${percent(figures.change)}, label stays ${percent(figures.unchanged)}`);
  }
  if (speech) console.log(`taken for speech: ${percent(speech.nonSpeechTaken)} of other sounds`);
}
