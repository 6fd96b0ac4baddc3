// --data, --protocol, --config, … → the folds, the training configuration and the recordings: what `evaluate` and `gpu-kit` share

import { basename } from 'node:path';
import { type ExampleSet, examplesOf, type LabelledDataset, type Named, type RavdessDataset } from 'speech-emotion';
import { type Fold, mergeDatasets } from 'speech-emotion/corpora';
import { UsageError, wholeNumber } from '../../examples/node/commandLine.ts';
import { configNamed, numberList, speedList } from '../commandLine.ts';
import { openCorpus, openOtherCorpora } from '../corpus/openCorpus.ts';
import type { ClipFacts } from '../results/resultFile.ts';
import { type ConfigName, configWith, TRAINING_CONFIGS, type TrainingConfig } from '../training/trainingConfig.ts';
import { PROTOCOLS, type Protocol, withSongs } from './protocols.ts';

/** The options, as `readArguments` takes them. */
export const FOLD_OPTIONS = {
  data: { type: 'string', multiple: true, default: [] as string[] },
  'skip-invalid': { type: 'boolean', default: false },
  protocol: { type: 'string', default: '' },
  config: { type: 'string' },
  folds: { type: 'string' },
  seed: { type: 'string', default: '1' },
  corpora: { type: 'string', multiple: true, default: [] as string[] },
  speeds: { type: 'string' },
  epochs: { type: 'string' },
  'batch-size': { type: 'string' },
} as const;

/** The same for `--help`, without those that are each program's own. */
export const FOLD_USAGE = `
  --data PATH        archive or folder of RAVDESS speech; given twice, songs too, for a configuration that trains on them
  --skip-invalid     leaves out files that are no clips of RAVDESS, and clips that occur twice and differ
  --protocol NAME    ${Object.entries(PROTOCOLS)
    .map(([name, { description }]) => `${name}: ${description}`)
    .join('\n                     ')}
  --config NAME      ${Object.keys(TRAINING_CONFIGS).join(', ')} (default: independent or dependent, as the protocol is)
  --folds LIST       only these, counted from 0 (default: all)
  --seed LIST        one whole cross-validation for each (default: 1)
  --corpora PATH     folder of other corpora: trained on too, or what loco leaves out
  --speeds LIST      speed copies, e.g. 0.94,1.06, or none: another configuration (default: the configuration's)
  --epochs N         default: the configuration's, ${TRAINING_CONFIGS.independent.training.epochs}, or ${TRAINING_CONFIGS.dependent.training.epochs} if speaker-dependent
  --batch-size N     default: the configuration's
`.trim();

/** The values of {@link FOLD_OPTIONS}. */
interface FoldOptions {
  readonly data: readonly string[];
  readonly 'skip-invalid': boolean;
  readonly protocol: string;
  readonly config?: string | undefined;
  readonly folds?: string | undefined;
  readonly seed: string;
  readonly corpora: readonly string[];
  readonly speeds?: string | undefined;
  readonly epochs?: string | undefined;
  readonly 'batch-size'?: string | undefined;
}

/** What is asked for, by name. */
interface ChosenProtocol {
  readonly protocol: Protocol;
  readonly configName: ConfigName;
  readonly seeds: readonly number[];
  /** Told in the names of result files: nothing for the protocol's own configuration, `-NAME` for another. */
  readonly suffix: string;
}

/**
 * Looks the names up, before anything is opened.
 *
 * @param action that errors name
 * @throws {UsageError} for one that there is not
 */
export function chooseProtocol(action: string, { data, protocol: name, config, seed }: FoldOptions): ChosenProtocol {
  const protocol = PROTOCOLS[name];
  if (data.length === 0) throw new UsageError(`Cannot ${action}: --data must name an archive or a folder of RAVDESS`);
  if (!protocol) {
    throw new UsageError(`Cannot ${action}: --protocol must be ${Object.keys(PROTOCOLS).join(', ')}, got '${name}'`);
  }
  const configName = configNamed(config ?? protocol.speakers);
  const suffix = configName === protocol.speakers ? '' : `-${configName}`;
  return { protocol, configName, seeds: numberList('seed', seed), suffix };
}

/** The recordings and how they are split. */
export interface ProtocolFolds {
  readonly config: TrainingConfig;
  /** Those that are asked for. */
  readonly folds: readonly Fold<Iterable<Named>>[];
  /** Their numbers. */
  readonly chosen: readonly number[];
  /** How many the protocol has. */
  readonly total: number;
  /** All of RAVDESS that was given. */
  readonly ravdess: RavdessDataset;
  /** RAVDESS and the other corpora. */
  readonly recordings: LabelledDataset;
  /** Where the recordings were opened from. */
  readonly paths: readonly string[];
  /** Clips of other corpora that every fold trains on; `loco` has none, since it splits them. */
  readonly extra: LabelledDataset | undefined;
}

/**
 * Opens the recordings and splits them.
 *
 * @param action that errors name
 */
export async function openFolds(
  action: string,
  { protocol, configName }: ChosenProtocol,
  options: FoldOptions,
): Promise<ProtocolFolds> {
  const { data, corpora } = options;
  const ravdess = await openCorpus(data, options['skip-invalid']);
  const speech = ravdess.filter({ channel: 'speech' });
  const songs = ravdess.filter({ channel: 'song' });
  const others = corpora.length > 0 ? await openOtherCorpora(corpora) : undefined;
  const merged = others && mergeDatasets([ravdess, others]);
  const settled = TRAINING_CONFIGS[configName];
  const config = {
    ...configWith(settled, songs, {
      epochs: wholeNumber('epochs', options.epochs ?? String(settled.training.epochs)),
      batchSize: wholeNumber('batch-size', options['batch-size'] ?? String(settled.training.batchSize)),
    }),
    speeds: options.speeds === undefined ? settled.speeds : speedList('speeds', options.speeds),
  };
  const all = protocol.folds({ speech, corpora: merged?.filter(({ groups }) => groups.vocalChannel !== 'song') });
  const chosen = options.folds ? numberList('folds', options.folds) : all.map((_, i) => i);
  const folds = chosen.map((i) => {
    if (all[i]) return config.songs ? withSongs(all[i], songs, protocol.speakers) : all[i];
    throw new UsageError(`Cannot ${action}: --folds must be from 0 to ${all.length - 1}, got ${i}`);
  });
  const paths = [...data, ...corpora];
  const extra = protocol === PROTOCOLS.loco ? undefined : others;
  return { config, folds, chosen, total: all.length, ravdess, recordings: merged ?? ravdess, paths, extra };
}

/** The clips that folds are made of, and those that every fold trains on besides. */
export function splitExtra(
  examples: ExampleSet,
  { ravdess, extra }: ProtocolFolds,
): { readonly own: ExampleSet; readonly extra: ExampleSet | undefined } {
  if (!extra) return { own: examples, extra: undefined };
  return { own: examplesOf(examples, ravdess), extra: examplesOf(examples, extra) };
}

/** The names of all clips that the folds test. */
export function testedBy(folds: readonly Fold<Iterable<Named>>[]): Set<string> {
  return new Set(folds.flatMap(({ test }) => Array.from(test, ({ name }) => name)));
}

/** What result files of `loco` say of tested clips, since names of other corpora do not tell it; nothing for other protocols. */
export function factsOf(
  protocol: Protocol,
  { examples }: ExampleSet,
  tested: ReadonlySet<string>,
): Record<string, ClipFacts> | undefined {
  if (protocol !== PROTOCOLS.loco) return undefined;
  const clips = examples.filter(({ name }) => tested.has(name));
  return Object.fromEntries(
    clips.map(({ name, label, speaker, groups: { sex } }) => [basename(name), { label, speaker, sex }]),
  );
}
