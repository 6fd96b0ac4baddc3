import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FeatureExtractor, prepareExamples, type RavdessDataset, toWaveform } from 'speech-emotion';
import { openRavdess } from 'speech-emotion/node';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { cachedExamples } from '../../experiments/corpus/cachedExamples.ts';
import { PerturbedRecording } from '../../experiments/robustness/perturbations/perturbedRecording.ts';
import { PERTURBATIONS } from '../../experiments/robustness/perturbations.ts';
import { perturbedExamples } from '../../experiments/robustness/perturbedExamples.ts';
import { writeFakeCorpus } from '../support/program.ts';

/* On a made-up corpus: a tone for each emotion. */

const home = process.cwd();
const paths = ['corpus'];
const features = { features: { type: 'logMel', melBands: 20 } } as const;
const chosen = PERTURBATIONS.filter(({ name }) => ['clean', 'noise-10db', 'telephone'].includes(name));
const noVoices = async () => [];
let folder: string;
let speech: RavdessDataset;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'speech-emotion-perturbed-'));
  process.chdir(folder); // where .cache goes
  await writeFakeCorpus('corpus', [1, 2]);
  speech = (await openRavdess(paths)).filter({ emotions: ['happy', 'sad'] });
});

afterEach(() => {
  vi.restoreAllMocks();
});

afterAll(async () => {
  process.chdir(home);
  await rm(folder, { recursive: true, force: true });
});

/** What is printed while something is done, and what comes of it. */
async function listen<T>(work: () => Promise<T>): Promise<[T, string]> {
  const log = vi.spyOn(console, 'log').mockImplementation(() => {});
  const value = await work();
  const printed = log.mock.calls.flat().join('\n');
  log.mockRestore();
  return [value, printed];
}

describe('perturbedExamples', () => {
  it('has each clip under each perturbation, with the clip’s label, speaker and groups', async () => {
    const [set] = await listen(() => perturbedExamples(speech, paths, features, { perturbations: chosen }));
    expect(set.labels).toEqual(speech.labels);
    expect(set.speeds).toEqual([1]);
    const wanted = chosen.flatMap(({ name }) =>
      Array.from(speech, (clip) => ({
        name: `${clip.name}#${name}`,
        label: speech.labels.indexOf(clip.label),
        speaker: clip.speaker,
        groups: clip.groups,
      })),
    );
    expect(wanted).toHaveLength(12);
    expect(set.examples.map(({ variants: _, ...about }) => about)).toEqual(wanted);
  });

  it('has features of the perturbed waveform (oracle: the extractor, called by hand)', async () => {
    const [set] = await listen(() => perturbedExamples(speech, paths, features, { perturbations: chosen }));
    const extractor = new FeatureExtractor(features);
    for (const { name, apply } of chosen) {
      for (const clip of speech) {
        const waveform = await apply(await clip.waveform(), clip.name.replace(/^.*\//, ''), noVoices);
        const { variants } = set.examples.find((example) => example.name === `${clip.name}#${name}`)!;
        expect(variants).toEqual([await extractor.extract(waveform)]);
      }
    }
    const clean = await prepareExamples(speech, { features });
    expect(set.examples.slice(0, speech.size).map(({ variants }) => variants)).toEqual(
      clean.examples.map(({ variants }) => variants),
    );
  });

  it('is cached, each perturbation on its own, until its description changes (oracle: what is printed, files)', async () => {
    await rm('.cache', { recursive: true, force: true });
    const make = (perturbations: typeof chosen) => perturbedExamples(speech, paths, features, { perturbations });
    const [first, printed] = await listen(() => make(chosen));
    expect(printed.match(/^Features \(.*\) of 4 clips: kept in /gm)).toHaveLength(3);
    expect(await readdir('.cache')).toHaveLength(3);
    const [again, printedAgain] = await listen(() => make(chosen));
    expect(printedAgain.match(/^Features \(.*\) of 4 clips: from /gm)).toHaveLength(3);
    expect(printedAgain).not.toContain('kept');
    expect(again).toEqual(first);

    const changed = chosen.map((one) =>
      one.name === 'telephone' ? { ...one, description: 'a better telephone', apply: chosen[0]!.apply } : one,
    );
    const [other, printedThen] = await listen(() => make(changed));
    expect(printedThen.match(/: from /g)).toHaveLength(2);
    expect(printedThen).toMatch(/^Features \(telephone\) of 4 clips: kept in /m);
    const variantsOf = (name: string) =>
      other.examples.filter((example) => example.name.endsWith(`#${name}`)).map(({ variants }) => variants);
    expect(variantsOf('telephone')).toEqual(variantsOf('clean'));
  });

  it('has other cache files than the original clips', async () => {
    const [plain] = await listen(() => cachedExamples(speech, paths, { features }));
    expect(plain.examples.map(({ name }) => name)).toEqual(Array.from(speech, ({ name }) => name));
  });

  it('refuses an empty list of perturbations', async () => {
    await expect(perturbedExamples(speech, paths, features, { perturbations: [] })).rejects.toThrow(RangeError);
  });
});

describe('PerturbedRecording', () => {
  it('loses nothing in bytes (oracle: the library’s WAV reader)', async () => {
    const [clip] = speech;
    for (const perturbation of PERTURBATIONS) {
      const recording = new PerturbedRecording(
        clip!,
        perturbation,
        () => clip!.waveform({ sampleRate: 48_000 }),
        noVoices,
      );
      const waveform = await recording.waveform();
      expect(waveform.sampleRate).toBe(perturbation.name === 'telephone' ? 8_000 : 48_000);
      const bytes = Buffer.from(await recording.bytes());
      expect(bytes.readUInt32LE(4)).toBe(bytes.length - 8); // which the reader does not look at
      const read = await toWaveform(bytes);
      expect(read.sampleRate).toBe(waveform.sampleRate);
      expect(read.samples.length).toBe(waveform.samples.length);
      expect(read.samples.every((sample, i) => sample === waveform.samples[i])).toBe(true);
      expect((await recording.waveform({ sampleRate: 16_000 })).sampleRate).toBe(16_000);
    }
  });

  it('is the clip at that rate, perturbed by the file’s name (oracle: the same by hand)', async () => {
    const [clip] = speech;
    for (const perturbation of PERTURBATIONS) {
      const source = () => clip!.waveform({ sampleRate: 22_050 });
      const wanted = await perturbation.apply(
        await source(),
        clip!.name.slice(clip!.name.lastIndexOf('/') + 1),
        noVoices,
      );
      expect(await new PerturbedRecording(clip!, perturbation, source, noVoices).waveform()).toEqual(wanted);
    }
  });
});
