// a model + corpora → the share of labels that change when clips move by one frame: npm run shift -- --data ZIP_OR_FOLDER

import { loadModel, type Recording } from 'speech-emotion';
import { modelDirectory } from 'speech-emotion/node';
import { pretrained } from 'speech-emotion/pretrained';
import { useBackend } from '../../examples/node/backend.ts';
import { interruptible, readArguments, run, UsageError, wholeNumber } from '../../examples/node/commandLine.ts';
import { showProgress } from '../../examples/node/progress.ts';
import { byCorpus, evenly, type OpenedClips, openClips } from '../corpus/openClips.ts';
import { PROTOCOLS } from '../protocols/protocols.ts';
import { percent } from '../report/printEvaluation.ts';
import { resultStore } from '../results/resultStore.ts';
import { revision } from '../results/revision.ts';
import { measureShift, SHIFTS, type ShiftName, type ShiftResult } from './shiftedClips.ts';
import type { ShiftFile } from './shiftFile.ts';

const USAGE = `
npm run shift -- --data ZIP_OR_FOLDER [options]

Moves clips by one frame and counts how often a model changes its label: ${Object.entries(SHIFTS)
  .map(([name, description]) => `\n  ${name.padEnd(17)}${description}`)
  .join('')}

  --data PATH        archive or folder of RAVDESS speech
  --corpora PATH     folder of other corpora; each is measured by itself
  --model FOLDER     the model (default: the shipped one, which knows all of RAVDESS, nEMO, ASED and EMOVO)
  --protocol NAME    with --fold: of RAVDESS, or of all corpora for loco, only the clips that this fold tests
  --fold N           the fold, counted from 0
  --shifts N         averages each prediction over so many places (default: as the model does)
  --exact-trim       silence is cut off to the sample (default: as the model does)
  --limit N          so many clips of each corpus, evenly spaced (default: all)
  --out FILE         default: runs/shift.json; docs/voices.md shows every docs/results/shift-NAME.json
  --backend NAME     wasm, cpu or webgpu (default: wasm)
`;

await run(async () => {
  const options = readArguments(USAGE, {
    data: { type: 'string', multiple: true, default: [] },
    corpora: { type: 'string', multiple: true, default: [] },
    model: { type: 'string' },
    protocol: { type: 'string' },
    fold: { type: 'string' },
    shifts: { type: 'string' },
    'exact-trim': { type: 'boolean', default: false },
    limit: { type: 'string' },
    out: { type: 'string', default: 'runs/shift.json' },
    backend: { type: 'string', default: 'wasm' },
  });
  const limit = options.limit === undefined ? undefined : wholeNumber('limit', options.limit);
  if ((options.protocol === undefined) !== (options.fold === undefined)) {
    throw new UsageError('Cannot choose clips: --protocol and --fold must be given together');
  }
  await useBackend(options.backend);
  const signal = interruptible('Stopped.');
  const loaded = await loadModel(options.model === undefined ? pretrained : modelDirectory(options.model));
  const { window, features } = loaded.settings;
  const averaged = options.shifts === undefined ? (window.shifts ?? 1) : wholeNumber('shifts', options.shifts);
  if (averaged < 1) throw new UsageError(`Cannot average: --shifts must be from 1, got ${averaged}`);
  const exact = options['exact-trim'] && features.trim !== false ? ({ exact: true } as const) : {};
  const trim = features.trim && { ...features.trim, ...exact };
  const settings = { ...loaded.settings, features: { ...features, trim }, window: { ...window, shifts: averaged } };
  const model = { ...loaded, settings };
  const opened = await openClips(options.data, options.corpora);
  const clips = options.protocol === undefined ? opened.all : testedIn(opened, options.protocol, options.fold!);
  const known = [...clips].filter(({ label }) => model.settings.labels.includes(label));
  const store = resultStore<ShiftFile>(options.out, 'corpora');
  const head = {
    ...{ model: options.model ?? 'speech-emotion/pretrained', averaged, trim, commit: revision(), shifts: SHIFTS },
    clips: `${options.protocol ? `fold ${options.fold} of ${options.protocol}` : 'all'}${limit === undefined ? '' : `, at most ${limit} of each corpus`}`,
  };
  const results: ShiftResult[] = [];
  for (const [corpus, own] of byCorpus(known)) {
    const chosen = evenly(own, limit);
    const progress = showProgress(corpus, chosen.length);
    let done = 0;
    const onClip = () => progress.update(++done);
    results.push(await measureShift(model, corpus, chosen, { signal, onClip }).finally(() => progress.stop()));
    print(results.at(-1)!);
    await store.write({ ...head, corpora: results });
  }
  model.network.dispose();
});

/** The clips that a fold tests. A fold of RAVDESS leaves other corpora as they are: none of their clips were trained on. */
function testedIn({ all, speech }: OpenedClips, name: string, number: string): Recording[] {
  const protocol = PROTOCOLS[name];
  if (!protocol || !speech) {
    throw new UsageError(
      `Cannot choose clips: --protocol must be ${Object.keys(PROTOCOLS).join(', ')}, with --data, got '${name}'`,
    );
  }
  const folds = protocol.folds({ speech, corpora: all });
  const fold = folds[wholeNumber('fold', number)];
  if (!fold) throw new UsageError(`Cannot choose clips: --fold must be from 0 to ${folds.length - 1}`);
  const tested = new Set(Array.from(fold.test, (clip) => clip.name));
  return [...all].filter((clip) => tested.has(clip.name) || (name !== 'loco' && clip.corpus !== 'RAVDESS'));
}

function print({ corpus, clips, uar, uarRestricted, shifts }: ShiftResult): void {
  const changed = (Object.keys(SHIFTS) as ShiftName[]).map((name) => {
    const { changed, changedRestricted } = shifts[name];
    return `${name} ${percent(changed)} (among its labels ${percent(changedRestricted)})`;
  });
  console.log(
    `${corpus}: ${clips} clips, UAR ${percent(uar)} (${percent(uarRestricted)}); changed: ${changed.join(', ')}`,
  );
}
