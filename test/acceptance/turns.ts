// steps of long work → whether the host had a turn between them

/** At each step sets a timer and waits until it is due, so that it fires as soon as the host gets a turn. */
export class Turns {
  /** For each step but the first: whether the timer of the step before had fired by its end. */
  readonly taken: boolean[] = [];
  #fired: boolean | undefined;

  /** To be called at the end of each step. */
  step(): void {
    if (this.#fired !== undefined) this.taken.push(this.#fired);
    this.#fired = false;
    setTimeout(() => {
      this.#fired = true;
    });
    const due = performance.now() + 5; // the least that a timer takes is 1 ms in Node, 4 in pages
    while (performance.now() < due);
  }
}
