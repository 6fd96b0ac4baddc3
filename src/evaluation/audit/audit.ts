// trained model + labelled clips → AuditResult

import { abortable } from '../../core/abortable.ts';
import { checkObject, typeName } from '../../core/check.ts';
import { loadPart } from '../../core/loadPart.ts';
import type { Recording } from '../../dataset/recording.ts';
import { checkExamples } from '../../exampleSet/checkExamples.ts';
import type { ExampleSet } from '../../exampleSet/exampleSet.ts';
import { libraryVersion } from '../../model/libraryVersion.ts';
import type { TrainedModel } from '../../model/trainedModel.ts';
import { checkFits } from '../checkFits.ts';
import { groupBy } from '../metrics.ts';
import { restrictPredictions } from '../restrictPredictions.ts';
import { bySpeaker } from '../speakerBootstrap.ts';
import { answerExamples, answerRecordings, type ClipAnswers, resolveDoses } from './answers.ts';
import { type AuditOptions, type ResolvedAuditOptions, resolveAuditOptions } from './auditOptions.ts';
import type { AuditResult, SpeechAudit } from './auditResult.ts';
import { auditView, inTurns } from './auditView.ts';
import type { AuditDose } from './dose.ts';
import { doseFigures } from './doseFigures.ts';

/**
 * Audits a model: how often it is right and for whom, how far its probabilities can be trusted, what noise, rooms and telephones do to
 * it, and whether it keeps silent where nobody speaks. `docs/audit.md` explains the figures; `auditPage` draws them, `checkAudit` holds
 * them to limits.
 *
 * @param data clips that the model was not trained on and by which nothing about it was chosen: recordings, e.g. a dataset, or their
 *   features, of which robustness cannot be measured. Recordings of labels that the model does not have are left out and counted
 * @throws {RangeError | TypeError} when there are no clips that the model has labels for, a clip is invalid, labels or features of an
 *   example set are not the model's, or an option is wrong
 * @throws {AudioFormatError | DatasetError} when a recording cannot be read
 * @throws the signal's reason when it aborts
 *
 * @example
 * ```ts
 * const result = await audit(model, dataset, { doses: ['telephone', 'babble'] });
 * console.log(result.open.uar, result.open.gaps.sex);
 * ```
 */
export async function audit(
  model: TrainedModel,
  data: ExampleSet | (Iterable<Recording> & { readonly labels?: readonly string[] | undefined }),
  options: AuditOptions = {},
): Promise<AuditResult> {
  checkObject('audit', 'model', model);
  const { labels, calibration, training } = checkObject('audit', 'settings', model.settings);
  const resolved = resolveAuditOptions(labels, options);
  const { signal, bootstrap, seed } = resolved;
  signal?.throwIfAborted();
  const { clips, doses, leftOut } = await answersTo(model, data, resolved);
  const view = { labels, sureAbove: calibration.sureAbove, ...resolved };
  const isRestricted = clips.some(({ asked }) => asked.length < labels.length);
  const restricted = isRestricted ? restrictedTo(labels, clips, resolved) : undefined;
  const robustness =
    doses &&
    (await inTurns([...doses.entries()], resolved, async ([i, { name, dose }]) => ({
      ...{ name, dose, open: doseFigures(clips, i, bootstrap) },
      restricted: restricted ? doseFigures(restricted, i, bootstrap) : null,
    })));
  return {
    ...{ format: 'speech-emotion audit', version: 1, library: `speech-emotion ${libraryVersion}` },
    model: { labels, trainedOn: training.data, calibration },
    data: { clips: clips.length, speakers: bySpeaker(clips).length, corpora: corporaOf(clips), leftOut },
    ...{ bootstrap, seed },
    open: await auditView(clips, view),
    restricted: restricted ? await auditView(restricted, view) : null,
    robustness: robustness ?? null,
    speech: await auditSpeech(clips, resolved),
  };
}

interface Answers {
  readonly clips: readonly ClipAnswers[];
  /** Undefined where the data are features. */
  readonly doses: readonly AuditDose[] | undefined;
  readonly leftOut: Readonly<Record<string, number>>;
}

async function answersTo(
  model: TrainedModel,
  data: Parameters<typeof audit>[1],
  options: ResolvedAuditOptions,
): Promise<Answers> {
  if (typeof data !== 'object' || data === null || !(Symbol.iterator in data || 'examples' in data)) {
    throw new TypeError(`Cannot audit: data must be recordings or an example set, got ${typeName(data)}`);
  }
  if (!(Symbol.iterator in data)) {
    checkFits('audit', model, checkExamples('audit', data));
    if (data.examples.length === 0) throw new RangeError('Cannot audit: there must be clips, got none');
    return { clips: await answerExamples(model, data, options), doses: undefined, leftOut: {} };
  }
  const { labels } = model.settings;
  const all = [...data];
  const known = all.filter(({ label }) => labels.includes(label));
  if (known.length === 0) {
    throw new RangeError(`Cannot audit: there must be clips of ${labels.join(', ')}, got none among ${all.length}`);
  }
  const others = groupBy(
    all.filter((recording) => !known.includes(recording)),
    ({ label }) => label,
  );
  const leftOut = Object.fromEntries(others.map(([label, own]) => [label, own.length]));
  const doses = await resolveDoses(options.doses);
  const clips = await answerRecordings(model, known, data.labels ?? labels, doses, options);
  return { clips, doses, leftOut };
}

/** The answers among the labels that were asked for, those under doses, too. */
function restrictedTo(
  labels: readonly string[],
  clips: readonly ClipAnswers[],
  { merge }: ResolvedAuditOptions,
): ClipAnswers[] {
  return clips.map((clip) => {
    const versions = [clip.probabilities, ...clip.dosed].map((probabilities) => ({ ...clip, probabilities }));
    const [own, ...dosed] = restrictPredictions(labels, versions, clip.asked, { merge }).map(({ probabilities }) =>
      Array.from(probabilities),
    );
    return { ...clip, probabilities: own!, dosed };
  });
}

function corporaOf(clips: readonly ClipAnswers[]): AuditResult['data']['corpora'] {
  return Object.fromEntries(
    groupBy(clips, ({ corpus }) => corpus).map(([corpus, own]) => [
      corpus,
      { clips: own.length, asked: [...new Set(own.flatMap(({ asked }) => asked))] },
    ]),
  );
}

async function auditSpeech(clips: readonly ClipAnswers[], options: ResolvedAuditOptions): Promise<SpeechAudit | null> {
  const { speech, seed, signal, onProgress } = options;
  if (!speech || clips.some((clip) => clip.speech === undefined)) return null;
  const { nonSpeech, NON_SPEECH_SOUNDS: total } = await loadPart(
    import('./nonSpeech.ts'),
    (reason, cause) => new Error(`Cannot audit: sounds are ${reason}`, { cause }),
  );
  const kinds: Record<string, { sounds: number; taken: number }> = {};
  let done = 0;
  for (const { kind, waveform } of nonSpeech(seed)) {
    signal?.throwIfAborted();
    const isTaken = await abortable(Promise.resolve(speech(waveform, { signal })), signal);
    kinds[kind] ??= { sounds: 0, taken: 0 };
    kinds[kind].sounds++;
    if (isTaken) kinds[kind].taken++;
    onProgress?.({ type: 'sound', name: kind, done: ++done, total });
  }
  return {
    nonSpeech: kinds,
    nonSpeechTaken: Object.values(kinds).reduce((sum, { taken }) => sum + taken, 0) / total,
    speechMissed: clips.filter((clip) => !clip.speech).length / clips.length,
  };
}
