// a recording + a perturbation → the perturbed recording, a recording of its own

import type { Recording, ToWaveformOptions, Waveform } from 'speech-emotion';
import { resample } from 'speech-emotion/features';
import { changedName, originalName } from '../../corpus/changedClips.ts';
import type { Perturbation, Voices } from '../perturbations.ts';

/** Gives the sound of a clip, which must not be changed. */
export type ClipSource = () => Promise<Waveform>;

/** A clip of its own, named `NAME#PERTURBATION`, with the label, speaker and groups of the clip that it is made from. */
export class PerturbedRecording implements Recording {
  readonly name: string;
  readonly label: string;
  readonly speaker: string;
  readonly groups: Readonly<Record<string, string>>;
  readonly #clip: ClipSource;
  readonly #perturbation: Perturbation;
  readonly #voices: Voices;

  /**
   * @param clip the recording's sound, at the sampling rate at which it is perturbed
   * @param voices others' at the same rate
   */
  constructor(
    recording: Omit<Recording, 'bytes' | 'waveform'>,
    perturbation: Perturbation,
    clip: ClipSource,
    voices: Voices,
  ) {
    this.name = changedName(recording.name, perturbation.name);
    this.label = recording.label;
    this.speaker = recording.speaker;
    this.groups = recording.groups;
    this.#clip = clip;
    this.#perturbation = perturbation;
    this.#voices = voices;
  }

  /** A lossless WAV file: threads get recordings as bytes. */
  async bytes(): Promise<Uint8Array> {
    return floatWav(await this.waveform());
  }

  async waveform({ sampleRate, signal }: ToWaveformOptions = {}): Promise<Waveform> {
    // The file's name alone, so that the noise is the same wherever the corpus lies.
    const file = originalName(this).split('/').at(-1)!;
    const perturbed = await this.#perturbation.apply(await this.#clip(), file, this.#voices);
    return sampleRate === undefined ? perturbed : resample(perturbed, sampleRate, { signal });
  }
}

/** A mono WAV file of 32-bit floats. */
function floatWav({ samples, sampleRate }: Waveform): Uint8Array {
  const header = Buffer.alloc(44);
  header.write('RIFF', 0);
  header.writeUInt32LE(36 + samples.byteLength, 4);
  header.write('WAVEfmt ', 8);
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(3, 20); // floats
  header.writeUInt16LE(1, 22); // mono
  header.writeUInt32LE(sampleRate, 24);
  header.writeUInt32LE(4 * sampleRate, 28); // bytes a second
  header.writeUInt16LE(4, 32); // bytes a frame
  header.writeUInt16LE(32, 34); // bits a sample
  header.write('data', 36);
  header.writeUInt32LE(samples.byteLength, 40);
  const body = Buffer.alloc(samples.byteLength);
  for (const [i, sample] of samples.entries()) body.writeFloatLE(sample, 4 * i);
  return Buffer.concat([header, body]);
}
