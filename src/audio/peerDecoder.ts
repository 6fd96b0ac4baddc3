// Node, optional packages → a decoder of what only FFmpeg knows
//
// mediabunny takes the file apart, @mediabunny/server decodes it (with FFmpeg, 180 MB: not a dependency). They are looked for when the
// first such file comes, by names that bundlers cannot see, as most hosts do not have them.

import { AudioFormatError } from '../core/errors.ts';
import type { AudioFormat, AudioPiece } from './audioDecoder.ts';
import { mp4Codec } from './formats/mp4.ts';
import { startsWith } from './formats/startsWith.ts';
import { wholly } from './formats/wholly.ts';

/** What helps when nothing decodes a file. */
export const CONVERSION = 'ffmpeg converts such files: ffmpeg -i <file> speech.wav';
/** What a host installs. */
export const PEER_PACKAGES = 'the packages mediabunny and @mediabunny/server';

/** How the files begin that they are asked for: MP4, M4A, QuickTime and 3GP; WebM and Matroska. AAC in ADTS is added. */
const BEGINNINGS: readonly (readonly [number, string])[] = [
  [4, 'ftyp'],
  [4, 'moov'],
  [0, '\x1a\x45\xdf\xa3'],
];

/** Whether bytes are of a kind that the packages know. */
export function decodesByPeer(bytes: Uint8Array): boolean {
  const codec = mp4Codec(bytes);
  if (codec === 'ALAC' || codec?.startsWith('AMR')) return false;
  const isAdts = bytes[0] === 0xff && (bytes[1]! & 0xf6) === 0xf0;
  return isAdts || BEGINNINGS.some(([offset, signature]) => startsWith(bytes, signature, offset));
}

/** What of `mediabunny` is used. (1.61) */
interface Mediabunny {
  readonly Input: new (options: {
    source: unknown;
    formats: unknown;
  }) => {
    getPrimaryAudioTrack(): Promise<Track | null>;
    dispose?(): void;
  };
  readonly BufferSource: new (bytes: Uint8Array) => unknown;
  readonly AudioSampleSink: new (track: Track) => { samples(): AsyncIterable<Sample> };
  readonly ALL_FORMATS: unknown;
}

interface Track {
  canDecode(): Promise<boolean>;
  computeDuration(): Promise<number>;
}

interface Sample {
  /** In seconds; below 0 for what the encoder's delay adds. */
  readonly timestamp: number;
  readonly numberOfFrames: number;
  readonly numberOfChannels: number;
  readonly sampleRate: number;
  copyTo(destination: Float32Array, options: { planeIndex: number; format: 'f32-planar' }): void;
  close(): void;
}

/** Whether this is Node, or another that has its packages. */
export function isNode(): boolean {
  return typeof process === 'object' && typeof process?.versions?.node === 'string';
}

/**
 * The decoder, if the packages are installed.
 *
 * @param found what the bytes are, for the message
 */
export async function findPeerDecoder(found: string): Promise<AudioFormat | undefined> {
  const mediabunny = await load<Mediabunny>('mediabunny');
  const server = mediabunny && (await load<{ registerMediabunnyServer(): void }>('@mediabunny/server'));
  if (!server) return undefined;
  register(server);
  return {
    name: 'what FFmpeg decodes',
    sniff: () => undefined,
    decode: wholly((bytes) => decode(mediabunny, bytes, found)),
  };
}

/** A package, if it is installed; any other failure is thrown. */
async function load<Package>(name: string): Promise<Package | undefined> {
  try {
    return await import(/* @vite-ignore */ /* webpackIgnore: true */ name);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** Vite has a module of its own in place of an optional package that is missing, which throws without a code. */
const isMissing = (error: unknown) =>
  ['ERR_MODULE_NOT_FOUND', 'MODULE_NOT_FOUND', 'ERR_VITE_MODULE_NOT_FOUND'].includes(
    (error as { code?: string }).code ?? '',
  ) || /^Could not resolve "@?mediabunny/.test((error as Error).message);

let registered = false;

/** Once a thread. */
function register({ registerMediabunnyServer }: { registerMediabunnyServer(): void }): void {
  if (!registered) registerMediabunnyServer();
  registered = true;
}

async function* decode(mediabunny: Mediabunny, bytes: Uint8Array, found: string): AsyncGenerator<AudioPiece> {
  const input = new mediabunny.Input({
    source: new mediabunny.BufferSource(bytes),
    formats: mediabunny.ALL_FORMATS,
  });
  const track = await input.getPrimaryAudioTrack();
  if (!track || !(await track.canDecode())) {
    throw new AudioFormatError(
      `Cannot decode audio: found ${found}, which ${PEER_PACKAGES} do not decode either; ${CONVERSION}`,
    );
  }
  const seconds = await track.computeDuration();
  for await (const sample of new mediabunny.AudioSampleSink(track).samples()) {
    yield pieceOf(sample, seconds);
    sample.close();
  }
  input.dispose?.();
}

/** The sound from 0 to the track's end: before and behind is what the encoder added. */
function pieceOf(sample: Sample, seconds: number): AudioPiece {
  const { timestamp, numberOfFrames, numberOfChannels, sampleRate } = sample;
  const start = Math.min(numberOfFrames, Math.max(0, Math.round(-timestamp * sampleRate)));
  const end = Math.max(start, Math.min(numberOfFrames, Math.round((seconds - timestamp) * sampleRate)));
  const channels = Array.from({ length: numberOfChannels }, (_, planeIndex) => {
    const channel = new Float32Array(numberOfFrames);
    sample.copyTo(channel, { planeIndex, format: 'f32-planar' });
    return channel.subarray(start, end);
  });
  return { channels, sampleRate };
}
