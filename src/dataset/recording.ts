// source of bytes + label + speaker → Recording

import type { Channel } from '../audio/channels.ts';
import { type ToWaveformOptions, toWaveform } from '../audio/toWaveform.ts';
import type { Waveform } from '../audio/waveform.ts';
import { abortable } from '../core/abortable.ts';
import { AudioFormatError, DatasetError } from '../core/errors.ts';
import { type ByteSource, unreadable } from './byteSource.ts';

/** One labelled clip of a dataset; its audio is read on demand, and not kept. */
export interface Recording {
  /** The file's name as its source gives it, e.g. `Actors.zip/Actor_01/03-01-05-01-01-01-01.wav`. */
  readonly name: string;
  /** The right answer of a model, e.g. `'happy'`. */
  readonly label: string;
  /** Who speaks: recordings of one speaker stay together in speaker-independent splits; `''` where it is not known. */
  readonly speaker: string;
  /** What evaluation breaks results down by, e.g. `{ actor: '05', sex: 'male', intensity: 'strong' }`. */
  readonly groups: Readonly<Record<string, string>>;
  /** What it is a recording of, e.g. `RAVDESS`. @default not known */
  readonly corpus?: string | undefined;
  /**
   * The labels that its speaker was asked for, or its listeners could choose from: that it has one of them tells nothing about
   * others. @default all labels of its dataset
   */
  readonly asked?: readonly string[] | undefined;
  /** The channel that `waveform` gives, where it is asked for no other. @default 'mix' */
  readonly channel?: Channel | undefined;
  /**
   * Reads the encoded file.
   *
   * @throws {DatasetError} when it cannot be read; names the file
   */
  bytes(): Promise<Uint8Array>;
  /**
   * Reads and decodes the file to mono samples, at its own rate and of the recording's channel unless others are given.
   *
   * @throws {DatasetError} when it cannot be read or decoded; names the file, and has the `AudioFormatError` as its cause
   * @throws the signal's reason when it aborts, also while the source has not answered
   */
  waveform(options?: ToWaveformOptions): Promise<Waveform>;
}

/** A recording over a source of bytes. */
export class SourceRecording implements Recording {
  readonly name: string;
  readonly label: string;
  readonly speaker: string;
  readonly groups: Readonly<Record<string, string>>;
  readonly corpus?: string | undefined;
  readonly asked?: readonly string[] | undefined;
  readonly channel?: Channel | undefined;
  readonly #source: ByteSource;

  constructor(
    source: ByteSource,
    {
      label,
      speaker,
      groups,
      corpus,
      asked,
      channel,
    }: Pick<Recording, 'label' | 'speaker' | 'groups' | 'corpus' | 'asked' | 'channel'>,
  ) {
    this.name = source.name;
    this.label = label;
    this.speaker = speaker;
    this.groups = groups;
    this.corpus = corpus;
    this.asked = asked;
    this.channel = channel;
    this.#source = source;
  }

  async bytes(): Promise<Uint8Array> {
    try {
      return await this.#source.bytes();
    } catch (error) {
      throw error instanceof DatasetError ? error : unreadable(this.name, error);
    }
  }

  async waveform(options: ToWaveformOptions = {}): Promise<Waveform> {
    options.signal?.throwIfAborted();
    const bytes = await abortable(this.bytes(), options.signal);
    const { channel = this.channel, ...others } = options;
    try {
      return await toWaveform(bytes, { ...others, channel });
    } catch (error) {
      // A dataset's channel was checked: where it is wrong, it is since this file has too few.
      const isOfFile = error instanceof RangeError && options.channel === undefined && channel !== undefined;
      throw error instanceof AudioFormatError || isOfFile ? unreadable(this.name, error) : error;
    }
  }
}
