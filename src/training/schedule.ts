// step → learning rate

import { checkNothingElse, checkNumber, checkOneOf, checkOptions, type Resolved } from '../core/check.ts';

/** How the learning rate changes over a run, relative to the run's `learningRate`. */
export type Schedule = ConstantSchedule | OneCycleSchedule | CosineSchedule;

/** The same rate at every step. */
export interface ConstantSchedule {
  /** Which schedule. */
  readonly type: 'constant';
}

/**
 * Up from `learningRate / startDivisor` to `learningRate` along half a cosine, then down to
 * `learningRate / startDivisor / endDivisor` along another. Where the warm-up is one step long (`warmup` · steps is 1, at which
 * PyTorch divides by 0), that step has the start rate.
 *
 * @see Smith & Topin 2019, "Super-convergence", https://arxiv.org/abs/1708.07120; as `OneCycleLR` of PyTorch.
 */
export interface OneCycleSchedule {
  /** Which schedule. */
  readonly type: 'oneCycle';
  /** The share of the run in which the rate goes up, in [0.001, 0.999]. @default 0.3 */
  readonly warmup?: number | undefined;
  /** The learning rate divided by the rate at the start. @default 25 */
  readonly startDivisor?: number | undefined;
  /** The rate at the start divided by the rate at the end. @default 10000 */
  readonly endDivisor?: number | undefined;
}

/**
 * Up linearly from 0 over `warmup`, then down along half a cosine to `floor · learningRate`.
 *
 * @see Loshchilov & Hutter 2017, "SGDR", https://arxiv.org/abs/1608.03983
 */
export interface CosineSchedule {
  /** Which schedule. */
  readonly type: 'cosine';
  /** The share of the run in which the rate goes up, in [0, 0.999]. @default 0.05 */
  readonly warmup?: number | undefined;
  /** The rate at the end, relative to the learning rate, in [0, 1]. @default 0 */
  readonly floor?: number | undefined;
}

/** A {@link Schedule} with every option filled in. */
export type ResolvedSchedule = ConstantSchedule | Resolved<OneCycleSchedule> | Resolved<CosineSchedule>;

/**
 * Fills in a schedule's defaults.
 *
 * @param schedule a schedule, or its type alone
 * @throws {RangeError | TypeError} when an option is out of its range, of the wrong type or unknown, or the type is
 */
export function resolveSchedule(schedule: Schedule | Schedule['type']): ResolvedSchedule {
  const options: Schedule =
    typeof schedule === 'string' ? { type: schedule } : checkOptions(ACTION, schedule, 'schedule');
  checkOneOf(ACTION, 'schedule.type', options.type, ['constant', 'oneCycle', 'cosine']);
  switch (options.type) {
    case 'constant': {
      const { type, ...rest } = options;
      checkNothingElse(ACTION, rest, 'schedule');
      return { type };
    }
    case 'oneCycle': {
      const { type, warmup = 0.3, startDivisor = 25, endDivisor = 1e4, ...rest } = options;
      checkNothingElse(ACTION, rest, 'schedule');
      checkNumber(ACTION, 'schedule.warmup', warmup, 0.001, 0.999);
      checkNumber(ACTION, 'schedule.startDivisor', startDivisor, 1, 1e12);
      checkNumber(ACTION, 'schedule.endDivisor', endDivisor, 1, 1e12);
      return { type, warmup, startDivisor, endDivisor };
    }
    case 'cosine': {
      const { type, warmup = 0.05, floor = 0, ...rest } = options;
      checkNothingElse(ACTION, rest, 'schedule');
      checkNumber(ACTION, 'schedule.warmup', warmup, 0, 0.999);
      checkNumber(ACTION, 'schedule.floor', floor, 0, 1);
      return { type, warmup, floor };
    }
  }
}

const ACTION = 'train';

/**
 * The learning rate of one step.
 *
 * @param peak the run's `learningRate`
 * @param step counted from 0
 * @param steps of the whole run
 */
export function learningRateAt(schedule: ResolvedSchedule, peak: number, step: number, steps: number): number {
  switch (schedule.type) {
    case 'constant':
      return peak;
    case 'oneCycle': {
      const start = peak / schedule.startDivisor;
      const top = schedule.warmup * steps - 1;
      if (step <= top) return anneal(start, peak, step, top);
      return anneal(peak, start / schedule.endDivisor, step - top, steps - 1 - top);
    }
    case 'cosine': {
      const warm = schedule.warmup * steps;
      if (step < warm) return (peak * (step + 1)) / (warm + 1);
      return anneal(peak, peak * schedule.floor, step - warm, steps - warm);
    }
  }
}

/** Half a cosine from one value to another over so many steps; with 0 steps it stays at the first. */
function anneal(from: number, to: number, step: number, steps: number): number {
  const part = steps > 0 ? Math.min(1, Math.max(0, step / steps)) : 0;
  return to + ((from - to) / 2) * (1 + Math.cos(Math.PI * part));
}
