import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Validator } from '@seriousme/openapi-schema-validator';
import Ajv2020 from 'ajv/dist/2020.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ClassifierPool } from '../../src/serve/classifierPool.ts';
import type { Service } from '../../src/serve/service.ts';
import {
  clip,
  connectTo,
  conversation,
  counted,
  noise,
  openPool,
  openSocket,
  read,
  samplesOf,
  say,
  start,
  until,
} from './server.ts';

/* The server as a whole: its description, its metrics, its worker threads, its end. */

let pool: ClassifierPool;
beforeAll(async () => {
  pool = await openPool();
});
afterAll(() => pool?.dispose());

const post = async (service: Service, path: string, body: Buffer, init: RequestInit = {}) =>
  fetch(service.url + path, { method: 'POST', body: new Uint8Array(body), ...init });

describe('the description (oracle: a validator of OpenAPI, and one of JSON Schema)', () => {
  it('is OpenAPI 3.1, and says what each path answers', async () => {
    const service = await start(pool, { token: 'secret' });
    const headers = { authorization: 'Bearer secret' };
    const document = await (await fetch(`${service.url}/openapi.json`, { headers })).json();
    const validator = new Validator();
    expect(await validator.validate(structuredClone(document))).toEqual({ valid: true });
    expect(validator.version).toBe('3.1');
    const wrong = structuredClone(document);
    wrong.paths['/classify'].post.responses[200].content = 1;
    expect((await new Validator().validate(wrong)).valid).toBe(false);

    const ajv = new Ajv2020({ strict: false });
    ajv.addSchema(document, 'document');
    const isAsSaid = (schema: object, value: unknown) => {
      const validate = ajv.compile(JSON.parse(JSON.stringify(schema).replaceAll('"#/', '"document#/')));
      expect(validate(value), JSON.stringify(validate.errors)).toBe(true);
    };
    const seen = new Set<string>();
    /** Asks, and holds the answer against what the document says of its path, method and status. */
    const ask = async (path: string, method: 'get' | 'post', status: number, body?: Buffer, more: object = headers) => {
      const init = { method, headers: more as Record<string, string>, ...(body && { body: new Uint8Array(body) }) };
      const response = await fetch(service.url + path, init);
      expect(response.status, path).toBe(status);
      const [plain] = path.split('?');
      const said = document.paths[plain!][method].responses[status];
      const [type] = response.headers.get('content-type')!.split(';');
      expect(Object.keys(said.content)).toEqual([type]);
      const text = await response.text();
      isAsSaid(said.content[type!].schema, type === 'application/json' ? JSON.parse(text) : text);
      seen.add(plain!);
    };
    const [short, long] = [await clip('lively'), await clip('in-turns')];
    await ask('/classify', 'post', 200, short);
    await ask('/classify?channel=each&topK=3', 'post', 200, short);
    await ask('/classify', 'post', 200, noise(3));
    await ask('/timeline', 'post', 200, long);
    await ask('/timeline?channel=each', 'post', 200, long);
    await ask('/classify', 'post', 400, Buffer.from('no sound'));
    await ask('/classify', 'post', 401, short, {});
    await ask('/timeline', 'post', 415, short, { ...headers, 'content-type': 'application/json' });
    await ask('/openapi.json', 'get', 200);
    await ask('/health', 'get', 200, undefined, {});
    await ask('/metrics', 'get', 200);
    await ask('/stream', 'get', 426);
    const { messages } = await say(service, [{ sampleRate: 16_000, token: 'secret' }, samplesOf(long), { end: true }]);
    expect(messages.length).toBeGreaterThan(3);
    for (const segment of messages) {
      isAsSaid(document.paths['/stream'].get.responses[101].content['application/json'].schema, segment);
    }
    expect([...seen].sort()).toEqual(Object.keys(document.paths).sort());
    await service.stop(0);
  });
});

describe('metrics', () => {
  it('count requests, sound, segments and what is in progress (oracle: what was asked)', async () => {
    const service = await start(pool);
    const [short, long] = [await clip('lively'), await clip('in-turns')];
    await (await post(service, '/classify', short)).text();
    await (await post(service, '/classify', Buffer.from('no sound'))).text();
    await (await post(service, '/timeline?channel=each', long)).text();
    await (await fetch(`${service.url}/nowhere/${Math.PI}`)).text();
    const { messages } = await say(service, [{ sampleRate: 16_000 }, samplesOf(long), { end: true }]);
    const seconds = (wav: Buffer) => samplesOf(wav).length / 2 / 16_000;
    const close = (value: number) => expect.closeTo(value, 2);
    const wanted: Record<string, unknown> = {
      'speech_emotion_requests_total{path="/classify",status="200"}': 1,
      'speech_emotion_requests_total{path="/classify",status="400"}': 1,
      'speech_emotion_requests_total{path="/timeline",status="200"}': 1,
      'speech_emotion_requests_total{path="/stream",status="101"}': 1,
      'speech_emotion_requests_total{path="other",status="404"}': 1,
      'speech_emotion_request_seconds_count{path="/classify"}': 2,
      'speech_emotion_sound_seconds_total{path="/classify"}': close(seconds(short)),
      'speech_emotion_sound_seconds_total{path="/timeline"}': close(seconds(long)),
      'speech_emotion_sound_seconds_total{path="/stream"}': close(seconds(long)),
      'speech_emotion_segments_total{fate="sent"}': messages.length,
      'speech_emotion_open{kind="request"}': 0,
      'speech_emotion_open{kind="stream"}': 0,
    };
    for (const [name, value] of Object.entries(wanted)) expect(await counted(service, name), name).toEqual(value);
    const text = await (await fetch(`${service.url}/metrics`)).text();
    // https://prometheus.io/docs/instrumenting/exposition_formats/: comments, and samples with labels.
    const line = /^(#.*|[a-z_]+(\{([a-z]+="[^"\\\n]*",?)+\})? [-+\d.e]+(Inf)?|)$/i;
    expect(text.split('\n').filter((one) => !line.test(one))).toEqual([]);
    await service.stop(0);
  });
});

describe('worker threads', () => {
  it('one that ends is replaced; what it did is answered by 503', async () => {
    const own = await openPool();
    const service = await start(own);
    const body = noise(300);
    const lost = post(service, '/timeline?vad=false', body);
    await until(async () => (await counted(service, 'speech_emotion_open{kind="request"}')) === 1);
    await own.threads[0]!.terminate();
    expect((await lost).status).toBe(503);
    const health = await fetch(`${service.url}/health`);
    expect([health.status, await health.json()]).toEqual([503, { status: 'no worker', workers: 0 }]);
    expect((await post(service, '/classify', await clip('lively'))).status).toBe(503);
    await until(async () => (await fetch(`${service.url}/health`)).ok);
    expect((await post(service, '/classify', await clip('lively'))).status).toBe(200);
    await service.stop(0);
    own.dispose();
  });

  it('files wait for room, in their order, and leave when they are given up', async () => {
    const own = await openPool();
    const never = new AbortController().signal;
    const taken = await Promise.all(Array.from({ length: 8 }, () => own.forFile(never)));
    const order: string[] = [];
    const controller = new AbortController();
    const [first, given, second] = [own.forFile(never), own.forFile(controller.signal), own.forFile(never)];
    void first.then(() => order.push('first'));
    void second.then(() => order.push('second'));
    own.forStream().release(); // live sound does not wait
    controller.abort(new Error('given up'));
    await expect(given).rejects.toThrow('given up');
    expect(order).toEqual([]);
    for (const lease of taken) lease.release();
    await Promise.all([first, second]);
    expect(order).toEqual(['first', 'second']);
    own.dispose();
    await expect(own.forFile(never)).rejects.toThrow('no worker');
  });
});

describe('stopping', () => {
  it('lets what is in progress end, and takes nothing new', async () => {
    const service = await start(pool);
    const sound = await clip('in-turns');
    const headers = { 'content-length': sound.length };
    const request = httpRequest(`${service.url}/classify`, { method: 'POST', headers });
    request.write(sound.subarray(0, 100));
    const socket = openSocket(service);
    const told = conversation(socket);
    await once(socket, 'open');
    socket.send(JSON.stringify({ sampleRate: 16_000, whenBehind: 'wait' }));
    await until(async () => (await counted(service, 'speech_emotion_open{kind="stream"}')) === 1);
    await until(async () => (await counted(service, 'speech_emotion_open{kind="request"}')) === 1);
    let hasStopped = false;
    const stopped = service.stop(60).then(() => {
      hasStopped = true;
    });
    await expect(fetch(`${service.url}/health`)).rejects.toThrow();
    await expect(connectTo(service)).rejects.toThrow();
    request.end(sound.subarray(100));
    const [response] = await once(request, 'response');
    expect([response.statusCode, response.headers.connection]).toEqual([200, 'close']);
    response.resume();
    expect(hasStopped).toBe(false);
    socket.send(samplesOf(sound));
    socket.send(JSON.stringify({ end: true }));
    const { messages, code } = await told;
    expect([messages.length > 3, code]).toEqual([true, 1000]);
    await stopped;
  });

  it('ends what is still in progress after the time it has', async () => {
    const service = await start(pool);
    const request = await connectTo(service);
    request.write('POST /classify HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nRIFF');
    const answer = read(request);
    const idle = await connectTo(service);
    const [early, live] = [openSocket(service), openSocket(service)];
    const told = [early, live].map(conversation);
    await Promise.all([early, live].map((socket) => once(socket, 'open')));
    live.send(JSON.stringify({ sampleRate: 16_000 }));
    await until(async () => (await counted(service, 'speech_emotion_open{kind="stream"}')) === 1);
    await service.stop(0.1);
    expect(await answer).toMatch(/^HTTP\/1\.1 503 .*the server stops/s);
    expect(await Promise.all(told)).toEqual([
      { messages: [], code: 1001 },
      { messages: [{ error: 'Cannot go on: the server stops' }], code: 1001 },
    ]);
    await read(idle);
    expect((await pool.tensors()).length).toBe(1); // the classifiers are the caller's
  });
});

describe('many at once', () => {
  it('leave nothing behind (oracle: what there was before)', { timeout: 120_000 }, async () => {
    const service = await start(pool, { maxConnections: 200 });
    const sound = samplesOf(await clip('lively'));
    const round = async (streams: number) => {
      const told = await Promise.all(
        Array.from({ length: streams }, () => say(service, [{ sampleRate: 16_000 }, sound, { end: true }])),
      );
      expect(told.map(({ code }) => code)).toEqual(Array(streams).fill(1000));
      await until(async () => (await counted(service, 'speech_emotion_open{kind="stream"}')) === 0);
    };
    const state = async () => ({
      tensors: await pool.tensors(),
      sockets: process.getActiveResourcesInfo().filter((kind) => kind === 'TCPSocketWrap').length,
      listeners: pool.threads.map((thread) => thread.eventNames().map((name) => thread.listenerCount(name))),
    });
    await round(2);
    await until(() => process.getActiveResourcesInfo().every((kind) => kind !== 'TCPSocketWrap'));
    const before = await state();
    await round(100);
    await until(async () => JSON.stringify(await state()) === JSON.stringify(before));
    await service.stop(0);
  });
});

describe('the command', () => {
  const main = fileURLToPath(new URL('../../dist/main.js', import.meta.url));

  it('serves until SIGTERM, and exits with 0', async () => {
    const env = { ...process.env, SPEECH_EMOTION_TOKEN: 'secret' };
    const program = spawn(process.execPath, [main, 'serve', '--port', '0', '--workers', '1'], { env });
    const [line] = await once(program.stdout, 'data');
    const url = String(line).trim();
    const body = new Uint8Array(await clip('lively'));
    const headers = { authorization: 'Bearer secret' };
    expect((await fetch(`${url}/classify`, { method: 'POST', body })).status).toBe(401);
    expect((await fetch(`${url}/classify`, { method: 'POST', body, headers })).status).toBe(200);
    expect(await (await fetch(`${url}/metrics`, { headers })).text()).toContain('process_resident_memory_bytes');
    program.kill('SIGTERM');
    expect(await once(program, 'exit')).toEqual([0, null]);
  });

  it('says what is wrong with its options', async () => {
    const run = (args: string[], env: object = {}) =>
      promisify(execFile)(process.execPath, [main, 'serve', ...args], { env: { ...process.env, ...env } }).then(
        () => ({ code: 0, stderr: '' }),
        ({ code, stderr }: { code: number; stderr: string }) => ({ code, stderr }),
      );
    expect(await run(['--port', 'many'])).toEqual({ code: 2, stderr: expect.stringContaining('from 0 to 65535') });
    expect(await run([], { SPEECH_EMOTION_TOKEN: '' })).toEqual({ code: 2, stderr: expect.stringContaining('empty') });
    const { code, stderr } = await run(['--model', '/nowhere/at/all']);
    expect([code, stderr]).toEqual([1, expect.stringMatching(/^Cannot read the model: [^\n]+\n$/)]);
  });
});
