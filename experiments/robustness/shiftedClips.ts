// a model + clips → how often its answer changes when a clip moves by one frame

import { FeatureExtractor, type Prediction, predict, type Recording, type TrainedModel } from 'speech-emotion';
import { argMax, restrictPredictions } from 'speech-emotion/evaluation';

/** The ways to move a clip by one frame. */
export const SHIFTS = {
  cut: 'without the sound of its first frame, before silence is trimmed, as if recording had begun so much later',
  frame: 'without its first frame of features, after silence was trimmed',
} as const;

export type ShiftName = keyof typeof SHIFTS;

/** What a shift does to a model's answers. */
interface ShiftFigures {
  /** Share of the clips whose label it changes, among all labels of the model. */
  readonly changed: number;
  /** The same among the labels that the clip's corpus asked for. */
  readonly changedRestricted: number;
  /** Half of the sum of the probabilities' absolute changes, on average over the clips. */
  readonly distance: number;
}

/** A corpus' figures. */
export interface ShiftResult {
  readonly corpus: string;
  readonly clips: number;
  /** Mean over the labels of the share recognised, of the clips as they are, among all labels and among those asked for. */
  readonly uar: number;
  readonly uarRestricted: number;
  readonly shifts: Readonly<Record<ShiftName, ShiftFigures>>;
}

/** A clip's predictions: as it is, and moved in each way. */
interface ClipPredictions {
  readonly clip: Recording;
  readonly still: ArrayLike<number>;
  readonly moved: Readonly<Record<ShiftName, ArrayLike<number>>>;
}

/**
 * Measures one corpus.
 *
 * @param model what is asked, by the path of `predict`
 * @param clips of one corpus, with labels that the model has; those of less than three frames are left out
 * @param onClip called after each clip
 */
export async function measureShift(
  model: TrainedModel,
  corpus: string,
  clips: Iterable<Recording>,
  { signal, onClip }: { readonly signal?: AbortSignal; readonly onClip?: () => void } = {},
): Promise<ShiftResult> {
  const { labels } = model.settings;
  const extractor = new FeatureExtractor(model.settings.features);
  const all: ClipPredictions[] = [];
  for (const clip of clips) {
    const predictions = await predictShifted(model, extractor, clip, signal);
    if (predictions) all.push(predictions);
    onClip?.();
  }
  const restricted = all.map((predictions) => restrictedTo(labels, predictions));
  return {
    ...{ corpus, clips: all.length },
    ...{ uar: uarOf(labels, all), uarRestricted: uarOf(labels, restricted) },
    shifts: { cut: figuresOf('cut', all, restricted), frame: figuresOf('frame', all, restricted) },
  };
}

async function predictShifted(
  model: TrainedModel,
  extractor: FeatureExtractor,
  clip: Recording,
  signal: AbortSignal | undefined,
): Promise<ClipPredictions | undefined> {
  const waveform = await clip.waveform({ signal });
  const { samples, sampleRate } = waveform;
  const hop = Math.round(sampleRate / extractor.framesPerSecond);
  if (samples.length <= 2 * hop) return undefined;
  const still = await extractor.extract(waveform, { signal });
  const cut = await extractor.extract({ samples: samples.subarray(hop), sampleRate }, { signal });
  const { values, frames, bins } = still;
  if (frames < 3) return undefined;
  const frame = { values: values.subarray(bins), frames: frames - 1, bins };
  const [own, ofCut, ofFrame] = (await predict(model, [still, cut, frame], { signal })).map(
    ({ probabilities }: Prediction) => probabilities,
  );
  return { clip, still: own!, moved: { cut: ofCut!, frame: ofFrame! } };
}

/** The same predictions among the labels that the clip's corpus asked for; calm counts as neutral where that was not asked for. */
function restrictedTo(labels: readonly string[], { clip, still, moved }: ClipPredictions): ClipPredictions {
  const left = labels.filter((label) => !clip.asked || clip.asked.includes(label));
  const among = (probabilities: ArrayLike<number>) => {
    const prediction = {
      ...{ name: clip.name, label: labels.indexOf(clip.label), speaker: clip.speaker, groups: clip.groups },
      probabilities: Array.from(probabilities),
    };
    return restrictPredictions(labels, [prediction], left, { merge: mergeOf(labels) })[0]!.probabilities;
  };
  return { clip, still: among(still), moved: { cut: among(moved.cut), frame: among(moved.frame) } };
}

function mergeOf(labels: readonly string[]): Record<string, string> {
  return labels.includes('calm') && labels.includes('neutral') ? { calm: 'neutral' } : {};
}

function figuresOf(
  shift: ShiftName,
  all: readonly ClipPredictions[],
  restricted: readonly ClipPredictions[],
): ShiftFigures {
  const changed = ({ still, moved }: ClipPredictions) => Number(argMax(still) !== argMax(moved[shift]));
  const distance = ({ still, moved }: ClipPredictions) =>
    Array.from(still).reduce((sum, value, i) => sum + Math.abs(value - moved[shift][i]!), 0) / 2;
  return {
    changed: mean(all.map(changed)),
    changedRestricted: mean(restricted.map(changed)),
    distance: mean(all.map(distance)),
  };
}

function uarOf(labels: readonly string[], all: readonly ClipPredictions[]): number {
  const present = labels.filter((label) => all.some(({ clip }) => clip.label === label));
  const recall = (label: string) =>
    mean(all.filter(({ clip }) => clip.label === label).map(({ still }) => Number(labels[argMax(still)] === label)));
  return mean(present.map(recall));
}

function mean(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0) / values.length;
}
