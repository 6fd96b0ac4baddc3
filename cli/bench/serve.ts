// npx tsx cli/bench/serve.ts: live streams at once → memory, lag and segments of the server that hears them, as JSON
//
// The clients are in this process, on the same cores. A client sends 100 ms of speech each 100 ms, as a microphone does; the lag of a
// segment is the time from the sending of its last sample to its arrival.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { WebSocket } from 'ws';

const RATE = 16_000;
const PIECE_MS = 100;
const PIECE = (2 * RATE * PIECE_MS) / 1000;

const { values } = parseArgs({
  options: {
    connections: { type: 'string', default: '200' },
    seconds: { type: 'string', default: '120' },
    workers: { type: 'string', default: String(Math.max(1, availableParallelism() - 1)) },
  },
});
const [connections, seconds] = [Number(values.connections), Number(values.seconds)];

interface Heard {
  /** Milliseconds since all began. */
  readonly at: number;
  readonly lag: number;
  readonly dropped: number;
}

const root = new URL('../..', import.meta.url);
const main = fileURLToPath(new URL('cli/dist/main.js', root));
const flags = ['serve', '--port', '0', '--workers', values.workers, '--max-connections', String(connections)];
const server = spawn(process.execPath, [main, ...flags], { stdio: ['ignore', 'pipe', 'inherit'] });
const [line] = await once(server.stdout, 'data');
const url = String(line).trim();
const wav = await readFile(new URL('examples/clips/in-turns.wav', root));
const speech = wav.subarray(wav.indexOf('data') + 8);

const atRest = await state();
const began = performance.now();
const heard: Heard[] = [];
const closed = Array.from({ length: connections }, (_, i) => stream((i * PIECE_MS) / connections));
const residentMB: number[] = [];
for (let at = 10_000; at < 1000 * seconds; at += 10_000) {
  await wait(at - (performance.now() - began));
  residentMB.push((await state()).residentMB!);
}
await wait(1000 * seconds - (performance.now() - began));
const atEnd = await state();
const codes = await Promise.all(closed);
await wait(1000);
const afterwards = await state();
server.kill('SIGTERM');
const [exitCode] = await once(server, 'exit');

const halves = [heard.filter(({ at }) => at < 500 * seconds), heard.filter(({ at }) => at >= 500 * seconds)];
const result = {
  ...{ connections, seconds, workers: Number(values.workers), cores: availableParallelism(), exitCode },
  closedByServer: codes.filter((code) => code !== 1000).length,
  segmentsPerSecond: heard.filter(({ at }) => at < 1000 * seconds).length / seconds,
  cpuMsPerSecondOfSound: (1000 * (afterwards.cpuSeconds! - atRest.cpuSeconds!)) / afterwards.soundSeconds!,
  segmentsDropped: heard.reduce((sum, { dropped }) => sum + dropped, 0),
  lagMs: { firstHalf: spread(halves[0]!), secondHalf: spread(halves[1]!) },
  /** Each ten seconds, from ten seconds on. */
  residentMB,
  ...{ atRest, atEnd, afterwards },
};
process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);

/** One client; resolves to the code that its connection was closed with. */
async function stream(delay: number): Promise<number> {
  await wait(delay);
  const socket = new WebSocket(`${url.replace('http', 'ws')}/stream`);
  await once(socket, 'open');
  socket.send(JSON.stringify({ encoding: 's16le', sampleRate: RATE }));
  const first = performance.now();
  let sent = 0;
  const timer = setInterval(() => {
    if (performance.now() - began > 1000 * seconds) {
      clearInterval(timer);
      socket.send(JSON.stringify({ end: true }));
      return;
    }
    // Timers may be late, and a microphone is not.
    for (; sent * PIECE_MS < performance.now() - first; sent++) socket.send(piece(sent));
  }, PIECE_MS / 2);
  socket.on('message', (data) => {
    const { end, dropped, error } = JSON.parse(String(data)) as { end: number; dropped: number; error?: string };
    if (error !== undefined) throw new Error(error);
    const spoken = PIECE_MS * Math.floor((1000 * end) / PIECE_MS); // the piece that its last sample was in
    const now = performance.now();
    heard.push({ at: now - began, lag: now - first - spoken, dropped });
  });
  const [code] = await once(socket, 'close');
  clearInterval(timer);
  return code as number;
}

function piece(index: number): Uint8Array {
  const at = (index * PIECE) % (speech.length - PIECE);
  return speech.subarray(at - (at % 2), at - (at % 2) + PIECE);
}

/** What the server says of itself. */
async function state(): Promise<Record<string, number>> {
  const text = await (await fetch(`${url}/metrics`)).text();
  const sum = (name: string) =>
    [...text.matchAll(new RegExp(`^${name}(?:\\{[^}]*\\})? (\\S+)$`, 'gm'))].reduce(
      (all, one) => all + Number(one[1]),
      0,
    );
  return {
    residentMB: Math.round(sum('process_resident_memory_bytes') / 1e5) / 10,
    heapMB: Math.round(sum('nodejs_heap_size_used_bytes') / 1e5) / 10,
    cpuSeconds: sum('process_cpu_seconds_total'),
    soundSeconds: sum('speech_emotion_sound_seconds_total'),
    tensors: sum('speech_emotion_tensors'),
    sockets: sum('nodejs_active_resources_total'),
    open: sum('speech_emotion_open'),
    dropped: sum('speech_emotion_dropped_total'),
    eventLoopLagP99Ms: Math.round(1e5 * sum('nodejs_eventloop_lag_p99_seconds')) / 100,
  };
}

function spread(segments: readonly Heard[]): Record<string, number> {
  const lags = segments.map(({ lag }) => lag).sort((a, b) => a - b);
  const at = (share: number) =>
    Math.round(lags[Math.min(lags.length - 1, Math.floor(share * lags.length))] ?? Number.NaN);
  return { median: at(0.5), p95: at(0.95), most: at(1) };
}

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
