// nothing → a made-up RAVDESS: the real file names, each over a hundredth of a second of sound

import { BlobWriter, Uint8ArrayReader, ZipWriter, type ZipWriterConstructorOptions } from '@zip.js/zip.js';
import type { ByteSource } from '../../src/dataset/byteSource.ts';

/** A mono 16-bit PCM WAV file with a sine in it, written by hand after the RIFF specification. */
export function tinyWav({ samples = 160, sampleRate = 16_000, hz = 440 } = {}): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(44 + 2 * samples);
  const view = new DataView(bytes.buffer);
  const text = (at: number, value: string) => new TextEncoder().encodeInto(value, bytes.subarray(at));
  text(0, 'RIFF');
  view.setUint32(4, bytes.length - 8, true);
  text(8, 'WAVEfmt ');
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true); // PCM
  view.setUint16(22, 1, true); // mono
  view.setUint32(24, sampleRate, true);
  view.setUint32(28, 2 * sampleRate, true);
  view.setUint16(32, 2, true);
  view.setUint16(34, 16, true);
  text(36, 'data');
  view.setUint32(40, 2 * samples, true);
  for (let i = 0; i < samples; i++) {
    view.setInt16(44 + 2 * i, 16_384 * Math.sin((2 * Math.PI * hz * i) / sampleRate), true);
  }
  return bytes;
}

/**
 * The names of all sound-only clips, as published: 60 a speaking actor, 44 a singing one, and no songs by actor 18.
 * Counted out from the description of the corpus, not by the code under test.
 */
export function ravdessNames(channel: 'speech' | 'song' = 'speech', actors?: readonly number[]): string[] {
  const names: string[] = [];
  for (const actor of actors ?? Array.from({ length: 24 }, (_, i) => i + 1)) {
    if (channel === 'song' && actor === 18) continue;
    const two = String(actor).padStart(2, '0');
    for (let emotion = 1; emotion <= (channel === 'speech' ? 8 : 6); emotion++) {
      for (const intensity of emotion === 1 ? ['01'] : ['01', '02']) {
        for (const rest of ['01-01', '01-02', '02-01', '02-02']) {
          names.push(
            `Actor_${two}/03-${channel === 'speech' ? '01' : '02'}-0${emotion}-${intensity}-${rest}-${two}.wav`,
          );
        }
      }
    }
  }
  return names;
}

/** The made-up corpus as sources of bytes; every emotion has its own pitch, a little higher by actor. */
export function fakeRavdess(channel: 'speech' | 'song' = 'speech', actors?: readonly number[]): ByteSource[] {
  return ravdessNames(channel, actors).map((name) =>
    memorySource(name, tinyWav({ hz: 200 * Number(name.slice(15, 17)) + Number(name.slice(6, 8)) })),
  );
}

/** A source over bytes in memory. */
export function memorySource(name: string, bytes: Uint8Array = tinyWav()): ByteSource {
  return { name, bytes: async () => bytes };
}

/** A zip archive in memory; names that end in `/` become directories. */
export async function zipOf(files: Iterable<ByteSource>, options: ZipWriterConstructorOptions = {}): Promise<Blob> {
  const writer = new ZipWriter(new BlobWriter(), { useWebWorkers: false, ...options });
  for (const file of files) {
    if (file.name.endsWith('/')) await writer.add(file.name, undefined, { directory: true });
    else await writer.add(file.name, new Uint8ArrayReader(await file.bytes()));
  }
  return writer.close();
}
