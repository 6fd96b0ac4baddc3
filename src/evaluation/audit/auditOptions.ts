// options of an audit → checked, with the defaults filled in

import type { Waveform } from '../../audio/waveform.ts';
import {
  checkArray,
  checkFunction,
  checkNothingElse,
  checkObject,
  checkOneOf,
  checkOptions,
  checkSeed,
  checkString,
  type Resolved,
} from '../../core/check.ts';
import type { BootstrapOptions } from '../interval.ts';
import { resolveBootstrap } from '../speakerBootstrap.ts';
import { AUDIT_CHANGES, type AuditChange, type AuditDose } from './dose.ts';

/** How far an audit is. */
export interface AuditProgress {
  /** A clip was answered, under all doses; or a sound was, that is no speech. */
  readonly type: 'clip' | 'sound';
  /** Which. */
  readonly name: string;
  /** How many of them are done, this one included. */
  readonly done: number;
  /** How many there are. */
  readonly total: number;
}

/** Options of {@link audit}. */
export interface AuditOptions {
  /**
   * Groups of the clips that results are broken down by, where they occur; `speaker` is who speaks.
   * @default ['corpus', 'language', 'sex', 'intensity', 'speaker']
   */
  readonly groups?: readonly string[] | undefined;
  /** Groups between whose values gaps are measured, where there are two or more. @default ['sex', 'language'] */
  readonly fairness?: readonly string[] | undefined;
  /**
   * What is done to the sound of recordings: names of changes, each in the library's doses, or doses of your own, such as a codec that
   * needs an encoder. None leaves robustness out.
   * @default all of `AUDIT_CHANGES`
   */
  readonly doses?: readonly (AuditChange | AuditDose)[] | undefined;
  /**
   * Says whether there is speech in a sound, e.g. by `classify` of an `EmotionClassifier`. It is asked about the clips and about sounds
   * that are no speech. @default nobody is asked
   */
  readonly speech?:
    | ((waveform: Waveform, options: { readonly signal?: AbortSignal | undefined }) => boolean | Promise<boolean>)
    | undefined;
  /**
   * Labels whose probability counts for another one, where a corpus asked only for that.
   * @default { calm: 'neutral' } for models that have both
   */
  readonly merge?: Readonly<Record<string, string>> | undefined;
  /** Options of the confidence intervals. */
  readonly bootstrap?: BootstrapOptions | undefined;
  /** Seed of noises, rooms, babble and sounds. @default 1 */
  readonly seed?: number | undefined;
  /** Called after each clip and sound. */
  readonly onProgress?: ((progress: AuditProgress) => void) | undefined;
  /** Stops the work: the promise rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/** Options that stay undefined where they are not given. */
type Undefaulted = 'speech' | 'signal' | 'onProgress';

/** {@link AuditOptions} with the defaults filled in. */
export type ResolvedAuditOptions = Resolved<Omit<AuditOptions, Undefaulted | 'bootstrap'>> & {
  readonly bootstrap: Resolved<BootstrapOptions>;
} & { readonly [Name in Undefaulted]: AuditOptions[Name] };

/** @throws {RangeError | TypeError} when an option is out of its range, of the wrong type or unknown */
export function resolveAuditOptions(labels: readonly string[], options: AuditOptions): ResolvedAuditOptions {
  const {
    groups = ['corpus', 'language', 'sex', 'intensity', 'speaker'],
    fairness = ['sex', 'language'],
    doses = AUDIT_CHANGES,
    merge = labels.includes('calm') && labels.includes('neutral') ? { calm: 'neutral' } : {},
    bootstrap = {},
    seed = 1,
    speech,
    onProgress,
    signal,
    ...rest
  } = checkOptions('audit', options);
  checkNothingElse('audit', rest);
  for (const [name, list] of Object.entries({ groups, fairness })) {
    for (const group of checkArray('audit', name, list)) checkString('audit', name, group);
  }
  for (const [i, dose] of checkArray('audit', 'doses', doses).entries()) checkDose(`doses[${i}]`, dose);
  if (speech !== undefined) checkFunction('audit', 'speech', speech);
  for (const pair of Object.entries(checkObject('audit', 'merge', merge))) {
    for (const label of pair) checkOneOf('audit', 'merge', label, labels);
  }
  return {
    ...{ groups, fairness, doses, merge, speech, onProgress, signal },
    bootstrap: resolveBootstrap(bootstrap, 'bootstrap'),
    seed: checkSeed('audit', 'seed', seed),
  };
}

function checkDose(path: string, given: AuditChange | AuditDose): void {
  if (typeof given === 'string') {
    checkOneOf('audit', path, given, AUDIT_CHANGES);
    return;
  }
  const { name, dose, apply, ...rest } = checkObject('audit', path, given);
  checkNothingElse('audit', rest, path);
  checkString('audit', `${path}.name`, name);
  checkString('audit', `${path}.dose`, dose);
  checkFunction('audit', `${path}.apply`, apply);
}
