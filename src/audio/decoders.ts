// an encoded file → its format
//
// Formats that a host registers are asked before the library's own. WAV is always there, all others are loaded when needed.

import type { ByteReader } from '../core/byteReader.ts';
import { checkFunction, checkObject, checkString } from '../core/check.ts';
import type { AudioDecoder, AudioFormat } from './audioDecoder.ts';
import { beginnings, LONGEST_BEGINNING } from './formats/beginnings.ts';
import { startsWith } from './formats/startsWith.ts';
import { skipTags, skipZeros } from './formats/tags.ts';
import { wav } from './formats/wav.ts';
import { wholly } from './formats/wholly.ts';
import { loadDecoder } from './loadDecoder.ts';

const registered: AudioDecoder[] = [];

/**
 * Adds a format, which `toWaveform`, `decodeAudio` and all that reads recordings can decode from then on, in this thread.
 *
 * A host's decoders are asked before the library's own, the one registered last first: they can take over a format that the
 * library decodes as well.
 *
 * @param decoder what recognises and decodes the format; registering it once more changes nothing
 * @throws {TypeError} when it is not a decoder
 * @throws {RangeError} when another decoder that was registered has its name
 * @example
 * registerDecoder({
 *   name: 'raw PCM',
 *   sniff: (bytes) => (bytes[0] === 0x52 ? 'raw PCM' : undefined),
 *   *decode(bytes) {
 *     yield { channels: [Float32Array.from(bytes, (byte) => byte / 128 - 1)], sampleRate: 8000 };
 *   },
 * });
 */
export function registerDecoder(decoder: AudioDecoder): void {
  const { name, sniff, decode } = checkObject('register a decoder', 'decoder', decoder);
  checkString('register a decoder', 'name', name);
  checkFunction('register a decoder', 'sniff', sniff);
  checkFunction('register a decoder', 'decode', decode);
  const same = registered.find((other) => other.name === name);
  if (same === decoder) return;
  if (same) throw new RangeError(`Cannot register a decoder: name must be a new one, got '${name}'`);
  registered.unshift(decoder);
}

/** What a file is. */
export interface FoundFormat {
  /** What decodes it, if anything here does. */
  readonly format: AudioFormat | undefined;
  /** In words, for messages. */
  readonly found: string;
}

/**
 * Recognises a file by its content, and reads the tags at its beginning.
 *
 * @throws {AudioFormatError} where all formats but WAV cannot be loaded
 */
export async function findFormat(reader: ByteReader): Promise<FoundFormat> {
  const ofHost = registered.length > 0 && (await findRegistered(reader));
  if (ofHost) return ofHost;
  const isTagged = await skipTags(reader);
  const found = (own: FoundFormat) => ({ ...own, found: isTagged ? `${own.found} behind a tag` : own.found });
  const own = await findOwn(reader);
  if (own) return found(own);
  const beginning = await reader.ahead(LONGEST_BEGINNING); // has come by now
  const behind = await findBehindZeros(reader);
  if (behind) return found(behind);
  return { format: undefined, found: (await loadOthers()).describeUnsupported(beginning, isTagged) };
}

async function findRegistered(reader: ByteReader): Promise<FoundFormat | undefined> {
  const beginning = await reader.ahead(LONGEST_BEGINNING);
  for (const decoder of beginning.length > 0 ? registered : []) {
    const found = decoder.sniff(beginning);
    if (found === undefined) continue;
    const { name, decode } = decoder;
    return { format: { name, sniff: decoder.sniff, decode: wholly((bytes) => decode.call(decoder, bytes)) }, found };
  }
  return undefined;
}

async function findOwn(reader: ByteReader): Promise<FoundFormat | undefined> {
  for await (const { bytes, isAll } of beginnings(reader)) {
    const isWav = wav.sniff(bytes, isAll);
    if (isWav) return { format: wav, found: isWav };
    for (const format of (await loadOthers()).OTHER_FORMATS) {
      const found = format.sniff(bytes, isAll);
      if (found !== undefined) return { format, found };
    }
  }
  return undefined;
}

async function findBehindZeros(reader: ByteReader): Promise<FoundFormat | undefined> {
  if (startsWith(await reader.ahead(8), 'ftyp', 4)) return undefined; // MP4 begins with zeros
  return (await skipZeros(reader)) ? findOwn(reader) : undefined;
}

/**
 * What decodes a file that no format here knows: the browser may, or in Node the optional packages.
 *
 * @throws {AudioFormatError} where neither does
 */
export async function formatElsewhere(reader: ByteReader, found: string): Promise<AudioFormat> {
  return (await loadOthers()).formatElsewhere(reader, found, await formatNames());
}

/** The names of all formats that are decoded, for messages: the library's own, then those of the host. */
export async function formatNames(): Promise<string[]> {
  const { OTHER_FORMATS } = await loadOthers();
  return [wav, ...OTHER_FORMATS, ...registered.toReversed()].map(({ name }) => name);
}

/**
 * Everything but WAV.
 *
 * @throws {AudioFormatError} where it cannot be loaded: service workers cannot load what is not bundled with them
 */
function loadOthers(): Promise<typeof import('./otherFormats.ts')> {
  return loadDecoder(import('./otherFormats.ts'), 'no WAV file, and other formats are');
}
