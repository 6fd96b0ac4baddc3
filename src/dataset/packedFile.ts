// where a file lies in a zip archive → its bytes, unpacked and checked

import { crc32 } from '../core/crc32.ts';
import { type ByteSource, unreadable } from './byteSource.ts';

/** A file of which parts can be read. It holds nothing open between reads, so that nothing has to be closed. */
export interface RandomAccessFile {
  /** What sources and errors call the file. */
  readonly name: string;
  /** Length in bytes. */
  size(): Promise<number>;
  /** Reads `length` bytes from `offset` on, fewer where the file ends before. */
  read(offset: number, length: number): Promise<Uint8Array>;
}

/** What the directory of an archive holds about a file, under the names that zip.js gives. */
export interface DirectoryEntry {
  readonly compressionMethod: number;
  readonly compressedSize: number;
  readonly uncompressedSize: number;
  readonly crc32?: number | undefined;
}

/** The most that a file unpacks to by default; and what it may always unpack to, however small it was packed. */
const MOST_BYTES = 2 ** 30;
const ALWAYS = 2 ** 26;
/** A file of sound packs to a half; one of digital silence to a thousandth, but nobody keeps 64 MiB of silence. */
const MOST_RATIO = 100;

const STORED = 0;
const DEFLATED = 8;
const LOCAL_HEADER = 0x04034b50;
/** Packed bytes that are read at once. */
const PIECE = 2 ** 20;

/** A file in an archive: no more than what reading it needs, since there may be millions. */
export class PackedFile implements ByteSource {
  readonly name: string;
  readonly #archive: RandomAccessFile;
  readonly #span: { readonly start: number; readonly end: number };
  readonly #method: number;
  readonly #packed: number;
  readonly #size: number;
  readonly #crc: number;
  readonly #most: number | undefined;

  /**
   * @param span where the entry begins, and where it must have ended
   * @param most the most bytes that it may unpack to
   */
  constructor(
    archive: RandomAccessFile,
    name: string,
    span: { readonly start: number; readonly end: number },
    { compressionMethod, compressedSize, uncompressedSize, crc32: crc = 0 }: DirectoryEntry,
    most: number | undefined,
  ) {
    this.name = name;
    this.#archive = archive;
    this.#span = span;
    this.#method = compressionMethod;
    this.#packed = compressedSize;
    this.#size = uncompressedSize;
    this.#crc = crc;
    this.#most = most;
  }

  async bytes(): Promise<Uint8Array> {
    try {
      this.#checkSize();
      const start = await this.#dataStart();
      if (this.#method === STORED) return await this.#readStored(start);
      if (this.#method === DEFLATED) return await this.#inflate(start);
      throw new Error(`it must be stored or deflated, got compression method ${this.#method}`);
    } catch (error) {
      throw unreadable(this.name, error);
    }
  }

  #checkSize(): void {
    const most = this.#most ?? Math.min(MOST_BYTES, Math.max(ALWAYS, MOST_RATIO * this.#packed));
    if (this.#size <= most) return;
    throw new Error(
      `it must unpack to at most ${most} bytes, got ${this.#size} from ${this.#packed} (maxUnpackedBytes: N allows N)`,
    );
  }

  /** Behind the header that stands before the data and whose length only the header itself gives. */
  async #dataStart(): Promise<number> {
    const { start, end } = this.#span;
    const header = await this.#read(start, 30);
    const view = new DataView(header.buffer, header.byteOffset);
    const found = view.getUint32(0, true) === LOCAL_HEADER && view.getUint16(8, true) === this.#method;
    if (!found) throw new Error('its entry must be where the directory of the archive says');
    const data = start + 30 + view.getUint16(26, true) + view.getUint16(28, true);
    if (data + this.#packed > end) throw new Error('its entry must end before the next one');
    return data;
  }

  async #readStored(start: number): Promise<Uint8Array> {
    if (this.#packed !== this.#size) throw new Error(`it must have ${this.#size} bytes, got ${this.#packed}`);
    const bytes = await this.#read(start, this.#size);
    if (Number.parseInt(crc32(bytes), 16) !== this.#crc) throw new Error('it is damaged (the checksum does not match)');
    return bytes;
  }

  async #inflate(start: number): Promise<Uint8Array> {
    const reader = this.#gzip(start).pipeThrough(new DecompressionStream('gzip')).getReader();
    const bytes = new Uint8Array(this.#size);
    let at = 0;
    try {
      for (;;) {
        const { done, value } = await reader.read();
        if (done) break;
        if (at + value.length > bytes.length)
          throw new Error(`it must unpack to the ${this.#size} bytes it says, got more`);
        bytes.set(value, at);
        at += value.length;
      }
    } catch (error) {
      await reader.cancel(error).catch(() => {});
      throw error;
    }
    if (at < bytes.length) throw new Error(`it must unpack to the ${this.#size} bytes it says, got ${at}`);
    return bytes;
  }

  /** The data as a gzip file, which every host unpacks and whose end says the checksum and the size. */
  #gzip(start: number): ReadableStream<Uint8Array<ArrayBuffer>> {
    let at = 0;
    return new ReadableStream(
      {
        start: (controller) => controller.enqueue(Uint8Array.of(0x1f, 0x8b, DEFLATED, 0, 0, 0, 0, 0, 0, 0xff)),
        pull: async (controller) => {
          if (at < this.#packed) {
            const piece = await this.#read(start + at, Math.min(PIECE, this.#packed - at));
            at += piece.length;
            controller.enqueue(piece);
          } else {
            const end = new DataView(new ArrayBuffer(8));
            end.setUint32(0, this.#crc, true);
            end.setUint32(4, this.#size, true);
            controller.enqueue(new Uint8Array(end.buffer));
            controller.close();
          }
        },
      },
      { highWaterMark: 0 },
    );
  }

  async #read(offset: number, length: number): Promise<Uint8Array<ArrayBuffer>> {
    const bytes = await this.#archive.read(offset, length);
    if (bytes.length < length) throw new Error('the archive must not be cut short');
    return bytes as Uint8Array<ArrayBuffer>;
  }
}
