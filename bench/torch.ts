// PyTorch of this machine → a peer that is asked for times

import { execFileSync, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Measurement } from './measure.ts';

/** What is asked of bench/peers/torch_peer.py: a case and its sizes. */
export interface TorchRequest {
  readonly case: 'lstm' | 'train' | 'logMel';
  /** Runs that the answer is the mean of. @default 1 */
  readonly repeats?: number;
  readonly [size: string]: unknown;
}

/** A run's milliseconds, and what else there is to say about it. */
export interface TorchAnswer {
  readonly ms: number;
  /** How pictures lie in memory, where a case chose that. */
  readonly layout?: string;
}

/** PyTorch in a process of its own. */
export interface TorchPeer {
  readonly version: string;
  ask(request: TorchRequest): Promise<TorchAnswer>;
  measure(request: TorchRequest): Measurement;
  close(): void;
}

/** Why a peer of PyTorch is left out where {@link openTorch} finds none. */
export const NO_TORCH = 'no python3 here imports torch; see bench/peers/README.md';

/**
 * What PyTorch needs in its environment to compute on so many threads: set_num_threads is not enough, since the BLAS below has its own.
 * Without the thresholds malloc gives every large tensor back to the system at once, and the page faults of getting it anew take a third
 * of the time.
 */
export function torchEnvironment(threads = 1): NodeJS.ProcessEnv {
  const count = String(threads);
  return {
    ...{ OPENBLAS_NUM_THREADS: count, OMP_NUM_THREADS: count, MKL_NUM_THREADS: count },
    ...{ MALLOC_MMAP_THRESHOLD_: String(2 ** 30), MALLOC_TRIM_THRESHOLD_: String(2 ** 33) },
  };
}

/** The first Python that imports torch; undefined where there is none. */
export function findTorchPython(): string | undefined {
  const candidates = [process.env.PYTHON, 'python3', '/usr/bin/python3'];
  return candidates.find((python) => {
    try {
      if (python) execFileSync(python, ['-c', 'import torch'], { stdio: 'ignore' });
      return python !== undefined;
    } catch {
      return false;
    }
  });
}

/** Starts the peer on so many threads; undefined where no Python has PyTorch. */
export async function openTorch(threads = 1): Promise<TorchPeer | undefined> {
  const python = findTorchPython();
  if (!python) return undefined;
  const script = fileURLToPath(new URL('peers/torch_peer.py', import.meta.url));
  const child = spawn(python, [script, String(threads)], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, ...torchEnvironment(threads) },
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const read = async () => {
    const { value, done } = await lines.next();
    if (done) throw new Error('Cannot ask PyTorch: its process has ended');
    const answer = JSON.parse(value);
    if (answer.error) throw new Error(`PyTorch: ${answer.error}`);
    return answer;
  };
  const ask = (request: TorchRequest): Promise<TorchAnswer> => {
    child.stdin.write(`${JSON.stringify(request)}\n`);
    return read();
  };
  const { version } = await read();
  return {
    version,
    ask,
    measure: (request) => async () => (await ask(request)).ms,
    close: () => child.stdin.end(),
  };
}
