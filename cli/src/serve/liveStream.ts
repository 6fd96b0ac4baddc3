// a WebSocket that brings sound → one that gives segments

import { pcm } from 'speech-emotion/node';
import type { RawData, WebSocket } from 'ws';
import type { Context } from './context.ts';
import { type LiveSession, openSession } from './liveSession.ts';
import type { Work } from './openWork.ts';
import { Problem, problemOf } from './problem.ts';
import { SoundQueue } from './soundQueue.ts';

/** Bytes of segments that may wait for a client: what it has not read of an hour. */
const MOST_UNREAD = 2 ** 20;

/** Codes that a WebSocket ends with, by status: https://www.iana.org/assignments/websocket/websocket.xhtml */
const CLOSE_CODES: Readonly<Record<number, number>> = { 413: 1009, 500: 1011, 503: 1013 };
const DONE = 1000;
/** The server stops. */
export const GOING_AWAY = 1001;
const REFUSED = 1008;

/** Listens to a client until its sound, the client or the server is at an end. */
export class LiveStream {
  readonly #socket: WebSocket;
  readonly #context: Context;
  readonly #queue: SoundQueue;
  readonly #timer: NodeJS.Timeout;
  #isAdmitted: boolean;
  #session: LiveSession | undefined;
  #work: Work | undefined;
  #isOver = false;

  /** @param isAdmitted whether the client has given the token already */
  constructor(socket: WebSocket, isAdmitted: boolean, context: Context) {
    this.#socket = socket;
    this.#context = context;
    this.#isAdmitted = isAdmitted;
    this.#queue = new SoundQueue(socket);
    const { idleSeconds } = context.options;
    this.#timer = setTimeout(() => {
      context.metrics.dropped('idle');
      this.#fail(new Problem(408, 'Cannot stream: the first message does not come'));
    }, 1000 * idleSeconds);
    socket.on('message', (data, isBinary) => this.#take(data, isBinary));
    socket.on('error', () => {}); // a frame that is none: ws closes the connection, and says so
    socket.once('close', () => this.#close());
  }

  #take(data: RawData, isBinary: boolean): void {
    if (this.#isOver) return;
    try {
      const message = { data: data as Buffer, isBinary };
      if (this.#session) this.#hear(this.#session.soundOf(message));
      else this.#begin(openSession(message));
    } catch (error) {
      this.#fail(error);
    }
  }

  #hear(sound: Uint8Array | 'end' | undefined): void {
    if (sound === 'end') this.#queue.end();
    else if (sound) this.#queue.push(sound);
  }

  #begin(session: LiveSession | undefined): void {
    if (!session) return;
    const { access, work, metrics } = this.#context;
    this.#isAdmitted ||= access.admits(session.token);
    if (!this.#isAdmitted) throw new Problem(401, 'Cannot stream: the token is missing, or wrong');
    this.#work = work.begin();
    metrics.opened('stream', 1);
    clearTimeout(this.#timer);
    this.#session = session;
    const { signal } = this.#work.controller;
    signal.addEventListener('abort', () => this.#fail(signal.reason));
    void this.#answer(session, signal);
  }

  async #answer({ pcm: format, options }: LiveSession, signal: AbortSignal): Promise<void> {
    const { classifiers, metrics, options: allowed } = this.#context;
    let heard = 0;
    let release = () => {};
    try {
      const lease = classifiers.forStream();
      release = lease.release;
      const segments = format
        ? lease.classifier.stream(pcm(this.#queue, format), { ...options, signal })
        : lease.classifier.stream(this.#queue, { ...options, maxSeconds: allowed.maxSeconds, signal });
      for await (const segment of segments) {
        metrics.heard('/stream', segment.end - heard);
        metrics.segment(segment.dropped);
        heard = segment.end;
        if (heard > allowed.maxSeconds) {
          throw new Problem(413, `Cannot stream: there may be ${allowed.maxSeconds} seconds of sound`);
        }
        this.#send(segment);
        if (this.#isOver) return;
      }
      this.#end(DONE);
    } catch (error) {
      this.#fail(error);
    } finally {
      release();
    }
  }

  #send(message: object): void {
    this.#socket.send(JSON.stringify(message));
    if (this.#socket.bufferedAmount <= MOST_UNREAD) return;
    this.#context.metrics.dropped('slow');
    this.#close();
    this.#socket.terminate();
  }

  /** Tells the client what is wrong, and ends. */
  #fail(error: unknown): void {
    if (this.#isOver) return;
    const problem = problemOf(error);
    if (problem.status === 500) this.#context.options.onFault(error);
    this.#socket.send(JSON.stringify({ error: problem.message }));
    const isStopping = this.#context.work.isStopping && problem.status === 503;
    this.#end(isStopping ? GOING_AWAY : (CLOSE_CODES[problem.status] ?? REFUSED));
  }

  #end(code: number): void {
    this.#close();
    this.#socket.close(code);
  }

  /** Ends the work, whether the connection is closed or not. */
  #close(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    clearTimeout(this.#timer);
    this.#queue.destroy();
    this.#work?.controller.abort(new Problem(499, 'Cannot stream: the client is gone'));
    if (this.#work) this.#context.metrics.opened('stream', -1);
    this.#work?.end();
  }
}
