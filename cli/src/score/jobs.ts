// a job, a ledger → the job done, and the jobs that follow from it: the same for every queue

import type { Ledger } from './ledger.ts';
import { ScoringError, type Threads } from './threads.ts';
import type { Plan, RunSettings } from './work.ts';

/** A recording that is to be looked at, or a piece of one that is to be scored: plain data, without any sound. */
export interface Job {
  readonly source: string;
  readonly piece?: { readonly plan: Plan; readonly index: number } | undefined;
}

/** Where jobs are done. */
export interface Workplace {
  readonly run: string;
  readonly settings: RunSettings;
  readonly ledger: Ledger;
  readonly threads: Threads;
}

/** How often a job is tried, where it is not the recording that is at fault; seconds until the second time, doubled each time. */
export const TRIES = 5;
export const WAIT_SECONDS = 1;

/**
 * Does a job. What a recording is at fault for is noted, and nothing is thrown.
 *
 * @returns the pieces that are to be scored
 * @throws {ScoringError} when another try may help
 * @throws {LedgerError} when the ledger cannot be written
 */
export async function doJob(place: Workplace, { source, piece }: Job): Promise<Job[]> {
  try {
    if (!piece) return await planned(place, source, await place.threads.plan(place.settings, source));
    return await scored(place, source, piece.plan, piece.index);
  } catch (error) {
    if (!(error instanceof ScoringError && error.fault)) throw error;
    await place.ledger.fail(place.run, { source, reason: error.message, fault: true });
    return [];
  }
}

async function planned({ run, ledger }: Workplace, source: string, plan: Plan): Promise<Job[]> {
  const { sound, seconds } = plan;
  const missing = await ledger.plan(run, source, { sound, seconds, pieces: piecesIn(plan) });
  return missing.map((index) => ({ source, piece: { plan, index } }));
}

async function scored(place: Workplace, source: string, plan: Plan, index: number): Promise<Job[]> {
  const { run, settings, ledger, threads } = place;
  try {
    const { segments, seconds } = await threads.score(settings, source, plan, index);
    const pieces = piecesIn(plan);
    await ledger.finish(run, { sound: plan.sound, pieces }, index, { result: JSON.stringify(segments), seconds });
    return [];
  } catch (error) {
    // What is wrong with it is told of the whole, as the library does.
    if (!(error instanceof ScoringError && error.fault && plan.cut)) throw error;
    return planned(place, source, { ...plan, cut: undefined, seconds: undefined });
  }
}

function piecesIn({ cut }: Plan): number {
  return cut?.pieces.length ?? 1;
}
