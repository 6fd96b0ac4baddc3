// bytes of a WebM or Matroska file with Opus or Vorbis → pieces of sound

import type { ByteReader } from '../../core/byteReader.ts';
import { AudioFormatError } from '../../core/errors.ts';
import type { AudioFormat, AudioPiece } from '../audioDecoder.ts';
import { type Block, firstTracks, readMatroska } from './matroska.ts';
import type { Track } from './matroskaTracks.ts';
import { OPUS_RATE, opusSamples, readOpusHead } from './opusPackets.ts';
import { openOpus } from './opusStream.ts';
import { startsWith } from './startsWith.ts';
import { openVorbis } from './vorbisStream.ts';

/** Frames that are decoded in one go: a third of a second of Opus, a second at most of Vorbis. */
const MOST_FRAMES = 16;

const CODECS: Record<string, string> = { A_OPUS: 'Opus', A_VORBIS: 'Vorbis' };

/** Opus and Vorbis in WebM or Matroska, as browsers record, also beside video. Of several tracks the first is heard. */
export const webm: AudioFormat = {
  name: 'WebM',
  sniff(bytes) {
    const track = heard(tracksOf(bytes));
    return track && `a WebM or Matroska file with ${CODECS[track.codec]}`;
  },
  decode: decodeWebm,
};

/** The tracks that sound of a file that may be WebM or Matroska, by its beginning; none where it is not. */
export function tracksOf(bytes: Uint8Array): Track[] {
  return startsWith(bytes, '\x1a\x45\xdf\xa3') ? firstTracks(bytes) : [];
}

const heard = (tracks: Track[]) => tracks.find(({ codec, isEncoded }) => codec in CODECS && !isEncoded);

async function* decodeWebm(reader: ByteReader): AsyncGenerator<AudioPiece> {
  let track: Track | undefined;
  let sound: Sound | undefined;
  for await (const found of readMatroska(reader)) {
    if (found === undefined) yield { channels: [], sampleRate: 0 };
    else if (Array.isArray(found)) {
      if (sound) yield* sound.end();
      track = heard(found);
      if (!track) throw new AudioFormatError('Cannot decode WebM: found files of different codecs joined');
      sound = track.codec === 'A_OPUS' ? await opusSound(track) : await vorbisSound(track);
    } else if (sound && found.track === track?.number) yield* sound.take(found);
  }
  if (sound) yield* sound.end();
}

/** A track that is being decoded. */
interface Sound {
  take(block: Block): Iterable<AudioPiece> | AsyncIterable<AudioPiece>;
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
      frames.push(...block.frames.map((frame) => frame.slice())); // not to keep the video around them
      if (frames.length >= MOST_FRAMES || block.discard > 0) yield* decode(samplesIn(block.discard, OPUS_RATE));
    },
    *end() {
      yield* decode(0);
      stream.close();
    },
  };
}

/** The last piece is held back, as only the end of the file says that a block was the last, whose padding is not heard. */
async function vorbisSound({ codecPrivate, codecDelay = 0 }: Track): Promise<Sound> {
  const stream = await openVorbis(webm.name);
  let packets = xiphLaced(codecPrivate);
  let toSkip: number | undefined;
  let held: AudioPiece | undefined;
  let discard = 0;
  async function* decode(): AsyncGenerator<AudioPiece> {
    const pieces = stream.decode(packets);
    packets = [];
    for await (const { channels, sampleRate } of pieces) {
      const length = channels[0]?.length ?? 0;
      if (length === 0) continue;
      toSkip ??= samplesIn(codecDelay, sampleRate);
      const skipped = Math.min(toSkip, length);
      toSkip -= skipped;
      if (held) yield held;
      held = { channels: channels.map((channel) => channel.subarray(skipped)), sampleRate };
    }
  }
  return {
    async *take(block) {
      packets.push(...block.frames.map((frame) => frame.slice()));
      discard = block.discard;
      if (packets.length >= MOST_FRAMES) yield* decode();
    },
    async *end() {
      yield* decode();
      if (held) {
        const left = Math.max(0, held.channels[0]!.length - samplesIn(discard, held.sampleRate));
        yield { ...held, channels: held.channels.map((channel) => channel.subarray(0, left)) };
      }
      stream.close();
    },
  };
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
