// results of cross-validations → whose configuration each is of, in words, and what became of its clips when they were made worse

import type { PersonaliseFile } from '../../experiments/personalise/personaliseFile.ts';
import type { TrainingConfig } from '../../experiments/training/trainingConfig.ts';
import type { ModelSettings } from '../../src/model/trainedModel.ts';
import { type ProtocolFigures, protocolFigures } from './protocolFigures.ts';
import type { Results } from './results.ts';
import { type ConditionFigures, conditionFigures, robustnessFigures } from './robustness.ts';
import type { VoicesResults } from './voices/readVoices.ts';

/** A cross-validation that has complete seeds. */
export interface Tested {
  readonly figures: ProtocolFigures;
  /** Whose configuration it is of. */
  readonly whose: string;
  /** The same clips, perturbed; none where that was not tried. */
  readonly conditions: readonly ConditionFigures[];
}

/** All of them: several corpora, RAVDESS alone under each protocol, the small model's. */
export function testedOf(
  results: Results,
  { si5, robustness }: Pick<VoicesResults, 'si5' | 'robustness'> = {},
): Tested[] {
  const { small, smallRobustness } = results;
  const voices = si5 && protocolFigures(si5);
  const smalls = small && protocolFigures(small);
  return [
    ...(voices
      ? [
          {
            ...{ figures: voices, whose: 'the configuration for several corpora' },
            conditions: robustness ? conditionFigures(robustness, si5) : [],
          },
        ]
      : []),
    ...results.protocols.flatMap((file) => {
      const figures = protocolFigures(file);
      if (!figures) return [];
      const isDependent = figures.speakers === 'dependent';
      const isChanged = results.robustness?.protocol === file.protocol;
      return {
        figures,
        whose: isDependent ? 'the speaker-dependent configuration' : 'the configuration for RAVDESS alone',
        conditions: isChanged ? robustnessFigures(results) : [],
      };
    }),
    ...(smalls
      ? [
          {
            ...{ figures: smalls, whose: 'the configuration of the small model' },
            conditions: smallRobustness ? conditionFigures(smallRobustness, small) : [],
          },
        ]
      : []),
  ];
}

/** The cross-validation whose scores a model carries: it was trained on all speakers, so that none is left to test it on. */
export function testOf({ training: { evaluation } }: ModelSettings, tested: readonly Tested[]): Tested | undefined {
  const { uar = Number.NaN, war = Number.NaN } = evaluation?.metrics ?? {};
  const same = (a: number, b: number) => Math.abs(a - b) < 1e-9;
  return tested.find(({ figures: { single } }) => same(single.uar.mean, uar) && same(single.war.mean, war));
}

/** What clips of a speaker are worth to models of the configuration that a model was trained by. */
export function personaliseOf(test: Tested | undefined, voices: VoicesResults): PersonaliseFile | undefined {
  return test && isOf(test, voices.si5?.config) ? voices.personalise : voices.alonePersonalise;
}

/** Whether it is of that configuration. */
export function isOf({ figures }: Tested, config: TrainingConfig | undefined): boolean {
  return JSON.stringify(figures.file.config) === JSON.stringify(config);
}
