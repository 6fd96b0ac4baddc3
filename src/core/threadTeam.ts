// threads that share memory → the sum of what each of them has, for all of them, in the same order of additions
//
// Each thread writes to a place of its own, waits until all have, and adds the places in their order: so all get the same bits,
// whichever thread was first. It blocks, so it is for worker threads alone.

/** Adds the numbers of all threads, in place, and gives them back. All threads have to call it, with as many numbers. */
export type AddUp = <Numbers extends Float32Array | Float64Array>(numbers: Numbers) => Numbers;

/** What the threads of a team share. It can be sent. */
export interface TeamMemory {
  /** How many threads. */
  readonly threads: number;
  /** How many have arrived, how often all have, whether the team is broken. */
  readonly state: Int32Array;
  /** Two places a thread: while one addition is read, the next can be written. */
  readonly places: readonly (readonly SharedArrayBuffer[])[];
}

/** Numbers that are added at a time. */
const CHUNK = 32_768;

/** What {@link TeamMember.addUp} throws where another thread has failed. */
export class TeamBroken extends Error {
  override readonly name = 'TeamBroken';
}

/** Memory for a team, whose places are made here. */
export function teamMemory(threads: number): TeamMemory {
  const place = () => new SharedArrayBuffer(CHUNK * Float64Array.BYTES_PER_ELEMENT);
  return {
    threads,
    state: new Int32Array(new SharedArrayBuffer(3 * Int32Array.BYTES_PER_ELEMENT)),
    places: [0, 1].map(() => Array.from({ length: threads }, place)),
  };
}

/** Releases all threads that wait: one of them has failed. From any thread, the main one too. */
export function breakTeam({ state }: TeamMemory): void {
  Atomics.store(state, BROKEN, 1);
  Atomics.add(state, ROUND, 1);
  Atomics.notify(state, ROUND);
}

/** One thread of a team. */
export class TeamMember {
  readonly #memory: TeamMemory;
  readonly #rank: number;
  readonly #floats: readonly (readonly Float32Array[])[];
  readonly #doubles: readonly (readonly Float64Array[])[];

  /** @param rank which of the threads, from 0 */
  constructor(memory: TeamMemory, rank: number) {
    this.#memory = memory;
    this.#rank = rank;
    this.#floats = memory.places.map((places) => places.map((place) => new Float32Array(place)));
    this.#doubles = memory.places.map((places) => places.map((place) => new Float64Array(place)));
  }

  /** @throws {TeamBroken} when another thread has failed */
  readonly addUp: AddUp = (numbers) => {
    for (let start = 0; start < numbers.length; start += CHUNK) this.#addChunk(numbers.subarray(start, start + CHUNK));
    return numbers;
  };

  #addChunk(numbers: Float32Array | Float64Array): void {
    const round = Atomics.load(this.#memory.state, ROUND) & 1;
    if (numbers instanceof Float32Array) this.#addIn(this.#floats[round]!, numbers);
    else this.#addIn(this.#doubles[round]!, numbers);
  }

  #addIn<Numbers extends Float32Array | Float64Array>(places: readonly Numbers[], numbers: Numbers): void {
    places[this.#rank]!.set(numbers);
    this.#meet();
    for (let i = 0; i < numbers.length; i++) {
      let sum = 0;
      for (let rank = 0; rank < places.length; rank++) sum += places[rank]![i]!;
      numbers[i] = sum;
    }
  }

  /** Waits until all threads are here. */
  #meet(): void {
    const { threads, state } = this.#memory;
    const round = Atomics.load(state, ROUND);
    if (Atomics.add(state, ARRIVED, 1) === threads - 1) {
      Atomics.store(state, ARRIVED, 0);
      Atomics.add(state, ROUND, 1);
      Atomics.notify(state, ROUND);
    } else {
      while (Atomics.load(state, ROUND) === round && !Atomics.load(state, BROKEN)) Atomics.wait(state, ROUND, round);
    }
    if (Atomics.load(state, BROKEN)) throw new TeamBroken('another thread of the team has failed');
  }
}

const [ARRIVED, ROUND, BROKEN] = [0, 1, 2] as const;
