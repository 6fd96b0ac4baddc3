// bytes of a WebM or Matroska file with Opus or Vorbis → pieces of sound

import { AudioFormatError } from '../../core/errors.ts';
import { joinArrays } from '../../core/joinArrays.ts';
import type { AudioFormat, AudioPiece } from '../audioDecoder.ts';
import { intoOgg } from './intoOgg.ts';
import { type Block, readMatroska } from './matroska.ts';
import type { Track } from './matroskaTracks.ts';
import { OPUS_RATE, opusSamples, readOpusHead } from './opusPackets.ts';
import { openOpus } from './opusStream.ts';
import { startsWith } from './startsWith.ts';
import { decodeVorbis } from './vorbis.ts';
import { wholly } from './wholly.ts';

/** Frames that are decoded in one go: a second of Opus. */
const MOST_FRAMES = 50;
/** How often the host would have its turn before the tracks are given up. */
const MOST_TURNS = 16;

const CODECS: Record<string, string> = { A_OPUS: 'Opus', A_VORBIS: 'Vorbis' };

/** Opus and Vorbis in WebM or Matroska, as browsers record, also beside video. Of several tracks the first is heard. */
export const webm: AudioFormat = {
  name: 'WebM',
  sniff(bytes) {
    const track = heard(tracksOf(bytes));
    return track && `a WebM or Matroska file with ${CODECS[track.codec]}`;
  },
  decode: wholly(decodeWebm),
};

/** The tracks that sound of a file that may be WebM or Matroska; none where it is not. */
export function tracksOf(bytes: Uint8Array): Track[] {
  if (!startsWith(bytes, '\x1a\x45\xdf\xa3')) return [];
  let turns = 0;
  for (const found of readMatroska(bytes)) {
    if (Array.isArray(found)) return found;
    if (found || ++turns > MOST_TURNS) return [];
  }
  return [];
}

const heard = (tracks: Track[]) => tracks.find(({ codec, isEncoded }) => codec in CODECS && !isEncoded);

async function* decodeWebm(bytes: Uint8Array): AsyncGenerator<AudioPiece> {
  let track: Track | undefined;
  let sound: Sound | undefined;
  for (const found of readMatroska(bytes)) {
    if (found === undefined) yield { channels: [], sampleRate: 0 };
    else if (Array.isArray(found)) {
      if (sound) yield* sound.end();
      track = heard(found);
      if (!track) throw new AudioFormatError('Cannot decode WebM: found files of different codecs joined');
      sound = track.codec === 'A_OPUS' ? await opusSound(track) : vorbisSound(track);
    } else if (sound && found.track === track?.number) yield* sound.take(found);
  }
  if (sound) yield* sound.end();
}

/** A track that is being decoded. */
interface Sound {
  take(block: Block): Iterable<AudioPiece>;
  end(): Iterable<AudioPiece> | AsyncIterable<AudioPiece>;
}

/** The header says how much is not heard at the beginning: what ffmpeg's writer (5.1) says of it beside is wrong. */
async function opusSound({ codecPrivate }: Track): Promise<Sound> {
  const stream = await openOpus(readOpusHead(codecPrivate));
  let frames: Uint8Array[] = [];
  const decode = (discard: number) => {
    const packets = frames;
    frames = [];
    return stream.decode(
      packets,
      packets.reduce((sum, packet) => sum + opusSamples(packet), -discard),
    );
  };
  return {
    *take(block) {
      frames.push(...block.frames);
      if (frames.length >= MOST_FRAMES || block.discard > 0) yield* decode(samplesIn(block.discard, OPUS_RATE));
    },
    *end() {
      yield* decode(0);
      stream.free();
    },
  };
}

/** Its decoder takes Ogg. */
function vorbisSound({ codecPrivate, codecDelay = 0 }: Track): Sound {
  const pages = [...intoOgg(xiphLaced(codecPrivate), 0)];
  let discard = 0;
  return {
    take(block) {
      pages.push(...intoOgg(block.frames, pages.length));
      discard = block.discard;
      return [];
    },
    end: () => trimmed(decodeVorbis([joinArrays(Uint8Array, pages)]), codecDelay, discard),
  };
}

/** Pieces without nanoseconds at their beginning and end. */
async function* trimmed(pieces: AsyncIterable<AudioPiece>, start: number, end: number): AsyncGenerator<AudioPiece> {
  let toSkip: number | undefined;
  let held: AudioPiece | undefined;
  for await (const piece of pieces) {
    const length = piece.channels[0]?.length ?? 0;
    if (length === 0) continue;
    toSkip ??= samplesIn(start, piece.sampleRate);
    const skipped = Math.min(toSkip, length);
    toSkip -= skipped;
    yield held ?? { channels: [], sampleRate: 0 };
    held = { ...piece, channels: piece.channels.map((channel) => channel.subarray(skipped)) };
  }
  if (!held) return;
  const { channels, sampleRate } = held;
  const left = Math.max(0, channels[0]!.length - samplesIn(end, sampleRate));
  yield { channels: channels.map((channel) => channel.subarray(0, left)), sampleRate };
}

const samplesIn = (nanoseconds: number, rate: number) => Math.round((nanoseconds * rate) / 1e9);

/** The three headers of Vorbis, as Matroska holds them: how many less one, the lengths of all but the last, themselves. */
function xiphLaced(bytes: Uint8Array): Uint8Array[] {
  const packets: Uint8Array[] = [];
  const lengths: number[] = [];
  let at = 1;
  for (let i = 0; i < (bytes[0] ?? 0); i++) {
    let length = 0;
    for (; bytes[at] === 255; at++) length += 255;
    lengths.push(length + (bytes[at++] ?? 0));
  }
  for (const length of lengths) {
    packets.push(bytes.subarray(at, at + length));
    at += length;
  }
  packets.push(bytes.subarray(at));
  return packets;
}
