import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import type { EmotionClassifier } from 'speech-emotion';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openClassifier } from '../../src/openClassifier.ts';
import type { ClassifierPool } from '../../src/serve/classifierPool.ts';
import type { Service } from '../../src/serve/service.ts';
import { clip, connectTo, counted, noise, openPool, read, start, until } from './server.ts';

/* Files over HTTP. Oracle of answers: the library, called in this thread. Of refusals: the statuses of RFC 9110. */

let pool: ClassifierPool;
let classifier: EmotionClassifier;
const services: Service[] = [];

beforeAll(async () => {
  pool = await openPool();
  classifier = await openClassifier(undefined);
});
afterAll(async () => {
  await Promise.all(services.map((service) => service.stop(0)));
  pool?.dispose();
  classifier?.dispose();
});

async function serve(options: Parameters<typeof start>[1] = {}): Promise<Service> {
  const service = await start(pool, options);
  services.push(service);
  return service;
}

const post = (service: Service, path: string, body: BodyInit, headers: Record<string, string> = {}) =>
  fetch(service.url + path, { method: 'POST', body, headers });

const asJson = (value: unknown) => JSON.parse(JSON.stringify(value));

const told = async (response: Response) => ({ status: response.status, ...((await response.json()) as object) });

/** Two channels of 16 bits: the clip, and silence. */
function stereo(wav: Buffer): Buffer {
  const head = Buffer.from(wav.subarray(0, 44));
  const mono = wav.subarray(44);
  const data = Buffer.alloc(2 * mono.length);
  for (let at = 0; at < mono.length; at += 2) mono.copy(data, 2 * at, at, at + 2);
  head.writeUInt32LE(36 + data.length, 4);
  head.writeUInt16LE(2, 22);
  head.writeUInt32LE(2 * head.readUInt32LE(28), 28);
  head.writeUInt16LE(4, 32);
  head.writeUInt32LE(data.length, 40);
  return Buffer.concat([head, data]);
}

describe('answers', () => {
  it('are the library’s', async () => {
    const service = await serve();
    const [short, long] = [await clip('lively'), await clip('in-turns')];
    const both = stereo(short);
    const cases: [path: string, body: Buffer, wanted: Promise<unknown>][] = [
      ['/classify', short, classifier.classify(short)],
      ['/classify?topK=2&trim=false', short, classifier.classify(short, { topK: 2, trim: false })],
      ['/classify?vad=false', short, classifier.classify(short, { vad: false })],
      ['/classify?vad=true', noise(3), classifier.classify(noise(3))],
      ['/classify?channel=each', both, classifier.classify(both, { channel: 'each' })],
      ['/classify?channel=1', both, classifier.classify(both, { channel: 1 })],
      ['/timeline', long, classifier.timeline(long)],
      [
        '/timeline?hopSeconds=1&windowSeconds=1.5&topK=1&channel=each',
        both,
        classifier.timeline(both, { hopSeconds: 1, windowSeconds: 1.5, topK: 1, channel: 'each' }),
      ],
    ];
    for (const [path, body, wanted] of cases) {
      const response = await post(service, path, new Uint8Array(body));
      expect(response.status, path).toBe(200);
      expect(await response.json(), path).toEqual(asJson(await wanted));
    }
  });

  it('are given while the body still comes: nothing waits for its end', async () => {
    const service = await serve();
    const sound = noise(700, 8000); // the level of the first ten minutes is looked at first
    const headers = { 'content-length': sound.length };
    const request = httpRequest(`${service.url}/timeline`, { method: 'POST', headers });
    request.write(sound.subarray(0, -1000));
    await until(async () => (await counted(service, 'speech_emotion_sound_seconds_total{path="/timeline"}')) > 20);
    request.end(sound.subarray(-1000));
    const [response] = await once(request, 'response');
    expect(response.statusCode).toBe(200);
    response.resume();
    await once(response, 'end');
  });
});

describe('refusals', () => {
  it('say what is wrong, in the library’s words where it is the file or an option', async () => {
    const service = await serve({ maxSeconds: 10 });
    const short = new Uint8Array(await clip('lively'));
    const message = (call: Promise<unknown>) =>
      call.then(
        () => '',
        (error: Error) => error.message,
      );
    const text = new TextEncoder().encode('no sound at all, only text');
    const cases: [path: string, body: Uint8Array<ArrayBuffer>, status: number, error: unknown][] = [
      ['/classify', text, 400, await message(classifier.classify(text))],
      ['/classify', new Uint8Array(0), 400, await message(classifier.classify(new Uint8Array(0)))],
      ['/classify?channel=5', short, 400, await message(classifier.classify(short, { channel: 5 }))],
      ['/classify?topK=0', short, 400, await message(classifier.classify(short, { topK: 0 }))],
      ['/classify?topK=many', short, 400, await message(classifier.classify(short, { topK: 'many' as never }))],
      ['/timeline?windowSeconds=-1', short, 400, await message(classifier.timeline(short, { windowSeconds: -1 }))],
      ['/timeline?hopSeconds=0.01', short, 400, expect.stringContaining('at least 0.1')],
      ['/timeline?windowSeconds=61', short, 400, expect.stringContaining('at most 60')],
      ['/classify?hopSeconds=1', short, 400, expect.stringContaining('no parameter "hopSeconds"')],
      ['/classify?topK=1&topK=2', short, 400, expect.stringContaining('once')],
      ['/classify', new Uint8Array(noise(11)), 413, expect.stringContaining('maxSeconds')],
    ];
    for (const [path, body, status, error] of cases) {
      expect(await told(await post(service, path, body)), path).toEqual({ status, error });
    }
  });

  it('of other paths, methods and bodies', async () => {
    const service = await serve();
    expect(await told(await fetch(`${service.url}/nowhere`))).toMatchObject({ status: 404 });
    const wrongMethod = await fetch(`${service.url}/classify`);
    expect([wrongMethod.status, wrongMethod.headers.get('allow')]).toEqual([405, 'POST']);
    const removal = await fetch(`${service.url}/health`, { method: 'DELETE' });
    expect([removal.status, removal.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
    const form = new FormData();
    form.append('file', new Blob([new Uint8Array(await clip('lively'))]));
    expect(await told(await post(service, '/classify', form))).toMatchObject({ status: 415 });
    const zipped = await post(service, '/classify', new Uint8Array(10), { 'content-encoding': 'gzip' });
    expect(await told(zipped)).toMatchObject({ status: 415 });
    const socket = await connectTo(service);
    socket.write('no request\r\n\r\n');
    expect(await read(socket)).toMatch(/^HTTP\/1\.1 400 /);
  });

  it('of a wrong token', async () => {
    const service = await serve({ token: 'secret' });
    for (const authorization of [undefined, 'Bearer wrong', 'Bearer secre', 'Basic secret', 'Bearer']) {
      const headers: Record<string, string> = authorization === undefined ? {} : { authorization };
      for (const path of ['/metrics', '/openapi.json']) {
        const response = await fetch(service.url + path, { headers });
        expect([response.status, response.headers.get('www-authenticate')]).toEqual([401, 'Bearer']);
      }
      const body = new Uint8Array(await clip('lively'));
      expect(await told(await post(service, '/classify', body, headers))).toMatchObject({ status: 401 });
    }
    const authorization = 'Bearer secret';
    expect((await fetch(`${service.url}/metrics`, { headers: { authorization } })).status).toBe(200);
    expect((await fetch(`${service.url}/health`)).status).toBe(200);
  });

  it('of bodies over the bound: told beforehand, or found while they come', async () => {
    const service = await serve({ maxBytes: 100_000 });
    const long = noise(10);
    expect(await told(await post(service, '/classify', new Uint8Array(long)))).toMatchObject({ status: 413 });
    async function* pieces() {
      for (let at = 0; at < long.length; at += 10_000) yield long.subarray(at, at + 10_000);
    }
    const streamed = { method: 'POST', body: pieces(), duplex: 'half' } as unknown as Parameters<typeof fetch>[1];
    expect(await told(await fetch(new URL('/classify', service.url), streamed))).toMatchObject({ status: 413 });

    // A client that asks first is told before it has sent anything.
    const headers = { expect: '100-continue', 'content-length': 200_000 };
    const request = httpRequest(`${service.url}/classify`, { method: 'POST', headers });
    let wasInvited = false;
    request.once('continue', () => {
      wasInvited = true;
    });
    request.flushHeaders();
    const [response] = await once(request, 'response');
    expect([response.statusCode, wasInvited]).toEqual([413, false]);
    request.destroy();
  });

  it('of requests beyond those that may be in progress', async () => {
    const service = await serve({ maxConnections: 1 });
    const first = httpRequest(`${service.url}/classify`, { method: 'POST', headers: { 'content-length': 200_000 } });
    first.on('error', () => {});
    first.write('RIFF');
    await until(async () => (await counted(service, 'speech_emotion_open{kind="request"}')) === 1);
    const second = await post(service, '/classify', new Uint8Array(await clip('lively')));
    expect([second.status, second.headers.get('retry-after')]).toEqual([503, '1']);
    expect((await fetch(`${service.url}/health`)).status).toBe(200);
    first.destroy();
    await until(async () => (await counted(service, 'speech_emotion_open{kind="request"}')) === 0);
    expect((await post(service, '/classify', new Uint8Array(await clip('lively')))).status).toBe(200);
  });
});

describe('clients that go away, or say nothing', () => {
  const isIdle = async (service: Service) => (await counted(service, 'speech_emotion_open{kind="request"}')) === 0;

  it('one that dies in its body, or leaves, ends the work', async () => {
    const service = await serve();
    const [before] = await pool.tensors();
    const sound = noise(120);
    for (const half of [sound.subarray(0, 50_000), sound]) {
      const socket = await connectTo(service);
      socket.write(`POST /timeline?vad=false HTTP/1.1\r\nHost: x\r\nContent-Length: ${sound.length}\r\n\r\n`);
      socket.write(half);
      await until(async () => !(await isIdle(service)));
      socket.destroy();
      await until(() => isIdle(service));
    }
    const controller = new AbortController();
    const left = fetch(`${service.url}/timeline?vad=false`, {
      method: 'POST',
      body: new Uint8Array(sound),
      signal: controller.signal,
    });
    await until(async () => !(await isIdle(service)));
    controller.abort();
    await expect(left).rejects.toThrow();
    await until(() => isIdle(service));
    // The worker has stopped, too: what it was left with would take it a minute.
    await until(async () => (await pool.tensors())[0] === before);
    const heard = await counted(service, 'speech_emotion_sound_seconds_total{path="/timeline"}');
    expect(heard).toBeLessThan(250);
    expect((await post(service, '/classify', new Uint8Array(await clip('lively')))).status).toBe(200);
    expect((await pool.tensors())[0]).toBe(before);
  });

  it('half a head, or half a body, is answered by 408', async () => {
    const service = await serve({ idleSeconds: 0.3 });
    const silent = await connectTo(service);
    const head = await connectTo(service);
    head.write('POST /classify HTTP/1.1\r\nHost: x\r\n');
    const body = await connectTo(service);
    body.write('POST /classify HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nRIFF');
    const answers = await Promise.all([silent, head, body].map(read));
    expect(answers.map((answer) => answer.split('\r\n', 1)[0])).toEqual(Array(3).fill('HTTP/1.1 408 Request Timeout'));
    expect(await counted(service, 'speech_emotion_dropped_total{reason="idle"}')).toBe(3);
    expect(await isIdle(service)).toBe(true);
  });
});
