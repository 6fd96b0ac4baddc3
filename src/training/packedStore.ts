// unfinished work → the bytes of a store, and back: one format for checkpoints, ensemble members and folds

import * as v from 'valibot';
import { abortable } from '../core/abortable.ts';
import { TrainingError } from '../core/errors.ts';
import { type PackedArrays, packArrays, unpackArrays } from '../core/packedArrays.ts';
import { libraryVersion } from '../model/libraryVersion.ts';
import type { CheckpointStore } from './checkpointStore.ts';

/** What a store holds, and the words for its error messages. */
export interface StoredKind<Content> {
  /** Eight ASCII characters; the number goes up when older stores can no longer be read. */
  readonly magic: string;
  /** As in `Cannot resume training: …`. */
  readonly action: string;
  /** As in `the checkpoint is damaged`. */
  readonly what: string;
  /** What the message says of a store of other work, as in `the checkpoint is of a run with other options`. */
  readonly other: string;
  /** What its header must be. */
  readonly schema: v.GenericSchema<unknown, Content>;
}

const ENVELOPE = v.object({ library: v.string(), fingerprint: v.string(), content: v.unknown() });

/**
 * A store of one piece of work. The bytes carry a checksum, the version of this library (another version's results may differ) and
 * the fingerprint of all that the results depend on: what is read is of this work and as it was written, or an error is thrown.
 */
export class PackedStore<Content> {
  readonly #store: CheckpointStore;
  readonly #kind: StoredKind<Content>;
  readonly #fingerprint: string;

  /** @param fingerprint of all that the work's results depend on */
  constructor(store: CheckpointStore, kind: StoredKind<Content>, fingerprint: string) {
    this.#store = store;
    this.#kind = kind;
    this.#fingerprint = fingerprint;
  }

  /**
   * Reads what was saved last; undefined where there is nothing.
   *
   * @param signal ends the wait for a store that does not answer
   * @throws {TrainingError} when it is damaged, of another version of this library, or of other work
   */
  async load(signal: AbortSignal | undefined): Promise<PackedArrays<Content> | undefined> {
    const bytes = await abortable(this.#store.load(), signal);
    if (bytes === undefined || bytes === null) return undefined;
    const { magic, other, schema } = this.#kind;
    const packed = unpackArrays(magic, bytes);
    const envelope = v.safeParse(ENVELOPE, packed?.header);
    if (!packed || !envelope.success) return this.refuse('is damaged or of another version of speech-emotion');
    const { library, fingerprint, content } = envelope.output;
    if (library !== libraryVersion) {
      return this.refuse(`is of speech-emotion ${library}, whose results may differ from those of ${libraryVersion}`);
    }
    if (fingerprint !== this.#fingerprint) return this.refuse(other);
    const header = v.safeParse(schema, content, { abortEarly: true });
    if (header.success) return { header: header.output, arrays: packed.arrays };
    const [issue] = header.issues;
    return this.refuse(`is damaged, ${v.getDotPath(issue) ?? 'its header'}: ${issue.message}`);
  }

  /** Replaces what was saved before. */
  async save(content: Content, arrays: readonly Float32Array[]): Promise<void> {
    const envelope = { library: libraryVersion, fingerprint: this.#fingerprint, content };
    await this.#store.save(packArrays(this.#kind.magic, envelope, arrays));
  }

  /** @throws {TrainingError} that says why what was loaded cannot be used, and what to do */
  refuse(why: string, cause?: unknown): never {
    const { action, what } = this.#kind;
    throw new TrainingError(`Cannot ${action}: ${what} ${why}; delete it or give this run a store of its own`, {
      cause,
    });
  }
}
