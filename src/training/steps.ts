// a run of train → what takes its steps, in this thread

import { phaseAt } from './phases.ts';
import type { Run } from './run.ts';
import { type StepFigures, takeStep } from './takeStep.ts';

/** A step to take. */
export interface Step {
  /** Counted from 0. */
  readonly epoch: number;
  /** Of the epoch, counted from 0. */
  readonly batch: number;
  /** Of all epochs, counted from 0. */
  readonly step: number;
  readonly learningRate: number;
}

/** Takes the steps of a run. To be closed. */
export interface Steps {
  take(step: Step): Promise<StepFigures>;
  /** Brings the run's own trainee to where the last step was, if others have taken it. */
  catchUp(): Promise<void>;
  close(): Promise<void>;
}

/** Steps by the run's own trainee. */
export function stepsHere({ trainee, phases, resolved }: Run): Steps {
  const { clipNorm } = resolved;
  return {
    take: ({ epoch, batch, learningRate }) =>
      takeStep(trainee, phaseAt(phases, epoch).batches.assemble(epoch, batch), { learningRate, clipNorm }),
    catchUp: async () => {},
    close: async () => {},
  };
}
