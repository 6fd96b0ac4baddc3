// AuditResult + limits → which are broken

import { checkNothingElse, checkNumber, checkObject, checkOptions, shown } from '../../core/check.ts';
import type { AuditResult } from './auditResult.ts';

/** What a figure may be. */
export interface Bounds {
  /** The least that it may be. @default no bound */
  readonly min?: number | undefined;
  /** The most that it may be. @default no bound */
  readonly max?: number | undefined;
}

/** Limits of the figures of one view. */
export interface ViewLimits {
  /** Unweighted average recall. @default none */
  readonly uar?: Bounds | undefined;
  /** Weighted average recall. @default none */
  readonly war?: Bounds | undefined;
  /** Recall of each label, by label. @default none */
  readonly recalls?: Readonly<Record<string, Bounds>> | undefined;
  /** Expected calibration error. @default none */
  readonly ece?: Bounds | undefined;
  /** Negative log likelihood. @default none */
  readonly nll?: Bounds | undefined;
  /** Brier score. @default none */
  readonly brier?: Bounds | undefined;
  /** UAR of every value of a group, by group. @default none */
  readonly groups?: Readonly<Record<string, Bounds>> | undefined;
  /** Difference between the best and the worst value, by group. @default none */
  readonly gaps?: Readonly<Record<string, Bounds>> | undefined;
  /** By name of a change: every dose of it. @default none */
  readonly robustness?: Readonly<Record<string, DoseLimits>> | undefined;
}

/** Limits of what a dose does. */
export interface DoseLimits {
  /** UAR on the changed clips. @default none */
  readonly uar?: Bounds | undefined;
  /** Change of the UAR: below 0 for a loss, so `{ min: -0.05 }` allows for one of five points. @default none */
  readonly change?: Bounds | undefined;
  /** Share of the clips whose label stays. @default none */
  readonly unchanged?: Bounds | undefined;
  /** Mean shift of the probabilities. @default none */
  readonly shift?: Bounds | undefined;
}

/** Limits that {@link checkAudit} holds an audit to: those of the open view, and others. */
export interface AuditLimits extends ViewLimits {
  /** Of the view among the labels asked for. @default none */
  readonly restricted?: ViewLimits | undefined;
  /** Share of the sounds without speech that were taken for speech. @default none */
  readonly nonSpeechTaken?: Bounds | undefined;
  /** Share of the clips that were not taken for speech. @default none */
  readonly speechMissed?: Bounds | undefined;
}

/** A limit that is broken. */
export interface AuditViolation {
  /** Which figure, e.g. `robustness.babble 10 dB.change`. */
  readonly figure: string;
  /** What it is; undefined where the audit has no such figure. */
  readonly value: number | undefined;
  /** What it must be, e.g. `at least -0.05`. */
  readonly rule: string;
}

/**
 * Holds an audit to limits, for tests: `expect(checkAudit(result, limits)).toEqual([])`. A limit of what the audit does not have, a
 * group that does not occur or a dose that was not given, is broken, so that no limit is kept by not being measured.
 *
 * @returns what is broken, in the order of the limits
 * @throws {RangeError | TypeError} when the result is no audit of this version, or a limit is wrong or unknown
 *
 * @example
 * ```ts
 * const broken = checkAudit(result, { uar: { min: 0.6 }, gaps: { sex: { max: 0.1 } }, robustness: { babble: { change: { min: -0.05 } } } });
 * ```
 */
export function checkAudit(result: AuditResult, limits: AuditLimits): AuditViolation[] {
  const { format, version } = checkObject(ACTION, 'result', result);
  if (format !== 'speech-emotion audit' || version !== 1) {
    throw new RangeError(`Cannot ${ACTION}: result must be an audit of version 1, got ${shown({ format, version })}`);
  }
  const { restricted, nonSpeechTaken, speechMissed, ...open } = checkOptions(ACTION, limits, 'limits');
  const speech = { nonSpeechTaken, speechMissed };
  const figures = [
    ...limitsOf(result, 'open', open, 'limits'),
    ...(restricted === undefined ? [] : limitsOf(result, 'restricted', restricted, 'limits.restricted')),
    ...namesOf(speech).map((name) => ({
      ...{ figure: `speech.${name}`, path: `limits.${name}`, bounds: speech[name] },
      value: result.speech?.[name],
    })),
  ];
  return figures.flatMap(({ figure, value, path, bounds }) => {
    const rule = brokenRule(value, path, bounds as Bounds);
    return rule === undefined ? [] : [{ figure, value, rule }];
  });
}

const ACTION = 'check an audit';

/** A figure that is limited, by what, and where that stands. */
interface Limited {
  readonly figure: string;
  readonly value: number | undefined;
  readonly path: string;
  readonly bounds: Bounds | undefined;
}

/** Where nothing was restricted, the open view is the restricted one, too. */
function limitsOf(
  result: AuditResult,
  which: 'open' | 'restricted',
  limits: ViewLimits,
  path: string,
): readonly Limited[] {
  const { uar, war, ece, nll, brier, recalls, groups, gaps, robustness, ...rest } = checkOptions(ACTION, limits, path);
  checkNothingElse(ACTION, rest, path);
  const view = result[which] ?? result.open;
  const single = { uar, war, ece, nll, brier };
  const values = { ...view.calibration, uar: view.uar, war: view.war };
  /** Limits by name, of one figure or several each. */
  const each = <L>(
    name: string,
    given: Readonly<Record<string, L>> | undefined,
    of: (key: string, limit: L) => Limited[],
  ) => Object.entries(checkObject(ACTION, `${path}.${name}`, given ?? {})).flatMap(([key, limit]) => of(key, limit));
  const limited = (figure: string, value: number | null | undefined, place: string, bounds: Bounds) => ({
    ...{ figure: `${which}.${figure}`, value: value ?? undefined, path: `${path}.${place}`, bounds },
  });
  return [
    ...namesOf(single).map((name) => limited(name, values[name], name, single[name]!)),
    ...each('recalls', recalls, (label, bounds) => [
      limited(`recalls.${label}`, view.recalls[result.model.labels.indexOf(label)], `recalls.${label}`, bounds),
    ]),
    ...each('groups', groups, (group, bounds) => {
      const scores = Object.entries(view.groups[group] ?? {});
      if (scores.length === 0) return [limited(`groups.${group}`, undefined, `groups.${group}`, bounds)];
      return scores.map(([value, own]) => limited(`groups.${group}.${value}.uar`, own.uar, `groups.${group}`, bounds));
    }),
    ...each('gaps', gaps, (group, bounds) => [
      limited(`gaps.${group}.difference`, view.gaps[group]?.difference, `gaps.${group}`, bounds),
    ]),
    ...each('robustness', robustness, (name, given) => {
      const place = `robustness.${name}`;
      const { uar, change, unchanged, shift, ...others } = checkOptions(ACTION, given, `${path}.${place}`);
      checkNothingElse(ACTION, others, `${path}.${place}`);
      const bounds = { uar, change, unchanged, shift };
      const doses = (result.robustness ?? []).filter((dose) => dose.name === name);
      return namesOf(bounds).flatMap((figure) =>
        doses.length === 0
          ? [limited(`${place}.${figure}`, undefined, `${place}.${figure}`, bounds[figure]!)]
          : doses.map((dose) =>
              limited(
                `${place} ${dose.dose}.${figure}`,
                (dose[which] ?? dose.open)[figure],
                `${place}.${figure}`,
                bounds[figure]!,
              ),
            ),
      );
    }),
  ];
}

/** The names of what was given. */
function namesOf<Name extends string>(limits: { readonly [Key in Name]: Bounds | undefined }): Name[] {
  return (Object.keys(limits) as Name[]).filter((name) => limits[name] !== undefined);
}

/** What the figure must be and is not. */
function brokenRule(value: number | undefined, path: string, bounds: Bounds): string | undefined {
  const { min = -Infinity, max = Infinity, ...rest } = checkOptions(ACTION, bounds, path);
  checkNothingElse(ACTION, rest, path);
  checkNumber(ACTION, `${path}.min`, min, -Infinity, Infinity);
  checkNumber(ACTION, `${path}.max`, max, -Infinity, Infinity);
  if (value === undefined) return 'there, as it is limited';
  if (value < min) return `at least ${min}`;
  return value > max ? `at most ${max}` : undefined;
}
