import { once } from 'node:events';
import { type EmotionClassifier, type StreamOptions, type StreamSegment, toWaveform } from 'speech-emotion';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { WebSocket } from 'ws';
import { emotionsOfCall } from '../../../examples/node/twilio.ts';
import { openClassifier } from '../../src/openClassifier.ts';
import type { ClassifierPool, Classifiers } from '../../src/serve/classifierPool.ts';
import type { Service } from '../../src/serve/service.ts';
import {
  type Conversation,
  clip,
  connectTo,
  conversation,
  counted,
  openPool,
  openSocket,
  samplesOf,
  say,
  start,
  until,
} from './server.ts';

/* Live sound over a WebSocket. Oracle of segments: `stream` of the same samples in this thread; of a call, examples/node/twilio.ts. */

let pool: ClassifierPool;
let classifier: EmotionClassifier;
let samples: Float32Array;
let bytes: Buffer;
const services: Service[] = [];

beforeAll(async () => {
  pool = await openPool();
  classifier = await openClassifier(undefined);
  const wav = await clip('in-turns');
  samples = (await toWaveform(wav)).samples;
  bytes = samplesOf(wav);
});
afterAll(async () => {
  await Promise.all(services.map((service) => service.stop(0)));
  pool?.dispose();
  classifier?.dispose();
});

async function serve(options: Parameters<typeof start>[1] = {}, classifiers: Classifiers = pool): Promise<Service> {
  const service = await start(classifiers, options);
  services.push(service);
  return service;
}

async function all(segments: AsyncIterable<StreamSegment>): Promise<StreamSegment[]> {
  const found: StreamSegment[] = [];
  for await (const segment of segments) found.push(segment);
  return found;
}

/** What the classifier says of samples that come in one piece. */
function expected(sound: Float32Array, options: StreamOptions): Promise<StreamSegment[]> {
  async function* whole() {
    yield sound;
  }
  return all(classifier.stream(whole(), { whenBehind: 'wait', ...options }));
}

/** How sound is cut into pieces moves the last bits of a score, and nothing else. */
function expectSegments({ messages, code }: Conversation, wanted: readonly StreamSegment[]): void {
  expect(wanted.length).toBeGreaterThan(3);
  const close = (score: number) => expect.closeTo(score, 5);
  expect(messages).toEqual(
    wanted.map((segment) =>
      segment.speech
        ? {
            ...segment,
            confidence: close(segment.confidence),
            scores: segment.scores.map(({ label, score }) => ({ label, score: close(score) })),
          }
        : segment,
    ),
  );
  expect(code).toBe(1000);
}

function* cut(sound: Uint8Array, size: number): Generator<Uint8Array> {
  for (let at = 0; at < sound.length; at += size) yield sound.subarray(at, at + size);
}

/** The samples, each written in so many bytes. */
function written(width: number, write: (buffer: Buffer, sample: number, at: number) => void): Buffer {
  const buffer = Buffer.alloc(width * samples.length);
  for (const [i, sample] of samples.entries()) write(buffer, sample, width * i);
  return buffer;
}

const end = { end: true };
const wait = { whenBehind: 'wait' };

describe('segments', () => {
  it('are those of the library, whatever the encoding', async () => {
    const service = await serve();
    const wanted = await expected(samples, { sampleRate: 16_000 });
    const encodings: [string, Buffer][] = [
      ['s16le', bytes],
      ['s16be', Buffer.from(bytes).swap16()],
      ['f32le', written(4, (buffer, sample, at) => buffer.writeFloatLE(sample, at))],
      ['s32be', written(4, (buffer, sample, at) => buffer.writeInt32BE(sample * 2 ** 31, at))],
    ];
    for (const [encoding, sound] of encodings) {
      // Pieces of odd lengths end within samples.
      const told = await say(service, [{ encoding, sampleRate: 16_000, ...wait }, ...cut(sound, 4999), end]);
      expectSegments(told, wanted);
    }
  });

  it('follow the options', async () => {
    const service = await serve();
    const options = {
      hopSeconds: 1,
      windowSeconds: 1.5,
      topK: 2,
      smoothing: { seconds: 2 },
      vad: { keepSeconds: 0.1 },
    };
    const told = await say(service, [{ sampleRate: 16_000, ...wait, ...options }, bytes, end]);
    expectSegments(told, await expected(samples, { sampleRate: 16_000, ...options }));
    const both = Buffer.alloc(2 * bytes.length);
    for (let at = 0; at < bytes.length; at += 2) {
      bytes.copy(both, 2 * at, at, at + 2);
      bytes.copy(both, 2 * at + 2, at, at + 2);
    }
    const stereo = await say(service, [{ sampleRate: 16_000, channels: 2, ...wait }, both, end]);
    expectSegments(stereo, await expected(samples, { sampleRate: 16_000 }));
  });

  it('of a file that is sent as it is made', async () => {
    const service = await serve();
    const wav = await clip('in-turns');
    const told = await say(service, [{ encoding: 'file' }, ...cut(wav, 10_000), end]);
    expectSegments(told, await all(classifier.stream(wav)));
  });

  it('of a call of Twilio are those of examples/node/twilio.ts', async () => {
    const service = await serve();
    const codes = Uint8Array.from({ length: 8 * 6000 }, (_, i) => (i * i) ^ (i >> 7));
    const messages = [...callOf(codes)];
    async function* texts() {
      for (const message of messages) yield JSON.stringify(message);
    }
    const options = { whenBehind: 'wait', vad: false, hopSeconds: 0.25 } as const;
    const wanted = await all(emotionsOfCall(classifier, texts(), options));
    // Parameters of Twilio's are text.
    const told = await say(service, callOf(codes, { whenBehind: 'wait', vad: 'false', hopSeconds: '0.25' }));
    expectSegments(told, wanted);
    const other = await say(service, callOf(codes, { whenBehind: 'wait', vad: 'false', track: 'outbound' }));
    expectSegments(
      other,
      await all(emotionsOfCall(classifier, texts(), { ...options, hopSeconds: 0.5, track: 'outbound' })),
    );
  });

  /** A call whose other side is noise. */
  function* callOf(codes: Uint8Array, customParameters?: object): Generator<object> {
    const mediaFormat = { encoding: 'audio/x-mulaw', sampleRate: 8000, channels: 1 };
    yield { event: 'connected', protocol: 'Call', version: '1.0.0' };
    yield {
      event: 'start',
      streamSid: 'MZ1',
      start: { tracks: ['inbound', 'outbound'], mediaFormat, customParameters },
    };
    for (const [chunk, part] of [...cut(codes, 160)].entries()) {
      const media = (track: string, payload: Uint8Array) => ({
        event: 'media',
        media: { track, chunk: String(chunk), payload: Buffer.from(payload).toString('base64') },
      });
      yield media('inbound', part);
      yield media(
        'outbound',
        part.map((code) => code ^ 0x55),
      );
    }
    yield { event: 'mark', mark: { name: 'here' } };
    yield { event: 'stop', streamSid: 'MZ1' };
  }
});

describe('refusals', () => {
  it('say what is wrong, and close the connection', async () => {
    const service = await serve({ maxSeconds: 3 });
    const format = { sampleRate: 16_000 };
    const cases: [messages: (object | Uint8Array)[], error: unknown, code: number][] = [
      [[bytes], expect.stringContaining('first message must be JSON'), 1008],
      [[[1]], expect.stringContaining('must be a JSON object'), 1008],
      [[{}], expect.stringContaining('sampleRate must be given'), 1008],
      [[{ ...format, encoding: 'toString' }], expect.stringContaining('one of u8, s16le'), 1008],
      [[{ ...format, signal: {} }], expect.stringContaining('no option "signal"'), 1008],
      [[{ ...format, hopSeconds: 0.01 }], expect.stringContaining('at least 0.1'), 1008],
      [[{ ...format, backlogSeconds: 600 }], expect.stringContaining('at most 60'), 1008],
      [
        [{ ...format, windowSeconds: 'long' }, bytes],
        expect.stringContaining('Cannot stream: windowSeconds must'),
        1008,
      ],
      [[{ ...format, channels: 0 }, bytes], expect.stringContaining('Cannot read PCM: channels must'), 1008],
      [[{ sampleRate: 1e9 }, bytes], expect.stringContaining('Cannot stream: sampleRate must'), 1008],
      [[{ ...format, encoding: 'f32le' }, Buffer.from('0000c07f', 'hex')], expect.stringContaining('finite'), 1008],
      [[{ encoding: 'file' }, Buffer.from('no sound at all'), end], expect.stringContaining('Cannot decode'), 1008],
      [[format, 'more' as never], expect.stringContaining('must be a JSON object'), 1008],
      [[format, { more: true }], expect.stringContaining('must come as bytes'), 1008],
      [[{ event: 'start', start: { mediaFormat: { encoding: 'opus' } } }], expect.stringContaining('x-mulaw'), 1008],
      [[{ ...format, ...wait }, bytes, end], 'Cannot stream: there may be 3 seconds of sound', 1009],
    ];
    for (const [messages, error, code] of cases) {
      const told = await say(service, messages);
      expect({ ...told, messages: told.messages.slice(-1) }).toEqual({ messages: [{ error }], code });
    }
    expect(await counted(service, 'speech_emotion_open{kind="stream"}')).toBe(0);
  });

  it('of a wrong token: before the connection is one where it is in the header, else by its first message', async () => {
    const service = await serve({ token: 'secret' });
    const refused = conversation(openSocket(service, { headers: { authorization: 'Bearer wrong' } }));
    await expect(refused).rejects.toThrow('401');
    const first = { sampleRate: 16_000, ...wait };
    for (const token of [undefined, 'wrong', 1]) {
      const told = await say(service, [{ ...first, token }, bytes]);
      expect(told).toEqual({ messages: [{ error: expect.stringContaining('token') }], code: 1008 });
    }
    const wanted = await expected(samples, { sampleRate: 16_000 });
    expectSegments(await say(service, [{ ...first, token: 'secret' }, bytes, end]), wanted);
    const socket = openSocket(service, { headers: { authorization: 'Bearer secret' } });
    const told = conversation(socket);
    await once(socket, 'open');
    for (const message of [JSON.stringify(first), bytes, JSON.stringify(end)]) socket.send(message);
    expectSegments(await told, wanted);
  });

  it('of streams beyond those that may be in progress, and of other paths', async () => {
    const service = await serve({ maxConnections: 1 });
    const early = openSocket(service);
    await once(early, 'open'); // two connections may come before either has said anything
    const first = openSocket(service);
    await once(first, 'open');
    first.send(JSON.stringify({ sampleRate: 16_000 }));
    await until(async () => (await counted(service, 'speech_emotion_open{kind="stream"}')) === 1);
    await expect(conversation(openSocket(service))).rejects.toThrow('503');
    const told = conversation(early);
    early.send(JSON.stringify({ sampleRate: 16_000 }));
    expect(await told).toEqual({ messages: [{ error: expect.stringContaining('in progress') }], code: 1013 });
    first.close();
    await until(async () => (await counted(service, 'speech_emotion_open{kind="stream"}')) === 0);
    await expect(conversation(openSocket({ url: `${service.url}/health?` }))).rejects.toThrow('400');
    await expect(conversation(openSocket({ url: `${service.url}/nowhere?` }))).rejects.toThrow('404');
  });
});

describe('clients that go away, or do not keep up', () => {
  it('one that is gone ends its stream', async () => {
    const service = await serve();
    const [before] = await pool.tensors();
    for (const leave of [(socket: WebSocket) => socket.close(), (socket: WebSocket) => socket.terminate()]) {
      const socket = openSocket(service);
      await once(socket, 'open');
      socket.send(JSON.stringify({ sampleRate: 16_000 }));
      socket.send(bytes);
      await once(socket, 'message');
      leave(socket);
      await until(async () => (await counted(service, 'speech_emotion_open{kind="stream"}')) === 0);
    }
    await until(async () => (await pool.tensors())[0] === before);
  });

  it('one that answers no ping is dropped, and counted', async () => {
    const service = await serve({ idleSeconds: 0.4 });
    const dead = openSocket(service, { autoPong: false });
    const live = openSocket(service);
    for (const socket of [dead, live]) {
      await once(socket, 'open');
      socket.send(JSON.stringify({ sampleRate: 16_000 }));
    }
    expect((await conversation(dead)).code).toBe(1006);
    expect(await counted(service, 'speech_emotion_dropped_total{reason="dead"}')).toBe(1);
    expect(await counted(service, 'speech_emotion_open{kind="stream"}')).toBe(1);
    live.close();
  });

  it('one that says nothing after the handshake is dropped, and counted', async () => {
    const service = await serve({ idleSeconds: 0.3 });
    const told = await conversation(openSocket(service));
    expect(told).toEqual({ messages: [{ error: expect.stringContaining('does not come') }], code: 1008 });
    expect(await counted(service, 'speech_emotion_dropped_total{reason="idle"}')).toBe(1);
  });

  it('one that does not read is dropped, and counted', async () => {
    // Segments without end: more than the buffers of the system hold.
    const label = 'x'.repeat(10_000);
    async function* endless(): AsyncGenerator<StreamSegment> {
      for (let i = 0; ; i++) {
        await new Promise(setImmediate);
        yield { start: i, end: i + 1, dropped: 0, speech: true, label, confidence: 1, scores: [] };
      }
    }
    let released = 0;
    const lease = { classifier: { stream: endless } as never, release: () => void released++ };
    const made: Classifiers = {
      forFile: async () => lease,
      forStream: () => lease,
      ready: 1,
      tensors: async () => [],
      dispose() {},
    };
    const service = await serve({ maxSeconds: Number.MAX_SAFE_INTEGER }, made);
    const socket = openSocket(service);
    await once(socket, 'open');
    socket.pause();
    socket.send(JSON.stringify({ sampleRate: 16_000 }));
    await until(async () => (await counted(service, 'speech_emotion_dropped_total{reason="slow"}')) === 1);
    expect(await counted(service, 'speech_emotion_open{kind="stream"}')).toBe(0);
    await until(() => released === 1);
    socket.terminate();
  });

  it('one that sends faster than is classified is told to wait', async () => {
    const service = await serve();
    const socket = await connectTo(service);
    socket.write(
      'GET /stream HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n' +
        'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
    );
    await once(socket, 'data');
    socket.write(frame(1, Buffer.from(JSON.stringify({ sampleRate: 16_000, hopSeconds: 0.1, vad: false, ...wait }))));
    const piece = frame(2, Buffer.alloc(2 ** 16, 1));
    // 64 MB are half an hour of sound: the classifier is not through when the buffers of the system are full.
    let sent = 0;
    while (sent < 2 ** 26 && socket.write(piece)) sent += piece.length;
    for (let full = 0; full < 5 && sent < 2 ** 26; ) {
      const before = socket.bytesWritten - socket.writableLength;
      await new Promise((resolve) => setTimeout(resolve, 20));
      full = socket.bytesWritten - socket.writableLength === before ? full + 1 : 0;
      while (sent < 2 ** 26 && socket.writableLength < 2 ** 16) {
        socket.write(piece);
        sent += piece.length;
      }
    }
    expect(sent).toBeLessThan(2 ** 26);
    socket.destroy();
    await until(async () => (await counted(service, 'speech_emotion_open{kind="stream"}')) === 0);
  });

  /** A frame as clients send it: masked, by zeros. https://www.rfc-editor.org/rfc/rfc6455#section-5.2 */
  function frame(kind: 1 | 2, payload: Buffer): Buffer {
    const { length } = payload;
    const head =
      length < 126 ? [0x80 | length] : [0x80 | 127, 0, 0, 0, 0, ...[24, 16, 8, 0].map((by) => (length >>> by) & 255)];
    return Buffer.concat([Buffer.from([0x80 | kind, ...head, 0, 0, 0, 0]), payload]);
  }
});
