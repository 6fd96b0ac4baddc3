// a model + labelled clips, as features or as recordings → its answers to each, as it is and under each dose

import { checkWaveform } from '../../audio/checkWaveform.ts';
import { speechRange } from '../../audio/trim.ts';
import type { Waveform } from '../../audio/waveform.ts';
import { abortable } from '../../core/abortable.ts';
import { loadPart } from '../../core/loadPart.ts';
import { RandomStream } from '../../core/random.ts';
import type { Recording } from '../../dataset/recording.ts';
import type { ExampleSet } from '../../exampleSet/exampleSet.ts';
import { extractUnchecked, preprocessUnchecked } from '../../features/extractFeatures.ts';
import { FeatureExtractor } from '../../features/featureExtractor.ts';
import { predict } from '../../model/predict.ts';
import type { TrainedModel } from '../../model/trainedModel.ts';
import type { LabelledPrediction } from '../labelledPrediction.ts';
import type { ResolvedAuditOptions } from './auditOptions.ts';
import type { AuditDose, DosedClip } from './dose.ts';

/** The answers to a clip. */
export interface ClipAnswers extends LabelledPrediction {
  /** Calibrated. */
  readonly probabilities: readonly number[];
  /** What it is a clip of, `''` where it is not known. */
  readonly corpus: string;
  /** The labels that it was asked for, of those of the model. */
  readonly asked: readonly string[];
  /** Calibrated, of each dose. */
  readonly dosed: readonly (readonly number[])[];
  /** Whether there is speech in it, where that is asked. */
  readonly speech?: boolean | undefined;
}

/** The answers to features: without doses, which need sound. */
export async function answerExamples(
  model: TrainedModel,
  { labels, examples }: ExampleSet,
  { signal, onProgress }: ResolvedAuditOptions,
): Promise<ClipAnswers[]> {
  const total = examples.length;
  const predictions = await predict(
    model,
    examples.map(({ variants }) => variants[0]!),
    { signal, onPrediction: (_, i) => onProgress?.({ type: 'clip', name: examples[i]!.name, done: i + 1, total }) },
  );
  return examples.map(({ name, label, speaker, groups, corpus = '', asked }, i) => ({
    ...{ name, label, speaker, groups: withCorpus(groups, corpus), corpus, dosed: [] },
    asked: asked === undefined ? labels : asked.map((index) => labels[index]!),
    probabilities: Array.from(predictions[i]!.probabilities),
  }));
}

/** The doses asked for, those that are named looked up. */
export async function resolveDoses(doses: ResolvedAuditOptions['doses']): Promise<readonly AuditDose[]> {
  if (doses.every((dose) => typeof dose !== 'string')) return doses as readonly AuditDose[];
  const { DOSES } = await loadPart(
    import('./doses.ts'),
    (reason, cause) => new Error(`Cannot audit: doses are ${reason}`, { cause }),
  );
  return doses.flatMap((dose) =>
    typeof dose === 'string' ? DOSES[dose].map((own) => ({ name: dose, ...own })) : [dose],
  );
}

/** The answers to recordings whose labels the model has. */
export async function answerRecordings(
  model: TrainedModel,
  recordings: readonly Recording[],
  allAsked: readonly string[],
  doses: readonly AuditDose[],
  options: ResolvedAuditOptions,
): Promise<ClipAnswers[]> {
  const { labels } = model.settings;
  const { signal, onProgress, speech } = options;
  const extractor = new FeatureExtractor(model.settings.features);
  const voicesFor = doses.length > 0 ? await openVoices(recordings, extractor, options) : () => [];
  const answers: ClipAnswers[] = [];
  for (const recording of recordings) {
    const { name, label, speaker, groups, corpus = '', asked = allAsked } = recording;
    const waveform = await read(recording, signal);
    const sound = await preprocessUnchecked(extractor, waveform, { trim: false, signal });
    const spoken = await speechOf(sound, extractor, signal);
    const matrices = [await extractUnchecked(extractor, sound, { signal })];
    for (const dose of doses) {
      signal?.throwIfAborted();
      const changed = await abortable(
        Promise.resolve(
          dose.apply(sound, {
            ...{ name, voices: voicesFor(recording), frameSeconds: 1 / extractor.framesPerSecond },
            random: new RandomStream(options.seed, 'audit', dose.name, name),
            speech: spoken,
          }),
        ),
        signal,
      );
      checkWaveform(`audit with ${dose.name}, ${dose.dose}`, changed);
      matrices.push(await extractUnchecked(extractor, changed, { signal }));
    }
    const [own, ...dosed] = (await predict(model, matrices, { signal })).map(({ probabilities }) =>
      Array.from(probabilities),
    );
    answers.push({
      ...{ name, label: labels.indexOf(label), speaker, groups: withCorpus(groups, corpus), corpus },
      asked: labels.filter((one) => asked.includes(one)),
      ...{ probabilities: own!, dosed },
      ...(speech && { speech: await abortable(Promise.resolve(speech(waveform, { signal })), signal) }),
    });
    onProgress?.({ type: 'clip', name, done: answers.length, total: recordings.length });
  }
  return answers;
}

function withCorpus(groups: LabelledPrediction['groups'], corpus: string): LabelledPrediction['groups'] {
  return corpus === '' || groups.corpus !== undefined ? groups : { ...groups, corpus };
}

async function read(recording: Recording, signal: AbortSignal | undefined): Promise<Waveform> {
  signal?.throwIfAborted();
  const waveform = await abortable(recording.waveform({ signal }), signal);
  checkWaveform('audit', waveform);
  return waveform;
}

async function speechOf(
  sound: Waveform,
  { options: { trim } }: FeatureExtractor,
  signal: AbortSignal | undefined,
): Promise<DosedClip['speech']> {
  const [from, to] = await speechRange(sound, trim || { thresholdDb: 40, keepSeconds: 0.1 }, signal);
  return { from, to };
}

/** How many clips babble is made of, for all clips together: each is read once more. */
const POOL = 12;

/** Some of the recordings, drawn → for each, those by other speakers where there are any, in a drawn order. */
async function openVoices(
  recordings: readonly Recording[],
  extractor: FeatureExtractor,
  { seed, signal }: ResolvedAuditOptions,
): Promise<(clip: Recording) => readonly Waveform[]> {
  const drawn = new RandomStream(seed, 'audit', 'voices').shuffle([...recordings]);
  const chosen = firstOfEachSpeaker(drawn).slice(0, POOL);
  const pool: { readonly recording: Recording; readonly waveform: Waveform }[] = [];
  for (const recording of chosen) {
    pool.push({ recording, waveform: await preprocessUnchecked(extractor, await read(recording, signal), { signal }) });
  }
  return (clip) => {
    const others = pool.filter(({ recording }) => recording !== clip);
    const strangers = others.filter(({ recording }) => recording.speaker !== clip.speaker);
    const voices = [strangers, others, pool].find((list) => list.length > 0) ?? [];
    const order = new RandomStream(seed, 'audit', 'voices', clip.name).shuffle([...voices]);
    return order.map(({ waveform }) => waveform);
  };
}

/** One clip of each speaker first, then the others. */
function firstOfEachSpeaker(recordings: readonly Recording[]): Recording[] {
  const seen = new Set<string>();
  const first = recordings.filter(({ speaker }) => !seen.has(speaker) && seen.add(speaker));
  return [...first, ...recordings.filter((recording) => !first.includes(recording))];
}
