// how a confidence interval is made, and what it is → their types

/** A confidence interval. */
export interface Interval {
  /** Lower end. */
  readonly low: number;
  /** Upper end. */
  readonly high: number;
  /** Confidence level, e.g. 0.95. */
  readonly level: number;
}

/** Options of {@link speakerBootstrap}. */
export interface BootstrapOptions {
  /** How often speakers are drawn, from 1 to 1,000,000. @default 2000 */
  readonly resamples?: number | undefined;
  /** Confidence level, in [0.01, 0.9999]. @default 0.95 */
  readonly level?: number | undefined;
  /** Seed of the draws. @default 1 */
  readonly seed?: number | undefined;
}
