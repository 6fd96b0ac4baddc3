import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { fromMediaElement, fromMediaStream, type LiveSound, microphone } from '../../src/browser/liveSound.ts';
import { EmotionClassifier } from '../../src/classifier/emotionClassifier.ts';
import { AudioInputError } from '../../src/core/errors.ts';
import { tinyModel } from '../model/tinyModel.ts';
import { encodeWav } from '../support/wav.ts';

/* Chromium's fake microphone beeps. */

afterEach(() => vi.restoreAllMocks());

/** The first so many seconds of a sound. */
async function listen(sound: LiveSound, seconds: number): Promise<Float32Array> {
  const pieces: number[] = [];
  for await (const piece of sound) {
    pieces.push(...piece);
    if (pieces.length >= seconds * sound.sampleRate) break;
  }
  return Float32Array.from(pieces);
}

/** The frequency of a tone, by how often it crosses 0. */
function frequencyOf(samples: Float32Array, sampleRate: number): number {
  const crossings = samples.reduce((count, value, i) => count + Number(i > 0 && value >= 0 && samples[i - 1]! < 0), 0);
  return (crossings * sampleRate) / samples.length;
}

/** The tracks that the microphone is opened with. */
function watchTracks(): MediaStreamTrack[] {
  const tracks: MediaStreamTrack[] = [];
  const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  vi.spyOn(navigator.mediaDevices, 'getUserMedia').mockImplementation(async (constraints) => {
    const stream = await open(constraints);
    tracks.push(...stream.getTracks());
    return stream;
  });
  return tracks;
}

describe('microphone', () => {
  it('gives what is heard at the rate of the device, and lets go of it when the loop ends', async () => {
    const tracks = watchTracks();
    const sound = await microphone();
    expect(sound.sampleRate).toBe(tracks[0]!.getSettings().sampleRate);
    const samples = await listen(sound, 1.5);
    expect(Math.max(...samples.map(Math.abs))).toBeGreaterThan(0.01);
    expect(tracks.map(({ readyState }) => readyState)).toEqual(['ended']);
    expect(await sound[Symbol.asyncIterator]().next()).toEqual({ done: true, value: undefined });
  });

  it.each([
    ['stop', (sound: LiveSound) => sound.stop()],
    ['a page that goes away', () => dispatchEvent(new Event('pagehide'))],
  ])('is let go of by %s, and the loop ends', async (_, end) => {
    const tracks = watchTracks();
    const sound = await microphone();
    let pieces = 0;
    for await (const _piece of sound) if (++pieces === 3) end(sound);
    expect(pieces).toBeLessThan(10);
    expect(tracks[0]!.readyState).toBe('ended');
    sound.stop();
  });

  it('is let go of by an abort, before and after it is open', async () => {
    const tracks = watchTracks();
    const controller = new AbortController();
    const sound = await microphone({ signal: controller.signal });
    const reason = new Error('enough');
    const loop = (async () => {
      for await (const _piece of sound) controller.abort(reason);
    })();
    await expect(loop).rejects.toBe(reason);
    expect(tracks[0]!.readyState).toBe('ended');
    await expect(microphone({ signal: controller.signal })).rejects.toBe(reason);
    const soon = new AbortController();
    const opening = microphone({ signal: soon.signal });
    soon.abort(reason);
    await expect(opening).rejects.toBe(reason);
    expect(tracks.every(({ readyState }) => readyState === 'ended')).toBe(true);
  });

  it('does not wait for an answer of the user after an abort, and lets go of what is opened then', async () => {
    const tracks = watchTracks();
    const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
    let allow = (_: MediaStream) => {};
    const asked = new Promise<MediaStream>((resolve) => {
      allow = resolve;
    });
    vi.spyOn(navigator.mediaDevices, 'getUserMedia').mockReturnValue(asked);
    const controller = new AbortController();
    const opening = microphone({ signal: controller.signal });
    controller.abort(new Error('enough'));
    await expect(opening).rejects.toThrow('enough');
    expect(tracks[0]!.readyState).toBe('live');
    allow(stream);
    await expect.poll(() => tracks[0]!.readyState).toBe('ended');
  });

  it('ends for all who read it', async () => {
    const sound = await microphone();
    const readers = Array.from({ length: 3 }, () => listen(sound, 100));
    await new Promise((resolve) => setTimeout(resolve, 200));
    sound.stop();
    expect(await Promise.all(readers)).toHaveLength(3);
  });

  it('ends when the device goes away', async () => {
    const tracks = watchTracks();
    const sound = await microphone();
    const heard = listen(sound, 100);
    tracks[0]!.dispatchEvent(new Event('ended')); // as unplugging it does
    expect((await heard).length).toBeLessThan(sound.sampleRate);
  });

  it.each([
    ['NotAllowedError', 'denied', 'permission was denied'],
    ['NotFoundError', 'missing', 'there is none'],
    ['NotReadableError', 'busy', 'another program has it'],
    ['AbortError', 'unavailable', 'something else'],
  ])('says why it cannot be opened: %s', async (name, reason, words) => {
    const cause = new DOMException('something else', name);
    vi.spyOn(navigator.mediaDevices, 'getUserMedia').mockRejectedValue(cause);
    const error = await microphone().catch((caught) => caught);
    expect(error).toBeInstanceOf(AudioInputError);
    expect(error).toMatchObject({ code: 'AUDIO_INPUT', reason, cause });
    expect(error.message).toContain(words);
  });

  it('says so when there is no device of that id', async () => {
    await expect(microphone({ deviceId: 'none of these' })).rejects.toMatchObject({ reason: 'missing' });
  });

  it.each([
    [{ device: 'x' }, "no option named 'device'"],
    [{ deviceId: 7 }, 'deviceId must be'],
    [{ processing: 'no' }, 'processing must be'],
    [{ worklet: 7 }, 'worklet must be'],
    [{ signal: {} }, 'signal must be'],
    [null, 'options must be'],
  ])('says what is wrong with %j, and opens nothing', async (options, message) => {
    const tracks = watchTracks();
    await expect(microphone(options as never)).rejects.toThrow(TypeError);
    await expect(microphone(options as never)).rejects.toThrow(message);
    await expect(fromMediaStream(new MediaStream(), { worklets: '' } as never)).rejects.toThrow(TypeError);
    await expect(fromMediaStream(undefined as never)).rejects.toThrow('getAudioTracks must be');
    await expect(fromMediaElement({} as never)).rejects.toThrow('element.play must be');
    expect(tracks).toEqual([]);
  });

  it('is a source for a classifier', async () => {
    await tf.setBackend('cpu');
    const tracks = watchTracks();
    const classifier = EmotionClassifier.fromModel(tinyModel());
    const sound = await microphone();
    const options = { sampleRate: sound.sampleRate, windowSeconds: 0.5, hopSeconds: 0.25 };
    const ends: number[] = [];
    for await (const { end } of classifier.stream(sound, options)) {
      ends.push(end);
      if (ends.length === 4) break;
    }
    expect(ends).toEqual([0.5, 0.75, 1, 1.25]);
    expect(tracks[0]!.readyState).toBe('ended');
    classifier.dispose();
  });
});

describe('fromMediaStream', () => {
  it('hears the mean of the channels, and leaves the stream to its owner', async () => {
    const context = new AudioContext();
    const destination = new MediaStreamAudioDestinationNode(context, { channelCount: 2 });
    const merger = new ChannelMergerNode(context, { numberOfInputs: 2 });
    const tone = new OscillatorNode(context, { frequency: 440 });
    tone.connect(merger, 0, 0).connect(destination); // the other channel is silent
    tone.start();
    await context.resume();
    const sound = await fromMediaStream(destination.stream);
    const samples = (await listen(sound, 0.6)).subarray(Math.round(0.2 * sound.sampleRate));
    expect(frequencyOf(samples, sound.sampleRate)).toBeCloseTo(440, -1);
    expect(Math.max(...samples)).toBeCloseTo(0.5, 1);
    expect(destination.stream.getAudioTracks()[0]!.readyState).toBe('live');
    await context.close();
  });

  it('says so when the stream has no audio', async () => {
    await expect(fromMediaStream(new MediaStream())).rejects.toMatchObject({ reason: 'missing' });
  });
});

describe('fromMediaElement', () => {
  it('hears an element while it plays, again and again, until it ends', async () => {
    const tone = Float32Array.from({ length: 32_000 }, (_, i) => 0.5 * Math.sin((2 * Math.PI * 300 * i) / 16_000));
    const element = new Audio(URL.createObjectURL(new Blob([encodeWav(tone, 16_000, { encoding: 'float32' })])));
    const [sound, other] = await Promise.all([fromMediaElement(element), fromMediaElement(element)]);
    other.stop();
    await element.play();
    const samples = (await listen(sound, 0.6)).subarray(Math.round(0.3 * sound.sampleRate));
    expect(frequencyOf(samples, sound.sampleRate)).toBeCloseTo(300, -1);
    const rest = await listen(await fromMediaElement(element), 100); // to the end of the element
    expect(rest.length / sound.sampleRate).toBeLessThan(3);
  });
});
