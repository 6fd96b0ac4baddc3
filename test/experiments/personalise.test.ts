import { describe, expect, it } from 'vitest';
import { ConstantsChoice } from '../../experiments/personalise/chooseConstants.ts';
import { foldsOfResults } from '../../experiments/personalise/heardFolds.ts';
import type { PersonaliseFile } from '../../experiments/personalise/personaliseFile.ts';
import { scoresOf } from '../../experiments/personalise/score.ts';
import { testSpeakers } from '../../experiments/personalise/speakerTests.ts';
import { waysOf } from '../../experiments/personalise/ways.ts';
import type { ResultFile } from '../../experiments/results/resultFile.ts';
import { readResult } from '../../experiments/results/resultStore.ts';
import { CONSTANTS } from '../../src/classifier/speakerWeights.ts';
import { RandomStream } from '../../src/core/random.ts';
import { EMOTIONS } from '../../src/dataset/emotion.ts';

/** Two folds of two actors, whose clips are recognised more or less. */
function results(seed = 1): ResultFile {
  const random = new RandomStream(seed, 'results');
  const runs = [0, 1].map((fold) => ({
    ...{ seed: 1, fold: `actors5/${fold}`, seconds: 1 },
    testClips: Object.fromEntries(
      [2 * fold + 1, 2 * fold + 2]
        .flatMap((actor) => clipNames(actor))
        .map((name) => {
          const label = Number(name.slice(6, 8)) - 1;
          const powers = EMOTIONS.map((_, i) => Math.exp(random.normal() + (i === label ? 2 : 0)));
          const sum = powers.reduce((a, b) => a + b, 0);
          return [name, powers.map((power) => power / sum)];
        }),
    ),
  }));
  return { protocol: 'si5', description: '', commit: '', config: {} as never, checks: [], labels: EMOTIONS, runs };
}

/** The 60 clips of an actor. */
function clipNames(actor: number): string[] {
  const two = (number: number) => String(number).padStart(2, '0');
  return EMOTIONS.flatMap((emotion, i) =>
    (emotion === 'neutral' ? [1] : [1, 2]).flatMap((intensity) =>
      [1, 2].flatMap((statement) =>
        [1, 2].map((take) => `03-01-${two(i + 1)}-${two(intensity)}-${two(statement)}-${two(take)}-${two(actor)}.wav`),
      ),
    ),
  );
}

describe('npm run personalise', () => {
  const ways = waysOf(EMOTIONS);
  const way = (name: string) => ways.find((one) => one.name === name)!.enrolling[0]!;

  it('tests each clip once, by what the model says of it where nothing is enrolled (oracle: the probabilities)', () => {
    const file = results();
    const [fold] = foldsOfResults(file);
    const answers = testSpeakers({ ...fold!, temperature: 1 }, way('none'), CONSTANTS, 0);
    expect(answers.map(({ clip }) => clip.name).sort()).toEqual(Object.keys(file.runs[0]!.testClips).sort());
    for (const { clip, probabilities } of answers) {
      for (const [i, p] of file.runs[0]!.testClips[clip.name]!.entries()) expect(probabilities[i]).toBeCloseTo(p, 4);
    }
  });

  it('enrols clips of the other sentence only: what is said of a clip does not depend on those of its own', () => {
    const file = results();
    const [fold] = foldsOfResults(file);
    // Clips of the second sentence are taken for something else.
    const changed = {
      ...fold!,
      clips: fold!.clips.map((clip, i) =>
        clip.sentence === 2 ? { ...clip, evidence: fold!.clips[i - 1]!.evidence } : clip,
      ),
    };
    for (const name of ['labelled-2', 'unlabelled', 'half', 'mislabelled']) {
      const [one, other] = [fold!, changed].map((clips) => testSpeakers(clips, way(name), CONSTANTS, 0));
      const ofSecond = (answers: typeof one) => answers!.filter(({ clip }) => clip.sentence === 2);
      expect(ofSecond(one).map(({ probabilities }) => probabilities)).toEqual(
        ofSecond(other).map(({ probabilities }) => probabilities),
      );
      expect(other!.map(({ probabilities }) => probabilities)).not.toEqual(
        one!.map(({ probabilities }) => probabilities),
      );
    }
  });

  it('chooses the constants of a fold by the other folds alone', () => {
    const file = results();
    const others = results(2);
    const choice = (runs: ResultFile['runs']) =>
      new ConstantsChoice(foldsOfResults({ ...file, runs }), ways).best('actors5/0');
    // Temperatures are fitted on the other folds of a seed: here those of the same clips.
    expect(
      choice([others.runs[0]!, file.runs[1]!].map((run) => ({ ...run, seed: run.fold === 'actors5/0' ? 2 : 1 }))),
    ).toEqual(choice(file.runs.map((run) => ({ ...run, seed: run.fold === 'actors5/0' ? 2 : 1 }))));
  });

  it('has chosen what the library has: by the last layer, where it was asked to (oracle: docs/results)', () => {
    const { parts } = readResult<PersonaliseFile>('docs/results/personalise.json')!;
    const { overall } = parts.find(({ reads }) => reads === 'last layer') ?? parts[0]!;
    expect(CONSTANTS).toEqual(overall);
  });

  it('scores recall by label and sex, from the definition', () => {
    const clip = (label: number, speaker: number) => ({ label, speaker, name: '' }) as never;
    const answer = (label: number, speaker: number, said: number) => ({
      clip: clip(label, speaker),
      probabilities: [0, 1].map((i) => (i === said ? 0.8 : 0.2)),
    });
    // Actor 1 is a man, actor 2 a woman.
    const answers = [answer(0, 1, 0), answer(0, 1, 1), answer(1, 1, 1), answer(0, 2, 0), answer(1, 2, 0)];
    const { uar, uarMen, uarWomen } = scoresOf(answers);
    expect(uar).toBeCloseTo((2 / 3 + 1 / 2) / 2, 12);
    expect(uarMen).toBeCloseTo((1 / 2 + 1) / 2, 12);
    expect(uarWomen).toBeCloseTo((1 + 0) / 2, 12);
  });
});
