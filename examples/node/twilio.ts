// messages of a Twilio media stream → the emotion of the moment, while the call goes on
//
// A call is µ-law at 8 kHz, in base64 within JSON: https://www.twilio.com/docs/voice/media-streams/websocket-messages

import type { StreamOptions, StreamSegment } from 'speech-emotion';
import { pcm } from 'speech-emotion/node';
import type { AnyClassifier } from 'speech-emotion/worker';

/** `inbound` is what the caller says, `outbound` what the caller hears. */
export type CallOptions = StreamOptions & { readonly track?: 'inbound' | 'outbound' | undefined };

/** The emotions of one side of a call, until it ends. Each message is one of its WebSocket, as text or as a `Buffer`. */
export function emotionsOfCall(
  classifier: AnyClassifier,
  messages: AsyncIterable<string | Buffer>,
  { track = 'inbound', ...options }: CallOptions = {},
): AsyncIterable<StreamSegment> {
  return classifier.stream(pcm(soundOf(messages, track), { format: 'mulaw' }), { ...options, sampleRate: 8000 });
}

interface Message {
  readonly event: 'connected' | 'start' | 'media' | 'mark' | 'dtmf' | 'stop';
  readonly media?: { readonly track: string; readonly payload: string };
}

async function* soundOf(messages: AsyncIterable<string | Buffer>, track: string): AsyncGenerator<Uint8Array> {
  for await (const message of messages) {
    const { event, media } = JSON.parse(String(message)) as Message;
    if (event === 'stop') return;
    if (event === 'media' && media?.track === track) yield Buffer.from(media.payload, 'base64');
  }
}
