// channels of an audio graph → pieces of mono samples: the processor on the browser's audio thread

declare const AudioWorkletProcessor: new () => { readonly port: MessagePort };
declare function registerProcessor(name: string, processor: new () => object): void;

/** Name of the processor. */
export const CAPTURE = 'speech-emotion-capture';

/**
 * Registers the processor. The audio thread is given its source text, so it refers to nothing outside of itself.
 *
 * @param name what to register it as
 */
export function registerCapture(name: string): void {
  /** 21 ms at 48 kHz: few messages, and no noticeable delay. */
  const length = 1024;

  class Capture extends AudioWorkletProcessor {
    piece = new Float32Array(length);
    filled = 0;
    ended = false;

    constructor() {
      super();
      this.port.onmessage = () => {
        this.ended = true;
      };
    }

    process([channels]: Float32Array[][]): boolean {
      const [first, ...others] = channels ?? [];
      for (let i = 0; first && i < first.length; i++) {
        let sum = first[i] as number;
        for (const other of others) sum += other[i] as number;
        this.piece[this.filled++] = sum / (others.length + 1);
        if (this.filled < length) continue;
        this.port.postMessage(this.piece, [this.piece.buffer]);
        this.piece = new Float32Array(length);
        this.filled = 0;
      }
      return !this.ended; // a node that is only disconnected would run on
    }
  }
  registerProcessor(name, Capture);
}
