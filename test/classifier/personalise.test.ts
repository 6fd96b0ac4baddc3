import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Waveform } from '../../src/audio/waveform.ts';
import { EmotionClassifier } from '../../src/classifier/emotionClassifier.ts';
import type { SpeakerClip } from '../../src/classifier/enrolment.ts';
import { ModelFormatError } from '../../src/core/errors.ts';
import { packArrays, unpackArrays } from '../../src/core/packedArrays.ts';
import { buildCnnLstm } from '../../src/model/cnnLstm.ts';
import type { CnnLstmOptions } from '../../src/model/cnnLstmOptions.ts';
import { fromIoArtifacts } from '../../src/model/ioArtifacts.ts';
import { toArtifact } from '../../src/model/modelArtifact.ts';
import type { TrainedModel } from '../../src/model/trainedModel.ts';
import { tinyModel, tinySettings } from '../model/tinyModel.ts';
import { expectNoLeak } from '../support/backends.ts';
import { spoken } from '../support/spoken.ts';
import { sound } from './sound.ts';

beforeAll(() => tf.setBackend('cpu'));

const LABELS = tinySettings().labels;
/** Hardly a sound of the tests is speech. */
const anything = { vad: false } as const;

/** Two clips of each label. */
const clips: readonly SpeakerClip[] = LABELS.flatMap((label, i) =>
  [0, 1].map((take) => ({ sound: sound(0.6 + 0.2 * take, 16_000, 10 * i + take + 1), label })),
);

/** A small network of the library's own layers, whose windows hold 20 frames of 8 bins. */
function ownModel(options: Partial<CnnLstmOptions> = {}): TrainedModel {
  const network = buildCnnLstm({
    ...{ bins: 8, classes: LABELS.length, convolution: [{ filters: 6 }], recurrent: { units: 6 }, seed: 3 },
    ...(options as object),
  });
  return { network, settings: tinySettings() };
}

/** Runs with a classifier of a model; nothing may be left of it. */
async function withModel(
  model: () => TrainedModel,
  work: (classifier: EmotionClassifier) => Promise<void>,
): Promise<void> {
  await expectNoLeak(async () => {
    const classifier = EmotionClassifier.fromModel(model());
    try {
      await expectNoLeak(() => work(classifier));
    } finally {
      classifier.dispose();
    }
  });
}

async function scoresOf(classifier: EmotionClassifier, heard: Waveform): Promise<Record<string, number>> {
  const { scores } = spoken(await classifier.classify(heard, anything));
  return Object.fromEntries(scores.map(({ label, score }) => [label, score]));
}

/** What a classifier answers to everything that it can be asked. */
async function answersOf(classifier: EmotionClassifier, heard: Waveform) {
  const segments = [];
  for await (const segment of classifier.stream(heard, anything)) segments.push(segment);
  return {
    classify: await classifier.classify(heard, anything),
    timeline: await classifier.timeline(heard, anything),
    explain: await classifier.explain(heard, { steps: 4 }),
    stream: segments,
  };
}

const MODELS: Readonly<Record<string, () => TrainedModel>> = {
  "tfjs' own dense layer": () => tinyModel(),
  'attention pooling': () => ownModel({ pooling: 'attention' }),
  'classified frames': () => ownModel({ pooling: 'frameSum' }),
  'uncertain frames': () => ownModel({ pooling: { uncertainFrames: 'any' } }),
};

describe.each(Object.entries(MODELS))('personalise a network with %s', (name, model) => {
  it('answers as the model does where there are no clips', () =>
    withModel(model, async (classifier) => {
      const heard = sound(1.7);
      const personal = await classifier.personalise([]);
      const [expected, own] = [await answersOf(classifier, heard), await answersOf(personal, heard)];
      personal.dispose();
      // A network that classifies frames has its logarithms taken, and their exponential again.
      if (name.endsWith('frames')) {
        expect(own.classify.confidence).toBeCloseTo(expected.classify.confidence!, 4);
        expect(own.stream.map(({ label }) => label)).toEqual(expected.stream.map(({ label }) => label));
      } else expect(own).toEqual(expected);
    }));

  it('recognises the very clips that were enrolled better, in everything that it is asked', () =>
    withModel(model, async (classifier) => {
      const personal = await classifier.personalise(clips, anything);
      const right = async (one: EmotionClassifier) => {
        let sum = 0;
        for (const clip of clips) sum += Math.log((await scoresOf(one, clip.sound as Waveform))[clip.label!]!);
        return sum;
      };
      expect(await right(personal)).toBeGreaterThan(await right(classifier));
      const heard = clips[0]!.sound as Waveform;
      const answers = await answersOf(personal, heard);
      const before = await answersOf(classifier, heard);
      const confidence = ({ scores }: { scores?: readonly { label: string; score: number }[] | undefined }) =>
        scores!.find(({ label }) => label === clips[0]!.label)!.score;
      for (const call of ['classify', 'explain'] as const) {
        expect(confidence(answers[call])).not.toBe(confidence(before[call]));
      }
      for (const call of ['timeline', 'stream'] as const) {
        expect(confidence(answers[call][0]!)).not.toBe(confidence(before[call][0]!));
      }
      personal.dispose();
    }));

  it('is the same again from its adaptation, bit for bit, and takes some kB', () =>
    withModel(model, async (classifier) => {
      const heard = sound(0.9);
      const personal = await classifier.personalise(clips, anything);
      const bytes = personal.adaptation!;
      expect(bytes.length).toBeLessThan(2000);
      const again = await classifier.personalise(bytes);
      expect(await answersOf(again, heard)).toEqual(await answersOf(personal, heard));
      expect(again.adaptation).toEqual(bytes);
      expect(classifier.adaptation).toBeUndefined();
      for (const one of [personal, again]) one.dispose();
    }));
});

describe('personalise', () => {
  it('makes a classifier that shares the network, in whatever order the two are disposed of', async () => {
    for (const first of ['base', 'personal']) {
      await expectNoLeak(async () => {
        const classifier = EmotionClassifier.fromModel(ownModel());
        const before = tf.memory().numTensors;
        const personal = await classifier.personalise(clips, anything);
        expect(tf.memory().numTensors).toBe(before + 2); // a kernel and a bias
        const expected = await scoresOf(personal, sound(0.9));
        const [one, other] = first === 'base' ? [classifier, personal] : [personal, classifier];
        one.dispose();
        if (other === personal) expect(await scoresOf(personal, sound(0.9))).toEqual(expected);
        else await classifier.classify(sound(0.9), anything);
        await expect(one.classify(sound(0.9))).rejects.toThrow('the classifier is disposed');
        other.dispose();
      });
    }
  });

  it('leaves the network as it was: nothing of the speaker is kept with its layers', () =>
    withModel(
      () => ownModel({ pooling: 'frameSum' }),
      async (classifier) => {
        const readers = () => classifier.model.network.layers.map(({ outboundNodes }) => outboundNodes.length);
        const before = readers();
        for (let i = 0; i < 3; i++) (await classifier.personalise(clips, anything)).dispose();
        expect(readers()).toEqual(before);
      },
    ));

  it('serves many speakers at once, each by their own clips', () =>
    withModel(ownModel, async (classifier) => {
      const speakers = await Promise.all(
        [clips.slice(0, 4), clips.slice(4)].map((own) => classifier.personalise(own, anything)),
      );
      const [one, other] = await Promise.all(speakers.map((personal) => scoresOf(personal, sound(0.9))));
      expect(one).not.toEqual(other);
      for (const personal of speakers) personal.dispose();
    }));

  it('begins with the model where a classifier is personalised already', () =>
    withModel(ownModel, async (classifier) => {
      const personal = await classifier.personalise(clips.slice(0, 5), anything);
      const again = await personal.personalise(clips, anything);
      const once = await classifier.personalise(clips, anything);
      expect(again.adaptation).toEqual(once.adaptation);
      for (const one of [personal, again, once]) one.dispose();
    }));

  it('does not change what is told apart by clips of one label', () =>
    withModel(ownModel, async (classifier) => {
      const sad = clips.filter(({ label }) => label === 'sad');
      const personal = await classifier.personalise(sad, anything);
      const unlabelled = await classifier.personalise(
        sad.map((clip) => ({ sound: clip.sound })),
        anything,
      );
      expect(personal.adaptation).toEqual(unlabelled.adaptation);
      for (const one of [personal, unlabelled]) one.dispose();
    }));

  it('leaves clips without speech out, and says so', () =>
    withModel(ownModel, async (classifier) => {
      const silent = { sound: { samples: new Float32Array(16_000), sampleRate: 16_000 }, label: 'sad' };
      const heard: boolean[] = [];
      const onProgress = ({ speech, completed, total }: { speech: boolean; completed: number; total: number }) => {
        heard.push(speech);
        expect([completed, total]).toEqual([heard.length, 1]);
      };
      const personal = await classifier.personalise([silent], { onProgress });
      const none = await classifier.personalise([]);
      expect(heard).toEqual([false]);
      expect(personal.adaptation).toEqual(none.adaptation);
      for (const one of [personal, none]) one.dispose();
    }));

  it('gives labels nearer the shares that are told', () =>
    withModel(ownModel, async (classifier) => {
      const sounds = clips.map((clip) => ({ sound: clip.sound }));
      const shares = { calm: 1, happy: 1, sad: 6, angry: 1 };
      const personal = await classifier.personalise(sounds, { ...anything, shares });
      const mean = async (one: EmotionClassifier) => {
        let sum = 0;
        for (const clip of clips) sum += (await scoresOf(one, clip.sound as Waveform)).sad! / clips.length;
        return sum;
      };
      expect(Math.abs((await mean(personal)) - 6 / 9)).toBeLessThan(Math.abs((await mean(classifier)) - 6 / 9));
      const equal = await classifier.personalise(sounds, { ...anything, shares: 'equal' });
      for (const one of [personal, equal]) one.dispose();
    }));

  it('refuses what are no clips, labels that the model has not, and wrong shares', () =>
    withModel(ownModel, async (classifier) => {
      const refuses = async (given: unknown, options: unknown, message: RegExp | string) => {
        await expect(classifier.personalise(given as never, options as never)).rejects.toThrow(message);
      };
      for (const given of [undefined, null, 5, {}, 'clips', new ArrayBuffer(8)]) {
        await refuses(
          given,
          {},
          'Cannot personalise: clips must be an array of { sound, label }, or an earlier adaptation',
        );
      }
      const [clip] = clips;
      await refuses([clip, 3], {}, 'Cannot personalise: clips[1] must be an object, got 3');
      await refuses([{ ...clip, label: 'bored' }], {}, "clips[0].label must be one of 'calm', 'happy', 'sad', 'angry'");
      await refuses([{ ...clip, lable: 'sad' }], {}, "there is no option named 'clips[0].lable'");
      await refuses([{ sound: 'speech.wav' }], {}, TypeError.name ? /Cannot personalise: / : '');
      await refuses([clip], { shares: { sad: 1 } }, 'shares.calm must be a number');
      await refuses(
        [clip],
        { shares: { calm: 1, happy: 1, sad: 0, angry: 1 } },
        'shares.sad must be a number from 0.0001',
      );
      await refuses(
        [clip],
        { shares: { calm: 1, happy: 1, sad: 1, angry: 1, bored: 1 } },
        "no option named 'shares.bored'",
      );
      await refuses(new Uint8Array(8), { trimm: true }, "there is no option named 'trimm'");
      await refuses([], { channel: -1 }, 'Cannot personalise: channel must be');
    }));
});

describe('an adaptation', () => {
  it('is loaded with its model, and gives the same answers', async () => {
    await expectNoLeak(async () => {
      const artifact = await withArtifact(ownModel);
      const classifier = await EmotionClassifier.load(artifact);
      const personal = await classifier.personalise(clips, anything);
      const loaded = await EmotionClassifier.load(artifact, { adaptation: personal.adaptation });
      expect(await answersOf(loaded, sound(0.9))).toEqual(await answersOf(personal, sound(0.9)));
      for (const one of [classifier, personal, loaded]) one.dispose();
    });
  });

  it('goes with the faster copy of a network as with the network itself', async () => {
    await expectNoLeak(async () => {
      const artifact = await withArtifact(ownModel);
      const classifier = await EmotionClassifier.load(artifact); // runs a copy with batch normalisation folded
      const personal = await classifier.personalise(clips, anything);
      const plain = EmotionClassifier.fromModel(personal.model);
      const [one, other] = [await scoresOf(personal, sound(0.9)), await scoresOf(plain, sound(0.9))];
      for (const label of LABELS) expect(one[label]).toBeCloseTo(other[label]!, 5);
      for (const done of [personal, classifier]) done.dispose();
    });
  });

  it("is refused by every other model: other weights, other settings, another's labels", async () => {
    const artifact = await withArtifact(ownModel);
    const bytes = await adaptationOf(ownModel());
    const others: readonly [() => TrainedModel, string][] = [
      [() => ownModel({ seed: 4 }), 'it was made for another network'],
      [() => ownModel({ recurrent: { units: 7 } }), 'it was made for another network'],
      [
        () => ({ ...ownModel(), settings: tinySettings({ calibration: { temperature: 2 } }) }),
        'the same network with other settings',
      ],
      [
        () => ({ ...ownModel(), settings: tinySettings({ labels: ['a', 'b', 'c', 'd'] }) }),
        'the same network with other settings',
      ],
    ];
    for (const [other, message] of others) {
      await expectNoLeak(async () => {
        const load = EmotionClassifier.load(await withArtifact(other), { adaptation: bytes });
        await expect(load).rejects.toThrow(ModelFormatError);
        await expect(load).rejects.toThrow(message);
      });
    }
    // Where it comes from does not matter, and how it did in a test does not.
    const training = { ...tinySettings().training, date: '2027-01-01T00:00:00.000Z' };
    const known = await EmotionClassifier.load(
      await withArtifact(() => ({ ...ownModel(), settings: tinySettings({ training }) })),
      {
        adaptation: bytes,
      },
    );
    known.dispose();
    expect(artifact.json.format).toBe('layers-model');
  });

  it('is refused where a bit of it is wrong, where it is cut short, of a newer version or something else', async () => {
    const bytes = await adaptationOf(ownModel());
    const { header, arrays } = unpackArrays('SEMOADP1', bytes)!;
    const packed = (changes: object, own = arrays) =>
      packArrays('SEMOADP1', { ...(header as object), ...changes }, own);
    const flipped = bytes.slice();
    flipped[bytes.length - 3]! ^= 1;
    const wrong: readonly [unknown, string][] = [
      [flipped, 'or it is damaged'],
      [bytes.subarray(0, -4), 'or it is damaged'],
      [new Uint8Array(0), 'got something else'],
      [
        packed({ formatVersion: 2 }),
        'format version 2, this version of speech-emotion (up to format version 1) is too old',
      ],
      [packed({ network: 5 }), 'it is damaged'],
      [packed({}, arrays.slice(0, 1)), 'it is damaged'],
      [packed({}, [arrays[0]!.slice(1), arrays[1]!]), 'it is damaged'],
      [packed({}, [arrays[0]!, arrays[1]!.map(() => Number.NaN)]), 'it is damaged'],
    ];
    await withModel(ownModel, async (classifier) => {
      for (const [given, message] of wrong) {
        const made = classifier.personalise(given as Uint8Array);
        await expect(made).rejects.toThrow(ModelFormatError);
        await expect(made).rejects.toThrow(message);
      }
    });
  });

  it('is what there is to keep where the network classifies frames', () =>
    withModel(
      () => ownModel({ pooling: 'frameSum' }),
      async (classifier) => {
        const personal = await classifier.personalise(clips, anything);
        const target = { save: async () => ({}) as never };
        await expect(personal.save(target)).rejects.toThrow('Cannot save the model: what classifies frames');
        await classifier.save(target);
        personal.dispose();
      },
    ));

  it('can become a model of its own, which answers as the classifier does', async () => {
    await expectNoLeak(async () => {
      const classifier = EmotionClassifier.fromModel(ownModel());
      const personal = await classifier.personalise(clips, anything);
      let saved: Parameters<typeof fromIoArtifacts>[0] | undefined;
      await personal.save({
        async save(artifacts) {
          saved = artifacts;
          return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' } };
        },
      });
      const whole = await EmotionClassifier.load(fromIoArtifacts(saved!));
      const [one, other] = [await scoresOf(whole, sound(0.9)), await scoresOf(personal, sound(0.9))];
      for (const label of LABELS) expect(one[label]).toBeCloseTo(other[label]!, 5);
      expect(whole.adaptation).toBeUndefined();
      for (const done of [whole, personal, classifier]) done.dispose();
    });
  });
});

async function withArtifact(model: () => TrainedModel) {
  const own = model();
  try {
    return await toArtifact(own);
  } finally {
    own.network.dispose();
  }
}

async function adaptationOf(model: TrainedModel): Promise<Uint8Array> {
  const classifier = EmotionClassifier.fromModel(model);
  const personal = await classifier.personalise(clips, anything);
  for (const one of [classifier, personal]) one.dispose();
  return personal.adaptation!;
}
