// docs/results/voices-search.jsonl → the type of its lines

import type { TrainingConfig } from '../training/trainingConfig.ts';

/** A trial that was run. */
export interface VoicesTrialLine {
  readonly trial: string;
  readonly why: string;
  /** Named by the fold that was scored and the one that was left out, e.g. `actors5/1 without actors5/0`. */
  readonly split: string;
  readonly seed: number;
  readonly config: TrainingConfig;
  /** By condition: `clean`, and the names of perturbations. */
  readonly uar: Readonly<Record<string, number>>;
  /** In nats, of the clean clips, not calibrated. */
  readonly nll: number;
  readonly seconds: number;
  readonly commit: string;
  readonly date: string;
}
