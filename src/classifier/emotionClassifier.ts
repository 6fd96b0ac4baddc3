// Waveform or encoded bytes → the emotion in it

import type * as tf from '@tensorflow/tfjs-core';
import type { AudioInput } from '../audio/soundPieces.ts';
import { SoundSource } from '../audio/soundSource.ts';
import { onAbort } from '../core/abortable.ts';
import { checkOptions } from '../core/check.ts';
import { endable } from '../core/endable.ts';
import { loadPart } from '../core/loadPart.ts';
import { FeatureExtractor } from '../features/featureExtractor.ts';
import { foldBatchNorm } from '../model/foldBatchNorm.ts';
import type { ArtifactOptions } from '../model/modelArtifact.ts';
import { loadModel, type ModelSource, saveModel } from '../model/modelSource.ts';
import { faultOf, type ModelSettings, type TrainedModel } from '../model/trainedModel.ts';
import { type ClassifyOptions, classifyWhole } from './classifyWhole.ts';
import type { EmotionResult } from './emotionResult.ts';
import type { LoadClassifierOptions, PersonaliseOptions, SpeakerClip } from './enrolment.ts';
import type { ExplainOptions, Explanation } from './explanation.ts';
import { type AnyChannel, type EachChannel, hear } from './hear.ts';
import { insides } from './insides.ts';
import { type OpenCall, OpenCalls } from './openCalls.ts';
import type { AdaptedModel } from './personalise.ts';
import { RecordingSource } from './recordingSource.ts';
import { SharedModel } from './sharedModel.ts';
import { type SoundLength, soundFrames } from './soundFrames.ts';
import { openRecordingActivity } from './spokenWindows.ts';
import { type StreamSegment, streamOf } from './stream.ts';
import { isLive, type StreamOptions } from './streamOptions.ts';
import {
  type EmotionSegment,
  resolveTimelineOptions,
  type TimelineOptions,
  type TimelineProgress,
  timelineOf,
} from './timeline.ts';

/**
 * Recognises emotion in recordings with a trained model.
 *
 * Runs on whichever TensorFlow.js backend the host has registered and chosen. Several calls may run at once.
 *
 * @example
 * import '@tensorflow/tfjs-backend-wasm';
 * import { EmotionClassifier } from 'speech-emotion';
 * import { pretrained } from 'speech-emotion/pretrained';
 *
 * const classifier = await EmotionClassifier.load(pretrained);
 * const { label, confidence } = await classifier.classify(await readFile('speech.wav'));
 * classifier.dispose();
 */
export class EmotionClassifier implements Disposable {
  /** The network and its settings, for `evaluate` and the like; the classifier owns them. */
  readonly model: TrainedModel;
  /** The model that is run: the network itself, or a faster copy of it. */
  readonly #runner: TrainedModel;
  readonly #extractor: FeatureExtractor;
  /** Those that wait for sound can be stopped. */
  readonly #calls: OpenCalls;
  /** The model as it was loaded, for a speaker or not. */
  readonly #base: SharedModel;
  readonly #adapted: AdaptedModel | undefined;

  private constructor(base: SharedModel, adapted?: AdaptedModel) {
    const { model, runner } = adapted ?? base;
    this.model = model;
    this.#runner = runner;
    this.#extractor = new FeatureExtractor(model.settings.features);
    this.#base = base.take();
    insides.set(this, { model: base.model, loadPersonalise });
    this.#adapted = adapted;
    this.#calls = new OpenCalls(() => {
      adapted?.dispose();
      base.release();
    });
  }

  /**
   * Loads a model.
   *
   * @param source URL of a `model.json`, an IO handler, or an artefact such as `pretrained`; see {@link ModelSource}
   * @param options `signal` aborts what is fetched, `maxBytes` bounds it; `adaptation` makes it one for a speaker
   * @throws {TypeError} when `source` is none of these
   * @throws {ModelFormatError} when the model, or the adaptation, is damaged, not of this library, written by a newer version, or the
   *   adaptation another model's
   * @throws {Error} when it cannot be fetched or read, or no tfjs backend is registered
   */
  static async load(source: ModelSource, options: LoadClassifierOptions = {}): Promise<EmotionClassifier> {
    const { adaptation, ...loading } = checkOptions('load a model', options);
    const model = await loadModel(source, loading);
    let classifier: EmotionClassifier;
    try {
      const folded = await foldBatchNorm(model.network);
      classifier = new EmotionClassifier(new SharedModel(model, folded ? { ...model, network: folded } : model));
    } catch (error) {
      model.network.dispose();
      throw error;
    }
    if (adaptation === undefined) return classifier;
    return classifier.personalise(adaptation, { signal: options.signal }).finally(() => classifier.dispose());
  }

  /**
   * A classifier of a model that is in memory already, such as one just trained. It runs the network as it is, so that it
   * follows a training that goes on; a loaded one runs a copy with batch normalisation folded into the convolutions.
   *
   * @param model the classifier's from now on: disposing it disposes the network
   * @throws {RangeError} when network and settings don't fit together
   */
  static fromModel(model: TrainedModel): EmotionClassifier {
    const fault = faultOf(model);
    if (fault) throw new RangeError(`Cannot make a classifier: ${fault}`);
    return new EmotionClassifier(new SharedModel(model, model));
  }

  /** The model's labels, in the order of the network's outputs. */
  get labels(): readonly string[] {
    return this.model.settings.labels;
  }

  /** How the network is fed and read, and where it comes from. */
  get settings(): ModelSettings {
    return this.model.settings;
  }

  /**
   * The emotion of a whole recording.
   *
   * Silence at both ends is trimmed as it was in training. Recordings longer than the model's window are cut into windows
   * whose probabilities are summed, of those with speech. A recording without any (silence, noise, music) has `speech: false` and
   * no label.
   *
   * @param input a waveform, an AudioBuffer or an encoded file's bytes
   * @returns the likeliest label and the labels' scores, if there is speech
   * @throws {AudioFormatError} when the bytes cannot be decoded, or hold no sound
   * @throws {TypeError} when `input` is no audio, or an option of the wrong type or unknown
   * @throws {RangeError} when the waveform is empty or its rate impossible, or `topK` not a positive integer
   * @throws {Error} when the classifier is disposed, or its backend fails
   */
  classify(input: AudioInput, options: EachChannel<ClassifyOptions>): Promise<EmotionResult[]>;
  classify(input: AudioInput, options?: ClassifyOptions): Promise<EmotionResult>;
  classify(input: AudioInput, options?: AnyChannel<ClassifyOptions>): Promise<EmotionResult | EmotionResult[]>;
  async classify(
    input: AudioInput,
    options: AnyChannel<ClassifyOptions> = {},
  ): Promise<EmotionResult | EmotionResult[]> {
    return this.#calls.run('classify', async () => classifyWhole(this.#runner, this.#extractor, input, options));
  }

  /**
   * The emotions of a recording over time.
   *
   * @param input a waveform, an AudioBuffer or an encoded file's bytes
   * @returns segments that cover the recording, in order, overlapping where the hop is shorter than the window; times are
   *   seconds of the input, of which nothing is trimmed
   * @throws {AudioFormatError} when the bytes cannot be decoded, or hold no sound
   * @throws {TypeError} when `input` is no audio, or an option of the wrong type or unknown
   * @throws {RangeError} when the waveform is empty or its rate impossible, or an option is out of range
   * @throws {Error} when the classifier is disposed, or its backend fails
   *
   * @example
   * for (const { start, end, label } of await classifier.timeline(bytes, { hopSeconds: 1 })) {
   *   console.log(`${start.toFixed(1)}-${end.toFixed(1)} s: ${label}`);
   * }
   */
  timeline(input: AudioInput, options: EachChannel<TimelineOptions>): Promise<EmotionSegment[][]>;
  timeline(input: AudioInput, options?: TimelineOptions): Promise<EmotionSegment[]>;
  timeline(input: AudioInput, options?: AnyChannel<TimelineOptions>): Promise<EmotionSegment[] | EmotionSegment[][]>;
  async timeline(
    input: AudioInput,
    options: AnyChannel<TimelineOptions> = {},
  ): Promise<EmotionSegment[] | EmotionSegment[][]> {
    return this.#calls.run('make a timeline', async () => {
      const resolved = resolveTimelineOptions(this.model, this.#extractor, options);
      const { signal, onProgress } = resolved;
      return hear('make a timeline', input, options, async (sound, which) => {
        const length: SoundLength = { seconds: 0, totalSeconds: undefined };
        const { frames: longest } = resolved.segments;
        const activity = await openRecordingActivity('make a timeline', resolved.vad, this.#extractor, longest);
        const frames = soundFrames(this.#extractor, sound, { trim: false, signal, activity }, length);
        const own = {
          ...resolved,
          onProgress: (progress: TimelineProgress) => onProgress?.({ ...progress, ...which }),
        };
        return timelineOf(this.#runner, this.#extractor, frames, length, activity, () => sound.channels, own);
      });
    });
  }

  /**
   * What in a recording led to the prediction: how much each value of its spectrogram speaks for a label, by integrated gradients,
   * and how much each frame weighs, where the network has attention pooling. Takes some tens of times as long as `classify`.
   *
   * It tells what moved this network, not what makes a voice sound so.
   *
   * @param input a waveform, an AudioBuffer or an encoded file's bytes
   * @throws {AudioFormatError} when the bytes cannot be decoded, or hold no sound
   * @throws {TypeError} when `input` is no audio, or an option of the wrong type or unknown
   * @throws {RangeError} when the waveform is empty or its rate impossible, `label` none of the model's, or `steps` out of range
   * @throws {Error} when the classifier is disposed, or its backend fails
   * @see Sundararajan et al. 2017, "Axiomatic Attribution for Deep Networks", https://arxiv.org/abs/1703.01365
   *
   * @example
   * const { explained, contributions, attention } = await classifier.explain(bytes);
   */
  async explain(input: AudioInput, options: ExplainOptions = {}): Promise<Explanation> {
    return this.#calls.run('explain', async () => {
      const { explain } = await loadPart(
        import('./explanation.ts'),
        (reason, cause) => new Error(`Cannot explain: what does is ${reason}`, { cause }),
      );
      return explain(this.model, this.#extractor, input, options);
    });
  }

  /**
   * The emotions of live sound, or of a recording as it is read, segment by segment: see {@link StreamOptions} for windows, voice
   * activity detection, smoothing, and what happens when segments are not taken in time.
   *
   * Times are those of the sound, not of the clock. With `vad: false` a segment is what `classify` with `trim: false` makes of the
   * same samples. Ending the loop ends the source, and so does `return`, even while the source gives nothing. A wrong option throws
   * when the first segment is asked for, and ends the source, too.
   *
   * @param source with `sampleRate`, pieces of one channel in [-1, 1], of any length: `microphone()` of `speech-emotion/browser`,
   *   `pcm(stream)` of `speech-emotion/node`, or your own; without it, a recording, such as the body of a response
   * @throws {RangeError | TypeError} when an option is wrong, or the source gives something else
   * @throws {AudioFormatError} when a sample is not finite
   * @throws {Error} when the classifier is disposed, then or meanwhile, or its backend fails; what the source throws
   * @throws the signal's reason when it aborts
   *
   * @example
   * for await (const segment of classifier.stream(source, { sampleRate: 48_000 })) {
   *   if (segment.speech) console.log(`${segment.end.toFixed(1)} s: ${segment.label}`);
   * }
   */
  stream(
    source: AsyncIterable<Float32Array> | AudioInput,
    options: StreamOptions = {},
  ): AsyncGenerator<StreamSegment, void, undefined> {
    return endable((controller) => this.#stream(source, options, controller));
  }

  async *#stream(
    source: AsyncIterable<Float32Array> | AudioInput,
    options: StreamOptions,
    controller: AbortController,
  ): AsyncGenerator<StreamSegment, void, undefined> {
    // First, so that the source is ended whatever else is wrong.
    const sound = isLive(options)
      ? new SoundSource('stream', source as AsyncIterable<Float32Array>)
      : new RecordingSource(source as AudioInput);
    const call: OpenCall = { stop: (reason) => controller.abort(reason) };
    let stopListening = () => {};
    try {
      this.#calls.begin('stream', call);
      const { signal, ...rest } = checkOptions('stream', options);
      stopListening = onAbort(signal, call.stop!);
      controller.signal.throwIfAborted();
      yield* streamOf(this.#runner, this.#extractor, sound, rest, controller.signal);
    } finally {
      stopListening();
      sound.end();
      this.#calls.end(call);
    }
  }

  /**
   * A classifier for one speaker, from some clips of theirs. A labelled clip or two of each emotion help most; clips without labels help,
   * too. It shares the network with this one, which stays as it is: each is to be disposed of, in any order.
   *
   * It answers as the model does where there are no clips. Labels of which there is no clip become no less likely on the whole, so that
   * clips of a single emotion do no harm. Sounds are not kept.
   *
   * @param clips of the speaker, or the {@link EmotionClassifier.adaptation} of an earlier one. The clips of a classifier that is
   *   personalised already are not added to: give all of them
   * @throws {AudioFormatError} when a clip cannot be decoded, or holds no sound
   * @throws {ModelFormatError} when an adaptation is damaged, of a newer version or of another model
   * @throws {TypeError} when these are no clips, or an option is of the wrong type or unknown
   * @throws {RangeError} when a label is none of the model's, a waveform is empty, or an option is out of range
   * @throws {Error} when the classifier is disposed, or its backend fails
   *
   * @example
   * const personal = await classifier.personalise([
   *   { sound: await readFile('me-happy.wav'), label: 'happy' },
   *   { sound: await readFile('me-sad.wav'), label: 'sad' },
   *   { sound: await readFile('a-call-of-mine.mp3') },
   * ]);
   * await writeFile('me.adaptation', personal.adaptation);
   */
  async personalise(
    clips: Iterable<SpeakerClip> | Uint8Array,
    options: PersonaliseOptions = {},
  ): Promise<EmotionClassifier> {
    return this.#calls.run('personalise', async () => {
      const { adapted } = await loadPersonalise();
      return new EmotionClassifier(this.#base, await adapted(this.#base, this.#extractor, clips, options));
    });
  }

  /**
   * What tells a classifier for one speaker from the model it comes from: some kB to be kept, from which `load` with the same model, or
   * {@link EmotionClassifier.personalise}, make it again. Undefined where the classifier is for all speakers.
   */
  get adaptation(): Uint8Array | undefined {
    return this.#adapted?.adaptation.slice();
  }

  /**
   * Saves the model; a personalised one whole, as a model of its own.
   *
   * @param target an IO handler: `modelDirectory(path)` of `speech-emotion/node`, `modelStorage(name)` of
   *   `speech-emotion/browser`, or one of tfjs' own
   * @throws {TypeError} when `target` cannot save
   * @throws {RangeError} when a weight is not finite in the chosen type
   * @throws {Error} when the classifier is disposed, or a personalised one whose network classifies frames; what the target throws
   */
  async save(target: tf.io.IOHandler, options: ArtifactOptions = {}): Promise<void> {
    return this.#calls.run('save the model', async () => {
      if (this.#adapted?.savable !== false) return saveModel(this.model, target, options);
      throw new Error(
        'Cannot save the model: what classifies frames is personalised by an adaptation only, which can be',
      );
    });
  }

  /** Frees the network's memory once the calls in progress have ended, streams with an error. Later calls throw. Idempotent. */
  dispose(): void {
    this.#calls.dispose();
  }

  /** {@link EmotionClassifier.dispose}, for `using`. */
  [Symbol.dispose](): void {
    this.dispose();
  }
}

function loadPersonalise() {
  return loadPart(
    import('./personalise.ts'),
    (reason, cause) => new Error(`Cannot personalise: what does is ${reason}`, { cause }),
  );
}
