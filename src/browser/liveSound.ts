// microphone, media stream or media element → pieces of mono samples, as they are heard

import { abortable, onAbort } from '../core/abortable.ts';
import { Change } from '../core/change.ts';
import { checkBoolean, checkFunction, checkNothingElse, checkOptions, checkString } from '../core/check.ts';
import { AudioInputError } from '../core/errors.ts';
import { CAPTURE, registerCapture } from './captureProcessor.ts';

/** Live sound: a source for `EmotionClassifier.stream`, which ends it when its loop ends. */
export interface LiveSound extends AsyncIterable<Float32Array> {
  /** Samples per second. */
  readonly sampleRate: number;
  /** Ends the sound, and the iteration over it, and releases the device. Idempotent. */
  stop(): void;
}

/** Options of {@link fromMediaStream} and {@link fromMediaElement}. */
export interface LiveSoundOptions {
  /**
   * URL of the file `speech-emotion/browser/capture`, which runs on the audio thread: needed where the content security policy does
   * not allow `blob:`.
   * @default made in memory
   */
  readonly worklet?: string | URL | undefined;
  /** Ends the sound, as `stop` does; opening it rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/** Options of {@link microphone}. */
export interface MicrophoneOptions extends LiveSoundOptions {
  /** Which microphone, as `navigator.mediaDevices.enumerateDevices()` names it. @default the browser's choice */
  readonly deviceId?: string | undefined;
  /**
   * Whether the browser may cancel echo, suppress noise and adjust the gain.
   * @default false, since level and timbre carry emotion
   */
  readonly processing?: boolean | undefined;
}

/** Seconds of sound that are buffered when it is not taken in time; the oldest is dropped. */
const KEPT_SECONDS = 30;

/**
 * Opens a microphone, at the device's own rate. The user is asked for permission where the browser has none yet.
 *
 * The device is released when the loop over the sound ends, on `stop`, on an abort, when the device is unplugged and when the page
 * is closed.
 *
 * @throws {AudioInputError} when permission is denied, there is no such microphone, another program has it, or the page may not
 *   use one at all; `reason` says which
 * @throws the signal's reason when it aborts
 *
 * @example
 * ```ts
 * const sound = await microphone();
 * for await (const segment of classifier.stream(sound, { sampleRate: sound.sampleRate })) show(segment);
 * ```
 */
export async function microphone(options: MicrophoneOptions = {}): Promise<LiveSound> {
  const { deviceId, processing = false, worklet, signal, ...rest } = checkOptions('open the microphone', options);
  checkNothingElse('open the microphone', rest);
  if (deviceId !== undefined) checkString('open the microphone', 'deviceId', deviceId);
  checkBoolean('open the microphone', 'processing', processing);
  checkWorklet('open the microphone', worklet);
  signal?.throwIfAborted();
  if (!globalThis.navigator?.mediaDevices?.getUserMedia) {
    throw new AudioInputError('Cannot open the microphone: pages can only do so over https or on localhost', {
      reason: 'unavailable',
    });
  }
  const audio: MediaTrackConstraints = {
    ...{ echoCancellation: processing, noiseSuppression: processing, autoGainControl: processing },
    ...(deviceId !== undefined && { deviceId: { exact: deviceId } }),
  };
  const opening = navigator.mediaDevices.getUserMedia({ audio });
  try {
    const stream = await abortable(opening.catch(explain), signal);
    return await open(stream, { worklet, signal, release: () => stopTracks(stream) });
  } catch (error) {
    opening.then(stopTracks).catch(() => {}); // also where the user gives permission after the abort
    throw error;
  }
}

function stopTracks(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop();
}

/**
 * The sound of a media stream, such as a call. The stream stays yours: its tracks continue when the sound is stopped.
 *
 * @throws {AudioInputError} when the stream has no audio
 * @throws the signal's reason when it aborts
 */
export async function fromMediaStream(stream: MediaStream, options: LiveSoundOptions = {}): Promise<LiveSound> {
  const { worklet, signal, ...rest } = checkOptions('listen to a stream', options);
  checkNothingElse('listen to a stream', rest);
  checkWorklet('listen to a stream', worklet);
  checkFunction('listen to a stream', 'stream.getAudioTracks', stream?.getAudioTracks);
  signal?.throwIfAborted();
  return open(stream, { worklet, signal, release: () => {} });
}

async function open(
  stream: MediaStream,
  { worklet, signal, release }: LiveSoundOptions & { readonly release: () => void },
): Promise<LiveSound> {
  const [track] = stream.getAudioTracks();
  if (!track) throw new AudioInputError('Cannot listen: the stream has no audio', { reason: 'missing' });
  const { sampleRate } = track.getSettings(); // not all browsers say
  const context = new AudioContext(sampleRate === undefined ? {} : { sampleRate });
  try {
    const node = await abortable(captureNode(context, worklet), signal);
    const input = context.createMediaStreamSource(stream);
    input.connect(node);
    resume(context);
    const sound = new CapturedSound(node, signal, () => {
      input.disconnect();
      track.removeEventListener('ended', sound.stop);
      void context.close();
      release();
    });
    track.addEventListener('ended', sound.stop);
    return sound;
  } catch (error) {
    context.close().catch(() => {});
    throw error;
  }
}

/** Elements can be taken into one audio graph only, and are heard through it from then on. */
const graphs = new WeakMap<HTMLMediaElement, { context: AudioContext; source: MediaElementAudioSourceNode }>();

/**
 * The sound of an audio or video element while it plays, at the rate of the browser's output. It goes on being heard, also when
 * the sound is stopped. A page that is not the media's own needs `crossorigin` on the element, or all it gets is silence.
 *
 * @throws the signal's reason when it aborts
 */
export async function fromMediaElement(element: HTMLMediaElement, options: LiveSoundOptions = {}): Promise<LiveSound> {
  const { worklet, signal, ...rest } = checkOptions('listen to an element', options);
  checkNothingElse('listen to an element', rest);
  checkWorklet('listen to an element', worklet);
  checkFunction('listen to an element', 'element.play', element?.play);
  signal?.throwIfAborted();
  let graph = graphs.get(element);
  if (!graph) {
    const context = new AudioContext();
    try {
      graph = { context, source: context.createMediaElementSource(element) };
    } catch (error) {
      context.close().catch(() => {});
      throw error;
    }
    graph.source.connect(context.destination);
    graphs.set(element, graph);
  }
  const { context, source } = graph;
  const node = await abortable(captureNode(context, worklet), signal);
  source.connect(node);
  resume(context);
  const sound = new CapturedSound(node, signal, () => {
    source.disconnect(node);
    element.removeEventListener('ended', sound.stop);
  });
  element.addEventListener('ended', sound.stop);
  return sound;
}

/** Browsers start no audio before the user has interacted with the page; there is no sound until then, so this waits for nothing. */
function resume(context: AudioContext): void {
  context.resume().catch(() => {}); // closed meanwhile
}

function checkWorklet(action: string, worklet: unknown): void {
  if (worklet === undefined || typeof worklet === 'string') return;
  if (Object.prototype.toString.call(worklet) === '[object URL]') return;
  throw new TypeError(`Cannot ${action}: worklet must be a string or a URL, got ${typeof worklet}`);
}

/** Contexts that have the worklet's module, or are loading it: each can take it only once. */
const prepared = new WeakMap<AudioContext, Promise<void>>();

async function captureNode(context: AudioContext, worklet: string | URL | undefined): Promise<AudioWorkletNode> {
  const add = () => (worklet === undefined ? addFromMemory(context) : context.audioWorklet.addModule(worklet));
  const adding = prepared.get(context) ?? add();
  prepared.set(context, adding);
  await adding.catch((error) => {
    prepared.delete(context);
    throw error;
  });
  return new AudioWorkletNode(context, CAPTURE, { numberOfOutputs: 0 });
}

async function addFromMemory(context: AudioContext): Promise<void> {
  const text = `(${registerCapture})(${JSON.stringify(CAPTURE)})`;
  const url = URL.createObjectURL(new Blob([text], { type: 'text/javascript' }));
  try {
    await context.audioWorklet.addModule(url);
  } finally {
    URL.revokeObjectURL(url);
  }
}

/** The sound that the audio thread sends: each piece goes to one reader. */
class CapturedSound implements LiveSound {
  readonly sampleRate: number;
  readonly #node: AudioWorkletNode;
  readonly #release: () => void;
  #stopListening = () => {};
  #pieces: Float32Array[] = [];
  #samples = 0;
  #stopped = false;
  #failure: { readonly error: unknown } | undefined;
  /** A piece came, or the sound is over. */
  readonly #change = new Change();

  constructor(node: AudioWorkletNode, signal: AbortSignal | undefined, release: () => void) {
    this.sampleRate = node.context.sampleRate;
    this.#node = node;
    this.#release = release;
    node.port.onmessage = ({ data }: MessageEvent<Float32Array>) => this.#take(data);
    node.onprocessorerror = () => this.#end(new Error('Cannot listen: the audio thread failed'));
    addEventListener('pagehide', this.stop);
    this.#stopListening = onAbort(signal, (reason) => this.#end(reason));
  }

  readonly stop = (): void => this.#end();

  #take(piece: Float32Array): void {
    if (this.#stopped) return;
    this.#pieces.push(piece);
    this.#samples += piece.length;
    while (this.#samples > KEPT_SECONDS * this.sampleRate) this.#samples -= this.#pieces.shift()!.length;
    this.#change.tell();
  }

  #end(error?: unknown): void {
    if (this.#stopped) return;
    this.#stopped = true;
    if (error !== undefined) this.#failure = { error };
    this.#node.port.onmessage = null;
    this.#node.port.postMessage('end'); // or it would run as long as its context
    this.#node.port.close();
    this.#stopListening();
    removeEventListener('pagehide', this.stop);
    this.#release();
    this.#change.tell();
  }

  [Symbol.asyncIterator](): AsyncIterator<Float32Array> {
    return {
      next: async () => {
        for (;;) {
          if (this.#failure) throw this.#failure.error;
          const piece = this.#pieces.shift();
          if (piece) {
            this.#samples -= piece.length;
            return { done: false, value: piece };
          }
          if (this.#stopped) return { done: true, value: undefined };
          await this.#change.wait();
        }
      },
      return: async () => {
        this.stop();
        return { done: true, value: undefined };
      },
    };
  }
}

/** The browser's error as an `AudioInputError`, whose reason a page can show. */
function explain(cause: unknown): never {
  const reasons: Record<string, [AudioInputError['reason'], string]> = {
    NotAllowedError: ['denied', 'permission was denied'],
    SecurityError: ['denied', 'the page is not allowed to'],
    NotFoundError: ['missing', 'there is none'],
    OverconstrainedError: ['missing', 'there is none of that id'],
    NotReadableError: ['busy', 'another program has it, or it failed'],
  };
  const [reason, words] = reasons[(cause as DOMException)?.name] ?? ['unavailable', (cause as Error)?.message];
  throw new AudioInputError(`Cannot open the microphone: ${words}`, { cause, reason });
}
