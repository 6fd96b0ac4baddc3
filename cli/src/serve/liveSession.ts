// first message of a WebSocket → how its sound is to be read, and with which options it is classified

import type { StreamOptions } from 'speech-emotion';
import type { PcmOptions } from 'speech-emotion/node';
import { checkRange, LEAST_HOP_SECONDS, MOST_SECONDS, meant } from './parameters.ts';
import { Problem } from './problem.ts';

/** A message as `ws` has it. */
export interface Message {
  readonly data: Buffer;
  readonly isBinary: boolean;
}

/** What a client has said about the sound that it is going to send. */
export interface LiveSession {
  /** The token that it gave, if any. */
  readonly token: unknown;
  /** How samples are written; undefined where the sound is an encoded file, as it is made. */
  readonly pcm: PcmOptions | undefined;
  readonly options: Omit<StreamOptions, 'signal' | 'maxSeconds'>;
  /** The sound in a message; `'end'` where it says that there is no more; undefined where there is none. */
  soundOf(message: Message): Uint8Array | 'end' | undefined;
}

/** Encodings by the names that ffmpeg has for them. */
const ENCODINGS: Readonly<Record<string, PcmOptions | undefined>> = {
  u8: { format: 'u8' },
  s16le: { format: 's16' },
  s16be: { format: 's16', byteOrder: 'big' },
  s24le: { format: 's24' },
  s24be: { format: 's24', byteOrder: 'big' },
  s32le: { format: 's32' },
  s32be: { format: 's32', byteOrder: 'big' },
  f32le: { format: 'f32' },
  f32be: { format: 'f32', byteOrder: 'big' },
  mulaw: { format: 'mulaw' },
  alaw: { format: 'alaw' },
  file: undefined,
};

/** Options that a client may choose. */
const STREAM_OPTIONS = [
  'hopSeconds',
  'windowSeconds',
  'vad',
  'smoothing',
  'whenBehind',
  'backlogSeconds',
  'topK',
] as const;

/**
 * Reads the first message. Whose it is, it says itself: Twilio's begin with `connected` and `start`.
 *
 * @returns undefined where it says nothing yet: the next one will
 * @throws {Problem} when it is no such message
 */
export function openSession({ data, isBinary }: Message): LiveSession | undefined {
  if (isBinary) throw new Problem(400, 'Cannot stream: the first message must be JSON, as text, got bytes');
  const first = objectOf(data);
  if (first.event === 'connected') return undefined;
  return first.event === 'start' ? twilioSession(first) : pcmSession(first);
}

function pcmSession({ encoding = 's16le', sampleRate, channels, token, ...rest }: Fields): LiveSession {
  if (typeof encoding !== 'string' || !Object.hasOwn(ENCODINGS, encoding)) {
    const names = Object.keys(ENCODINGS).join(', ');
    throw new Problem(400, `Cannot stream: encoding must be one of ${names}, got ${JSON.stringify(encoding)}`);
  }
  const isFile = encoding === 'file';
  if (isFile !== (sampleRate === undefined) || (isFile && channels !== undefined)) {
    const rule = isFile ? 'left out, with the number of channels: a file says them itself' : 'given, in Hz';
    throw new Problem(400, `Cannot stream: sampleRate must be ${rule}`);
  }
  const options = { ...optionsOf(rest), ...(!isFile && { sampleRate }) } as LiveSession['options'];
  const pcm = isFile ? undefined : { ...ENCODINGS[encoding], channels: channels as number | undefined };
  return { token, pcm, options, soundOf: soundOfMessage };
}

function soundOfMessage({ data, isBinary }: Message): Uint8Array | 'end' {
  if (isBinary) return data;
  if (objectOf(data).end === true) return 'end';
  throw new Problem(
    400,
    'Cannot stream: after the first message, sound must come as bytes, and { "end": true } after it',
  );
}

/**
 * A media stream of Twilio: https://www.twilio.com/docs/voice/media-streams/websocket-messages. Its `<Parameter>`s are the token, the
 * track and the options.
 */
function twilioSession({ start }: Fields): LiveSession {
  const { mediaFormat, customParameters } = fieldsOf(start, 'start');
  const { encoding, sampleRate, channels } = fieldsOf(mediaFormat, 'mediaFormat');
  if (encoding !== 'audio/x-mulaw') {
    throw new Problem(400, `Cannot stream: Twilio's encoding must be audio/x-mulaw, got ${JSON.stringify(encoding)}`);
  }
  const { token, track: wanted = 'inbound', ...rest } = fieldsOf(customParameters ?? {}, 'customParameters');
  if (wanted !== 'inbound' && wanted !== 'outbound') {
    throw new Problem(400, `Cannot stream: track must be inbound or outbound, got ${JSON.stringify(wanted)}`);
  }
  const soundOf = ({ data, isBinary }: Message) => {
    if (isBinary) throw new Problem(400, 'Cannot stream: messages of Twilio must be text, got bytes');
    const { event, media } = objectOf(data);
    if (event === 'stop') return 'end';
    if (event !== 'media') return undefined;
    const { track, payload } = fieldsOf(media, 'media');
    return track === wanted && typeof payload === 'string' ? Buffer.from(payload, 'base64') : undefined;
  };
  const pcm = { format: 'mulaw', channels: channels as number | undefined } as const;
  // Twilio's parameters are text.
  const chosen = Object.fromEntries(Object.entries(rest).map(([name, text]) => [name, meant(String(text))]));
  return { token, pcm, options: { ...optionsOf(chosen), sampleRate: sampleRate as number }, soundOf };
}

function optionsOf(fields: Fields): Fields {
  const unknown = Object.keys(fields).find((name) => !(STREAM_OPTIONS as readonly string[]).includes(name));
  if (unknown !== undefined) throw new Problem(400, `Cannot stream: there is no option ${JSON.stringify(unknown)}`);
  checkRange('stream', 'hopSeconds', fields.hopSeconds, { minimum: LEAST_HOP_SECONDS });
  for (const name of ['windowSeconds', 'backlogSeconds']) {
    checkRange('stream', name, fields[name], { maximum: MOST_SECONDS });
  }
  return fields;
}

type Fields = Readonly<Record<string, unknown>>;

function objectOf(text: Buffer): Fields {
  let value: unknown;
  try {
    value = JSON.parse(text.toString('utf8'));
  } catch {
    // said below
  }
  return fieldsOf(value, 'a message that is text');
}

function fieldsOf(value: unknown, what: string): Fields {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Fields;
  throw new Problem(400, `Cannot stream: ${what} must be a JSON object`);
}
