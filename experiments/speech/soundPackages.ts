// Debian packages with music and sounds → which the detector learns from, by which its thresholds are chosen, and which it is tested on

/** What a package is for; what one of them has heard, another has not. */
export type Part = 'train' | 'choose' | 'test';

/** A package of Debian, and what of it is used. */
export interface SoundPackage {
  readonly name: string;
  readonly part: Part;
  readonly kind: 'music' | 'effects' | 'speech';
  /** As its copyright file has it. */
  readonly licence: string;
  /** Files whose path matches. @default all */
  readonly only?: RegExp;
  /** Files whose path matches are left out: voices among effects, singing. */
  readonly not?: RegExp;
}

/** Screams, laughter and words among the effects of games are voices. */
const VOICES =
  /voice|speech|taunt|scream|laugh|pain|death|die|hurt|civilian|soldier|male|human|talk|crowd|cheer|sing|ouch|grunt|baby|select|ready|ack/i;

/** Prompts that say nothing. */
const NO_WORDS = /silence|beep|tone|ringing|monkeys|licen|README/i;

/** The packages of Debian 12. */
export const SOUND_PACKAGES: readonly SoundPackage[] = [
  { name: 'asc-music', part: 'train', kind: 'music', licence: 'GPL-2+' },
  { name: 'drascula-music', part: 'train', kind: 'music', licence: 'Drascula', only: /drascula\/audio/ },
  { name: 'singularity-music', part: 'train', kind: 'music', licence: 'CC-BY-SA-3.0' },
  { name: 'planetblupi-music-ogg', part: 'train', kind: 'music', licence: 'GPL-3+' },
  { name: 'supertux-data', part: 'train', kind: 'music', licence: 'GPL-3+, CC-BY-SA', only: /music/ },
  {
    name: 'trackballs-data',
    part: 'train',
    kind: 'music',
    licence: 'GPL-2+, Ethymonics FML, CC0',
    only: /trackballs\/music/,
  },
  { name: 'ufoai-music', part: 'train', kind: 'music', licence: 'GPL-2+, CC-BY-SA-3.0, CC-BY-3.0', only: /music/ },
  { name: 'marsshooter-data', part: 'train', kind: 'music', licence: 'GPL-3+, CC-BY-SA-3.0', not: VOICES },
  { name: 'xmoto-data', part: 'train', kind: 'music', licence: 'GPL-2+' },
  { name: 'scorched3d-data', part: 'train', kind: 'effects', licence: 'GPL-2+, CC-BY-SA', not: VOICES },
  { name: 'endless-sky-data', part: 'train', kind: 'effects', licence: 'GPL-3+, CC-BY-SA-4.0', not: VOICES },
  {
    name: 'ufoai-sound',
    part: 'train',
    kind: 'effects',
    licence: 'GPL-2+, CC-BY-SA-3.0',
    not: /aliens|civilians|soldiers/,
  },
  { name: 'hydrogen-drumkits', part: 'train', kind: 'effects', licence: 'GPL-2+, CC0, CC-BY-3.0', not: VOICES },
  { name: 'lomiri-sounds', part: 'train', kind: 'effects', licence: 'CC-BY-SA-3.0, CC-BY-4.0, CC0' },
  { name: 'oxygen-sounds', part: 'train', kind: 'effects', licence: 'LGPL-3+' },
  { name: 'bucklespring-data', part: 'train', kind: 'effects', licence: 'GPL-2+' },

  { name: 'unknown-horizons', part: 'choose', kind: 'music', licence: 'GPL-2+, CC-BY-SA-3.0', only: /audio\/music/ },
  { name: 'colobot-common-sounds', part: 'choose', kind: 'music', licence: 'GPL-3+', only: /music/ },
  { name: 'hedgewars-data', part: 'choose', kind: 'music', licence: 'GPL-2', only: /Data\/Music/ },
  { name: 'minetest-data', part: 'choose', kind: 'effects', licence: 'LGPL-2.1+, CC-BY-SA-3.0', not: VOICES },
  { name: 'yaru-theme-sound', part: 'choose', kind: 'effects', licence: 'CC-BY-SA-4.0' },

  { name: 'wesnoth-1.16-music', part: 'test', kind: 'music', licence: 'GPL-2+' },
  { name: 'warzone2100-music', part: 'test', kind: 'music', licence: 'CC0, GPL-2+' },
  { name: 'nexuiz-music', part: 'test', kind: 'music', licence: 'GPL-2+' },
  { name: 'hyperrogue-music', part: 'test', kind: 'music', licence: 'CC-BY-SA-3.0, GPL-2+', only: /hyperrogue\/music/ },
  { name: 'frozen-bubble-data', part: 'test', kind: 'music', licence: 'GPL-2', only: /snd/ },
  { name: 'fretsonfire-songs-sectoid', part: 'test', kind: 'music', licence: 'MIT' },
  { name: 'fretsonfire-songs-muldjord', part: 'test', kind: 'music', licence: 'MIT' },
  { name: 'extremetuxracer-data', part: 'test', kind: 'music', licence: 'GPL-2+, CC0', only: /music/ },
  { name: 'lincity-ng-data', part: 'test', kind: 'music', licence: 'GPL-2+', only: /music/ },
  {
    name: 'sound-theme-freedesktop',
    part: 'test',
    kind: 'effects',
    licence: 'CC-BY-SA-3.0, GPL-2+',
    not: /audio-channel/,
  },
  { name: 'pidgin-data', part: 'test', kind: 'effects', licence: 'GPL-2+' },
  { name: 'pokerth-data', part: 'test', kind: 'effects', licence: 'GPL-2+' },
  { name: 'asterisk-core-sounds-en-wav', part: 'test', kind: 'speech', licence: 'CC-BY-SA-3.0', not: NO_WORDS },
  { name: 'asterisk-core-sounds-es-wav', part: 'test', kind: 'speech', licence: 'CC-BY-SA-3.0', not: NO_WORDS },
  { name: 'asterisk-core-sounds-fr-wav', part: 'test', kind: 'speech', licence: 'CC-BY-SA-3.0', not: NO_WORDS },
  { name: 'asterisk-core-sounds-it-wav', part: 'test', kind: 'speech', licence: 'CC-BY-SA-3.0', not: NO_WORDS },
  { name: 'asterisk-core-sounds-ru-wav', part: 'test', kind: 'speech', licence: 'CC-BY-SA-3.0', not: NO_WORDS },
];
