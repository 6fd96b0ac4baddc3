// what happens in the server → metrics as Prometheus reads them

import { Counter, Gauge, Histogram, Registry } from 'prom-client';

/** Why a client was dropped. */
export type DropReason = 'slow' | 'dead' | 'idle' | 'connections';

/** What the server counts. Nothing of the sound, and of clients only how many. */
export class Metrics {
  readonly registry = new Registry();
  readonly #own = { registers: [this.registry] };
  readonly #requests = new Counter({
    ...this.#own,
    name: 'speech_emotion_requests_total',
    help: 'Requests that were answered; 499 where the client had gone',
    labelNames: ['path', 'status'],
  });
  readonly #latency = new Histogram({
    ...this.#own,
    name: 'speech_emotion_request_seconds',
    help: 'Seconds from a request to the end of its answer, the time that its body took to come included',
    labelNames: ['path'],
    buckets: [0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 100, 300],
  });
  readonly #sound = new Counter({
    ...this.#own,
    name: 'speech_emotion_sound_seconds_total',
    help: 'Seconds of sound that were classified',
    labelNames: ['path'],
  });
  readonly #segments = new Counter({
    ...this.#own,
    name: 'speech_emotion_segments_total',
    help: 'Segments of live streams: sent, or left out since the stream was behind',
    labelNames: ['fate'],
  });
  readonly #open = new Gauge({
    ...this.#own,
    name: 'speech_emotion_open',
    help: 'Requests and live streams in progress',
    labelNames: ['kind'],
  });
  readonly #dropped = new Counter({
    ...this.#own,
    name: 'speech_emotion_dropped_total',
    help: 'Clients that were dropped: they read too slowly, answered no ping, sent nothing, or were too many',
    labelNames: ['reason'],
  });

  /** @param tensors gives how many tensors each worker holds; undefined for one that does not answer */
  constructor(tensors: () => Promise<readonly (number | undefined)[]>) {
    for (const reason of ['slow', 'dead', 'idle', 'connections']) this.#dropped.inc({ reason }, 0);
    for (const fate of ['sent', 'dropped']) this.#segments.inc({ fate }, 0);
    for (const kind of ['request', 'stream']) this.#open.set({ kind }, 0);
    new Gauge({
      ...this.#own,
      name: 'speech_emotion_tensors',
      help: 'Tensors that a worker holds: those of the model, and of what it works on',
      labelNames: ['worker'],
      async collect() {
        this.reset();
        for (const [worker, count] of (await tensors()).entries()) if (count !== undefined) this.set({ worker }, count);
      },
    });
  }

  answered(path: string, status: number, seconds: number): void {
    this.#requests.inc({ path, status });
    this.#latency.observe({ path }, seconds);
  }

  /** A request that was refused before it was read, or has become a stream. */
  refused(path: string, status: number): void {
    this.#requests.inc({ path, status });
  }

  heard(path: string, seconds: number): void {
    this.#sound.inc({ path }, Math.max(0, seconds));
  }

  segment(dropped: number): void {
    this.#segments.inc({ fate: 'sent' });
    this.#segments.inc({ fate: 'dropped' }, dropped);
  }

  /** @param by 1 at the beginning, -1 at the end */
  opened(kind: 'request' | 'stream', by: 1 | -1): void {
    this.#open.inc({ kind }, by);
  }

  dropped(reason: DropReason): void {
    this.#dropped.inc({ reason });
  }
}
