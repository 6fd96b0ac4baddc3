// zip archive, name → waveform of a RAVDESS recording

import { openAsBlob } from 'node:fs';
import { BlobReader, type FileEntry, ZipReader } from '@zip.js/zip.js/lib/zip-core.js';
import { decodeAudio } from '../../src/audio/decode.ts';
import type { Waveform } from '../../src/audio/waveform.ts';

/** All recordings of an archive by their names in it, each decoded when it is asked for. */
export async function recordingsIn(zip: string): Promise<Map<string, () => Promise<Waveform>>> {
  const entries = await new ZipReader(new BlobReader(await openAsBlob(zip)), { useWebWorkers: false }).getEntries();
  const files = entries.filter((entry): entry is FileEntry => !entry.directory && entry.filename.endsWith('.wav'));
  return new Map(
    files.map((file) => [
      file.filename,
      async () => decodeAudio(new Uint8Array(await file.arrayBuffer({ useWebWorkers: false }))),
    ]),
  );
}
