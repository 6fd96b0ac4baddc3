// a server for tests → its address, its clients, and what it counts

import { readFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { type ClientOptions, WebSocket } from 'ws';
import { ClassifierPool, type Classifiers } from '../../src/serve/classifierPool.ts';
import type { ServeOptions } from '../../src/serve/serveOptions.ts';
import { type Service, startService } from '../../src/serve/service.ts';

export const root = fileURLToPath(new URL('../../..', import.meta.url));

/** The bytes of an example clip. */
export const clip = (name: string) => readFile(`${root}/examples/clips/${name}.wav`);

/** Threads run the built program: Node 20 reads no TypeScript. */
const entry = new URL('../../dist/serveWorker.js', import.meta.url);

export const openPool = (workers = 1) => ClassifierPool.open({ entry, workers, model: undefined });

/** A server with these options; in place of the others are such as no test meets. */
export function start(classifiers: Classifiers, options: Partial<ServeOptions> = {}): Promise<Service> {
  return startService(classifiers, {
    host: '127.0.0.1',
    port: 0,
    token: undefined,
    maxBytes: 2 ** 26,
    maxSeconds: 3600,
    maxConnections: 64,
    idleSeconds: 30,
    onFault: (error) => {
      throw error; // no test is meant to meet one
    },
    ...options,
  });
}

/** What a service counts under a name with its labels, such as `speech_emotion_open{kind="stream"}`. */
export async function counted({ metrics }: Service, name: string): Promise<number> {
  const lines = (await metrics.registry.metrics()).split('\n');
  const line = lines.find((one) => one.startsWith(`${name} `));
  return line === undefined ? 0 : Number(line.slice(name.length + 1));
}

/** Waits for something that comes about without a message. */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 20));
}

/** What a WebSocket has told until it was closed. */
export interface Conversation {
  readonly messages: readonly Record<string, unknown>[];
  readonly code: number;
}

/** Opens a WebSocket. */
export function openSocket({ url }: Pick<Service, 'url'>, options: ClientOptions = {}): WebSocket {
  return new WebSocket(`${url.replace('http', 'ws')}/stream`, options);
}

/** Collects what a server sends until it closes the connection. */
export function conversation(socket: WebSocket): Promise<Conversation> {
  return new Promise((resolve, reject) => {
    const messages: Record<string, unknown>[] = [];
    socket.on('message', (data) => messages.push(JSON.parse(String(data))));
    socket.once('error', reject);
    socket.once('close', (code) => resolve({ messages, code }));
  });
}

/** Sends messages, objects as JSON, as fast as they are taken. */
export async function say(
  service: Pick<Service, 'url'>,
  messages: Iterable<object | Uint8Array>,
): Promise<Conversation> {
  const socket = openSocket(service);
  const told = conversation(socket);
  told.catch(() => {});
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  for (const message of messages) socket.send(message instanceof Uint8Array ? message : JSON.stringify(message));
  return told;
}

/** A bare connection. */
export async function connectTo({ url }: Pick<Service, 'url'>): Promise<Socket> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject));
  return socket;
}

/** All that comes on a bare connection until it is closed. */
export async function read(socket: Socket): Promise<string> {
  let text = '';
  socket.on('data', (data) => {
    text += data;
  });
  await new Promise((resolve) => socket.once('close', resolve));
  return text;
}

/** The bytes of the samples in a WAV file. */
export function samplesOf(wav: Uint8Array): Buffer {
  const bytes = Buffer.from(wav);
  const at = bytes.indexOf('data');
  return bytes.subarray(at + 8, at + 8 + bytes.readUInt32LE(at + 4));
}

/** A WAV file of so many seconds of noise that is the same each time. */
export function noise(seconds: number, sampleRate = 16_000): Buffer {
  const data = Buffer.alloc(2 * seconds * sampleRate);
  for (let at = 0, state = 1; at < data.length; at += 2) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    data.writeInt16LE((state >>> 20) - 2048, at);
  }
  const head = Buffer.alloc(44);
  head.write('RIFF');
  head.writeUInt32LE(36 + data.length, 4);
  head.write('WAVEfmt ', 8);
  for (const [value, at, width] of [
    [16, 16, 4],
    [1, 20, 2],
    [1, 22, 2],
    [sampleRate, 24, 4],
    [2 * sampleRate, 28, 4],
    [2, 32, 2],
    [16, 34, 2],
    [data.length, 40, 4],
  ] as const) {
    head.writeUIntLE(value, at, width);
  }
  head.write('data', 36);
  return Buffer.concat([head, data]);
}
