// a token that a client gives → whether it is the server's

import { createHash, timingSafeEqual } from 'node:crypto';

/** Tells the right token; all do where the server has none. */
export class AccessToken {
  readonly #digest: Buffer | undefined;

  constructor(token: string | undefined) {
    this.#digest = token === undefined ? undefined : digestOf(token);
  }

  /** Whether one is asked for. */
  get isAsked(): boolean {
    return this.#digest !== undefined;
  }

  /** Whether a token is the right one; how long that takes says nothing of it. */
  admits(token: unknown): boolean {
    if (!this.#digest) return true;
    return typeof token === 'string' && timingSafeEqual(digestOf(token), this.#digest);
  }

  /** Whether an `Authorization` header has the right one. */
  admitsHeader(authorization: string | undefined): boolean {
    return this.admits(/^Bearer +(.+)$/i.exec(authorization ?? '')?.[1]);
  }
}

const digestOf = (token: string) => createHash('sha256').update(token).digest();
