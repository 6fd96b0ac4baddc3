// a recording → what was heard in it

import type { EmotionResult, EmotionSegment } from 'speech-emotion';
import type { FoundRecording } from '../recordings/found.ts';
import type { OpenSound } from '../recordings/openRecording.ts';

/** What was heard in a recording. */
export interface Heard {
  readonly recording: FoundRecording;
  /** Reads it again, where a report was asked for. */
  readonly open: OpenSound;
  /** Its length. */
  readonly seconds: number;
  /** The channel that was asked for, or all of them. */
  readonly channels: readonly HeardChannel[];
}

/** What was heard on a channel. */
export interface HeardChannel {
  /** Its number; undefined where it is a mix. */
  readonly channel: number | undefined;
  /** The emotion of all of it, where that was asked for. */
  readonly result?: EmotionResult;
  /** The emotions over time, where these were asked for. */
  readonly segments?: readonly EmotionSegment[];
}

/** Writes what was heard, recording by recording. */
export interface ResultWriter {
  write(heard: Heard): Promise<void>;
  /** Ends what is written: it is whole, however little it is. */
  close(): Promise<void>;
  /** It did not come to a good end: nothing is left of a file. */
  discard(): Promise<void>;
}
