// a source that is read here → its pieces, one for each time that the worker asks

import { toPlainError } from '../core/plainError.ts';
import type { Call } from './calls.ts';
import type { PieceSource } from './sendable.ts';

/** Gives the worker what it asks for of a source that is read here. */
export class Feed {
  readonly #source: PieceSource | undefined;
  #isOver = false;

  constructor(source: PieceSource | undefined) {
    this.#source = source;
  }

  async answer(call: Call): Promise<void> {
    try {
      const piece = (await this.#source?.next())?.slice(); // it may be a view of a larger buffer, and belongs to the source
      if (!this.#isOver) call.tell({ piece }, piece ? [piece.buffer as ArrayBuffer] : []);
    } catch (error) {
      if (!this.#isOver) call.tell({ failed: toPlainError(error) });
    }
  }

  end(): void {
    this.#isOver = true;
    this.#source?.end();
  }
}
