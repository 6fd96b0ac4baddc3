// a recording that was found → its bytes, as often as they are asked for

import { openSound } from 'speech-emotion/node';
import type { FoundRecording } from './found.ts';

/** What is called for each reading. */
export type OpenSound = () => Promise<Awaited<ReturnType<typeof openSound>> | Uint8Array | NodeJS.ReadStream>;

/**
 * How a recording is read. Standard input comes once: it is kept in memory where it is read several times, and else is not.
 *
 * @param times how often it will be read
 */
export function openRecording({ path }: FoundRecording, times: 'once' | 'again'): OpenSound {
  if (path !== undefined) return () => openSound(path);
  if (times === 'once') return async () => process.stdin;
  let kept: Promise<Uint8Array> | undefined;
  return () => {
    kept ??= readAll(process.stdin);
    return kept;
  };
}

async function readAll(stream: NodeJS.ReadStream): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  for await (const piece of stream) pieces.push(piece);
  return Buffer.concat(pieces);
}
