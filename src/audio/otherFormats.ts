// a file that is no WAV → its format: loaded when the first such file comes
//
// One ordered table: a format is a file in formats/ and a line here.

import type { AudioFormat } from './audioDecoder.ts';
import { aiff } from './formats/aiff.ts';
import { au } from './formats/au.ts';
import { caf } from './formats/caf.ts';
import { flac } from './formats/flac.ts';
import { mp3 } from './formats/mp3.ts';
import { opus } from './formats/opus.ts';
import { sphere } from './formats/sphere.ts';
import { vorbis } from './formats/vorbis.ts';
import { w64 } from './formats/w64.ts';
import { webm } from './formats/webm.ts';

export { formatElsewhere } from './elsewhere.ts';
export { describeUnsupported } from './formats/unsupported.ts';

/** The library's own formats beside WAV, in the order in which they are asked. */
export const OTHER_FORMATS: readonly AudioFormat[] = [
  flac, // by itself, in Ogg
  vorbis, // in Ogg
  opus, // in Ogg
  webm, // Opus and Vorbis in WebM or Matroska
  aiff, // and AIFF-C
  au, // .au, .snd
  w64, // Sony's Wave64
  sphere, // NIST's, of speech corpora
  caf, // of plain samples
  mp3, // MPEG 1, 2 and 2.5, layer III; the last one, as it is found wherever its frames are
];
