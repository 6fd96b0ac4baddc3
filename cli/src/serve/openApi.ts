// what the server answers → its description, as OpenAPI 3.1

import settings from '../../package.json' with { type: 'json' };
import { type FileCall, PARAMETERS } from './parameters.ts';

const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` });
const object = (properties: object, required: readonly string[] = Object.keys(properties)) => ({
  type: 'object',
  properties,
  required,
  additionalProperties: false,
});

const seconds = (description: string) => ({ type: 'number', minimum: 0, description });
const times = {
  start: seconds('Where it begins, in seconds of the sound.'),
  end: seconds('Where it ends, in seconds of the sound.'),
};
const channels = { channels: ref('ChannelUse') };
const estimate = {
  speech: { const: true },
  label: { type: 'string', description: 'The likeliest label.' },
  confidence: { type: 'number', minimum: 0, maximum: 1, description: 'Its calibrated probability.' },
  sure: {
    type: 'boolean',
    description: 'Whether the confidence is above that from which on four of five clips were recognised.',
  },
  scores: { type: 'array', items: ref('Score'), description: 'Likeliest first.' },
};
const silence = { speech: { const: false } };
const dropped = {
  dropped: { type: 'integer', minimum: 0, description: 'Segments left out right before, as the stream was behind.' },
};

/** With and without speech; `optional` may be missing in both. */
function result(description: string, always: object, optional: object) {
  const required = Object.keys(always);
  return {
    description,
    oneOf: [
      object({ ...always, ...estimate, ...optional }, [...required, 'speech', 'label', 'confidence', 'scores']),
      object({ ...always, ...silence, ...optional }, [...required, 'speech']),
    ],
  };
}

const schemas = {
  Score: object({ label: { type: 'string' }, score: { type: 'number', minimum: 0, maximum: 1 } }),
  ChannelUse: {
    description: 'What was done with the channels of a recording that has several.',
    ...object({
      of: { type: 'integer', minimum: 2 },
      used: { type: 'array', items: { type: 'integer', minimum: 0 } },
      flipped: { type: 'array', items: { type: 'integer', minimum: 0 } },
    }),
  },
  Result: result('The emotion of a recording, if there is speech in it.', {}, channels),
  Segment: result('A part of a recording and its emotion, if there is speech in it.', times, channels),
  StreamSegment: result(
    'A part of live sound and its emotion, if there is speech in it.',
    { ...times, ...dropped },
    {},
  ),
  Problem: object({ error: { type: 'string', description: 'What is wrong, in words.' } }),
};

/** What is said under each status that is no success. */
const PROBLEMS = {
  400: 'The file cannot be decoded, or a parameter is wrong.',
  401: 'The token is missing, or wrong.',
  408: 'The body does not come.',
  413: 'The file is too large, or holds too much sound.',
  415: 'The body is no file, but a form, say.',
  426: 'It is a WebSocket.',
  503: 'There is too much in progress, or the server stops.',
} as const;

const content = (schema: object) => ({ 'application/json': { schema } });
const problems = (...statuses: (keyof typeof PROBLEMS)[]) =>
  Object.fromEntries(
    statuses.map((status) => [status, { description: PROBLEMS[status], content: content(ref('Problem')) }]),
  );

function fileCall(call: FileCall, summary: string, answer: object) {
  return {
    post: {
      operationId: call,
      summary,
      parameters: PARAMETERS[call].map((parameter) => ({ ...parameter, in: 'query', required: false })),
      requestBody: {
        required: true,
        description: 'The file itself: WAV, MP3, FLAC, Ogg, WebM and others. It is classified while it comes.',
        content: { 'application/octet-stream': {}, 'audio/*': {} },
      },
      responses: {
        200: { description: 'What was heard.', content: content(answer) },
        ...problems(400, 401, 408, 413, 415, 503),
      },
    },
  };
}

/** Of each channel where `channel=each`. */
const perChannel = (one: object) => ({ oneOf: [one, { type: 'array', items: one }] });
const timeline = { type: 'array', items: ref('Segment') };

/** The document, as JSON has it. */
export function openApi(): object {
  return {
    openapi: '3.1.0',
    info: {
      title: 'speech-emotion',
      version: settings.version,
      description: 'Recognises emotion in speech: how something was said, not what.',
      license: { name: settings.license, identifier: settings.license },
    },
    servers: [{ url: '/' }],
    security: [{ token: [] }, {}],
    paths: {
      '/classify': fileCall('classify', 'The emotion of a whole recording.', perChannel(ref('Result'))),
      '/timeline': fileCall('timeline', 'The emotions of a recording over time.', {
        oneOf: [timeline, { type: 'array', items: timeline }],
      }),
      '/stream': {
        get: {
          operationId: 'stream',
          summary: 'The emotions of live sound, over a WebSocket.',
          description:
            'The first message is JSON: `encoding`, `sampleRate`, `channels`, `token` and options of the stream; the next ones are bytes ' +
            'of sound, and `{ "end": true }` ends it. Or it is a media stream of Twilio. Each segment is a message, a StreamSegment; an ' +
            'error is a Problem, after which the connection is closed.',
          responses: {
            101: { description: 'The connection is a WebSocket now.', content: content(ref('StreamSegment')) },
            ...problems(401, 426, 503),
          },
        },
      },
      '/openapi.json': {
        get: {
          operationId: 'openapi',
          summary: 'This document.',
          responses: { 200: { description: 'It.', content: content({ type: 'object' }) }, ...problems(401) },
        },
      },
      '/health': {
        get: {
          operationId: 'health',
          summary: 'Whether the server can answer.',
          security: [],
          responses: Object.fromEntries(
            [200, 503].map((status) => [
              status,
              {
                description: status === 200 ? 'It can.' : 'It cannot now.',
                content: content(
                  object({
                    status: { type: 'string', enum: ['ok', 'stopping', 'no worker'] },
                    workers: { type: 'integer', minimum: 0 },
                  }),
                ),
              },
            ]),
          ),
        },
      },
      '/metrics': {
        get: {
          operationId: 'metrics',
          summary: 'Metrics, as Prometheus reads them.',
          responses: {
            200: { description: 'They.', content: { 'text/plain': { schema: { type: 'string' } } } },
            ...problems(401),
          },
        },
      },
    },
    components: {
      schemas,
      securitySchemes: { token: { type: 'http', scheme: 'bearer' } },
    },
  };
}
