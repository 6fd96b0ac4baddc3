// a WAVE format chunk, the bytes of the samples → pieces of sound
//
// RIFF and Sony's Wave64 have the same chunk. Plain samples are decoded here; what decodes the others is loaded when they come.

import type { AudioPiece } from '../audioDecoder.ts';
import { loadDecoder } from '../loadDecoder.ts';
import { pcmPieces } from './pcmPieces.ts';
import type { SampleBytes } from './sampleBytes.ts';
import { isPlain, readFormat } from './waveFormat.ts';

/**
 * The sound of samples of whatever the format chunk says.
 *
 * @param name of the file's format, for messages
 * @param chunk the format chunk's content
 * @param counted samples a channel, where the file says: codecs pad
 * @throws {AudioFormatError} when the chunk is damaged, or says what cannot be decoded
 */
export async function* wavePieces(
  name: string,
  chunk: Uint8Array,
  samples: SampleBytes,
  counted?: number | undefined,
): AsyncGenerator<AudioPiece, void> {
  const format = readFormat(name, chunk);
  const { encoding, bits, channels, sampleRate } = format;
  if (await isMp3(encoding, samples)) return yield* (await loadCodecs('MP3')).mp3Pieces(samples.reader());
  if (!isPlain(encoding)) {
    return yield* (await loadCodecs(`${encoding} samples`)).codedPieces(name, format, samples, counted);
  }
  const unsigned = encoding === 'integer' && bits > 0 && bits <= 8;
  const written = unsigned ? 'unsigned integer' : encoding;
  yield* pcmPieces(name, samples, { encoding: written, bits, little: true, channels, sampleRate });
}

/**
 * What decodes other samples than plain ones.
 *
 * @param found for messages
 * @throws {AudioFormatError} where it cannot be loaded
 */
export function loadCodecs(found: string): Promise<typeof import('./waveCodecs.ts')> {
  return loadDecoder(import('./waveCodecs.ts'), `WAV of ${found}, whose decoder is`);
}

/** Whether samples are MP3: those that are said to be, and those that begin as its frames do, whatever they are said to be. */
async function isMp3(encoding: string, samples: SampleBytes): Promise<boolean> {
  const isSaid = encoding === 'MP3' || encoding === 'MPEG';
  const [sync = 0, kind = 0] = await samples.ahead(2);
  if (!isSaid && !(sync === 0xff && (kind & 0xe6) === 0xe2)) return false;
  const codecs = loadCodecs('MP3');
  if (isSaid) return (await codecs).isMp3(samples);
  return (await codecs.catch(() => undefined))?.isNothingButMp3(samples) ?? false; // else the header is believed
}
