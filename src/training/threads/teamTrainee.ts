// messages of a training in threads → its steps, over this thread's part of each batch

import { TrainingError } from '../../core/errors.ts';
import { breakTeam, TeamBroken, TeamMember } from '../../core/threadTeam.ts';
import { Normalizer } from '../../features/normalizer.ts';
import { ensureKernels } from '../../kernels/stockKernels.ts';
import { onHost } from '../../kernels/tfjs/hostMemory.ts';
import { requireBackend } from '../../model/backend.ts';
import { buildNetwork } from '../../model/buildNetwork.ts';
import { networkText } from '../../model/networkHash.ts';
import { firstState } from '../checkpoint.ts';
import { type PreparedPhase, phaseAt, preparePhases } from '../phases.ts';
import type { Step } from '../steps.ts';
import { takeStep } from '../takeStep.ts';
import { Trainee } from '../trainee.ts';
import type { Numbers, Opening, StepAnswer, TeamMessage } from './messages.ts';

const ACTION = 'train in threads';

/** The training that this thread has a part of; it ends with the thread. */
let open: Promise<TeamTrainee> | undefined;

/** Answers a message. */
export async function answerTeam(message: TeamMessage): Promise<StepAnswer | Numbers> {
  if (message.type === 'open') {
    open = TeamTrainee.open(message);
    await open;
    return undefined;
  }
  const trainee = await open!;
  return message.type === 'step' ? trainee.take(message) : trainee.numbers();
}

/**
 * A copy of the network in training. All threads change theirs by the same sums of gradients, in the same way: so they stay the same, bit
 * for bit, and no weights are sent.
 */
class TeamTrainee {
  readonly #opening: Opening;
  readonly #trainee: Trainee;
  readonly #phases: readonly PreparedPhase[];
  readonly #member: TeamMember;

  private constructor(opening: Opening, trainee: Trainee, phases: readonly PreparedPhase[]) {
    this.#opening = opening;
    this.#trainee = trainee;
    this.#phases = phases;
    this.#member = new TeamMember(opening.memory, opening.place.rank);
  }

  /**
   * @throws {Error} when no tfjs backend is registered
   * @throws {TrainingError} when the backend does not keep tensors in main memory, or the network cannot be built again here
   */
  static async open(opening: Opening): Promise<TeamTrainee> {
    await requireBackend(ACTION);
    if (!onHost()) throw new TrainingError(`Cannot ${ACTION}: their backend must be cpu or wasm`);
    ensureKernels();
    const { data, resolved, normalizer, silence, teacher, rates, numbers, steps } = opening;
    const network = await buildNetwork(opening.network);
    if (networkText(network) !== opening.networkText) {
      throw new TrainingError(`Cannot ${ACTION}: the network must be one that can be saved and loaded as it is`);
    }
    const trainee = new Trainee(network, resolved, rates);
    trainee.restore({ ...numbers, best: [], state: { ...firstState(), step: steps } });
    const phases = preparePhases(data, resolved, Normalizer.fromJSON(normalizer), silence, teacher);
    return new TeamTrainee(opening, trainee, phases);
  }

  /** Takes a step together with the other threads. */
  async take({ epoch, batch, step, learningRate }: Step): Promise<StepAnswer> {
    const { place, resolved, memory } = this.#opening;
    this.#trainee.state.step = step;
    try {
      const part = phaseAt(this.#phases, epoch).batches.assemble(epoch, batch, place);
      const size = { learningRate, clipNorm: resolved.clipNorm };
      return await takeStep(this.#trainee, part, size, this.#member.addUp);
    } catch (error) {
      if (error instanceof TeamBroken) return undefined;
      breakTeam(memory); // the others would wait for this thread
      throw error;
    }
  }

  /** Copies of the numbers that the steps have changed. */
  async numbers(): Promise<Numbers> {
    const { weights, moments, averages } = await this.#trainee.numbers();
    return { weights, moments, averages };
  }
}
