// classifiers → a server that lends them, over HTTP and WebSocket

import { createServer, type IncomingMessage, type Server, type ServerResponse, STATUS_CODES } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { AccessToken } from './accessToken.ts';
import type { Classifiers } from './classifierPool.ts';
import type { Context } from './context.ts';
import { type Answer, answerFile, json } from './fileRequest.ts';
import { Heartbeat } from './heartbeat.ts';
import { GOING_AWAY, LiveStream } from './liveStream.ts';
import { Metrics } from './metrics.ts';
import { openApi } from './openApi.ts';
import { OpenWork } from './openWork.ts';
import { Problem, problemOf } from './problem.ts';
import type { ServeOptions } from './serveOptions.ts';

/** A server that runs. */
export interface Service {
  /** Its address, such as `http://127.0.0.1:8080`. */
  readonly url: string;
  readonly metrics: Metrics;
  /** Takes nothing new, and ends once all is done, or after `graceSeconds`. */
  stop(graceSeconds: number): Promise<void>;
}

type Handler = (
  request: IncomingMessage,
  response: ServerResponse,
  query: URLSearchParams,
  context: Context,
) => Answer | Promise<Answer>;

interface Route {
  readonly method: 'GET' | 'POST';
  /** Whether it is answered without a token. */
  readonly isOpen?: boolean;
  readonly answer: Handler;
}

const ROUTES: Readonly<Record<string, Route>> = {
  '/classify': { method: 'POST', answer: (...request) => answerFile('classify', ...request) },
  '/timeline': { method: 'POST', answer: (...request) => answerFile('timeline', ...request) },
  '/stream': {
    method: 'GET',
    answer: () => {
      throw new Problem(426, 'Cannot answer: /stream is a WebSocket', { upgrade: 'websocket' });
    },
  },
  '/openapi.json': { method: 'GET', answer: () => json(openApi()) },
  '/health': {
    method: 'GET',
    isOpen: true, // whoever watches over the server need not be let in
    answer: (_request, _response, _query, { classifiers, work }) => {
      const workers = classifiers.ready;
      const status = work.isStopping ? 'stopping' : workers > 0 ? 'ok' : 'no worker';
      return json({ status, workers }, status === 'ok' ? 200 : 503);
    },
  },
  '/metrics': {
    method: 'GET',
    answer: async (_request, _response, _query, { metrics: { registry } }) => ({
      status: 200,
      type: registry.contentType,
      text: await registry.metrics(),
    }),
  },
};

/** How much longer a client may send what nobody reads, so that it sees the answer. */
const LINGER_MS = 2000;
/** Bytes of a WebSocket's message: some seconds of sound. */
const MOST_MESSAGE = 2 ** 20;

/**
 * Starts a server.
 *
 * @param classifiers belong to the caller
 * @throws as the system has it, when it cannot listen there
 */
export async function startService(classifiers: Classifiers, options: ServeOptions): Promise<Service> {
  const metrics = new Metrics(() => classifiers.tensors());
  const access = new AccessToken(options.token);
  const work = new OpenWork(options.maxConnections);
  const context: Context = { options, access, classifiers, metrics, work };
  const idleMs = 1000 * options.idleSeconds;
  const server = createServer({
    headersTimeout: idleMs,
    requestTimeout: 0, // a body may take long: it is bounded by its own pauses
    connectionsCheckingInterval: idleMs / 2,
  });
  // Connections that have asked for nothing yet, or are kept for the next request, are beside those in progress.
  server.maxConnections = 2 * options.maxConnections + 16;
  server.on('drop', () => metrics.dropped('connections'));
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => refuseBytes(error, socket, metrics));
  const onRequest = (request: IncomingMessage, response: ServerResponse) => void answer(request, response, context);
  server.on('request', onRequest).on('checkContinue', onRequest);
  const sockets = new WebSocketServer({ noServer: true, maxPayload: MOST_MESSAGE, perMessageDeflate: false });
  const heartbeat = new Heartbeat(options.idleSeconds, () => metrics.dropped('dead'));
  server.on('upgrade', (request, socket, head) => {
    socket.on('error', () => socket.destroy());
    try {
      const isAdmitted = checkUpgrade(request, context);
      sockets.handleUpgrade(request, socket, head, (live) => {
        metrics.refused('/stream', 101);
        heartbeat.add(live);
        new LiveStream(live, isAdmitted, context);
      });
    } catch (error) {
      refuseUpgrade(problemOf(error), socket);
      metrics.refused(pathOf(request), problemOf(error).status);
    }
  });
  await listen(server, options);
  const stop = async (graceSeconds: number) => {
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeIdleConnections();
    await work.stop(graceSeconds);
    heartbeat.close(GOING_AWAY);
    server.closeIdleConnections();
    const timer = setTimeout(() => {
      heartbeat.terminate();
      server.closeAllConnections();
    }, LINGER_MS); // whoever is left may read its last answer
    await closed;
    clearTimeout(timer);
  };
  return { url: urlOf(server), metrics, stop };
}

async function listen(server: Server, { host, port }: ServeOptions): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port }, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

function urlOf(server: Server): string {
  const { address, family, port } = server.address() as AddressInfo;
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
}

async function answer(request: IncomingMessage, response: ServerResponse, context: Context): Promise<void> {
  const began = performance.now();
  const path = pathOf(request);
  response.once('close', () => {
    const status = response.writableFinished ? response.statusCode : 499;
    context.metrics.answered(path, status, (performance.now() - began) / 1000);
  });
  try {
    const { isOpen, answer } = routeOf(request, path);
    if (!isOpen && !context.access.admitsHeader(request.headers.authorization)) throw unauthorised();
    const { searchParams } = new URL(request.url!, 'http://server');
    send(await answer(request, response, searchParams, context), {}, request, response, context);
  } catch (error) {
    const problem = problemOf(error);
    if (problem.status === 500) context.options.onFault(error);
    const { status, message, headers } = problem;
    send(json({ error: message }, status), headers, request, response, context);
  }
}

function send(
  { status, type, text }: Answer,
  headers: Readonly<Record<string, string>>,
  request: IncomingMessage,
  response: ServerResponse,
  { options, metrics, work }: Context,
): void {
  if (response.destroyed) return;
  response.setTimeout(1000 * options.idleSeconds, () => {
    if (!response.writableFinished) metrics.dropped('slow');
    response.destroy();
  });
  const length = Buffer.byteLength(text);
  const fixed = { 'content-type': type, 'content-length': length, 'cache-control': 'no-store' };
  const isUnread = hasBody(request) && !request.complete;
  const isLast = isUnread || work.isStopping;
  response.writeHead(status, { ...fixed, ...(isLast && { connection: 'close' }), ...headers });
  if (request.method !== 'HEAD') response.write(text);
  if (isUnread) endAfter(request, response);
  else response.end();
}

const hasBody = ({ headers }: IncomingMessage) =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;

/** Ends a connection whose client still sends: ended at once, it would be reset, and the client might never see the answer. */
function endAfter(request: IncomingMessage, response: ServerResponse): void {
  const end = () => {
    clearTimeout(timer);
    response.end();
  };
  const timer = setTimeout(end, LINGER_MS);
  request.once('end', end).once('close', end);
  request.removeAllListeners('readable').resume();
}

/** The path, where the server has it; `other` for all others, of which there may be any number. */
function pathOf({ url }: IncomingMessage): string {
  const path = url?.split('?', 1)[0] ?? '';
  return Object.hasOwn(ROUTES, path) ? path : 'other';
}

/** @throws {Problem} when there is none, or not by this method */
function routeOf({ method }: IncomingMessage, path: string): Route {
  const route = ROUTES[path];
  if (!route) throw new Problem(404, `Cannot answer: there are ${Object.keys(ROUTES).join(', ')}`);
  if (method === route.method || (method === 'HEAD' && route.method === 'GET')) return route;
  const allow = route.method === 'GET' ? 'GET, HEAD' : route.method;
  throw new Problem(405, `Cannot answer: the method must be ${allow}, got ${method}`, { allow });
}

const unauthorised = () =>
  new Problem(401, 'Cannot answer: the token is missing, or wrong', { 'www-authenticate': 'Bearer' });

/**
 * Whether the client has given the token; without a header it may still come in the first message, as pages and Twilio have no way
 * to set headers.
 *
 * @throws {Problem} when the upgrade is refused
 */
function checkUpgrade(request: IncomingMessage, { access, work }: Context): boolean {
  const path = pathOf(request);
  routeOf(request, path);
  if (path !== '/stream' || request.headers.upgrade?.toLowerCase() !== 'websocket') {
    throw new Problem(400, 'Cannot upgrade: /stream can, to websocket');
  }
  const { authorization } = request.headers;
  const isAdmitted = access.admitsHeader(authorization);
  if (!isAdmitted && authorization !== undefined) throw unauthorised();
  work.check();
  return isAdmitted;
}

function refuseUpgrade({ status, message, headers }: Problem, socket: Duplex): void {
  const text = JSON.stringify({ error: message });
  const lines = Object.entries({
    connection: 'close',
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
    ...headers,
  }).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join('')}\r\n${text}`);
}

/** Answers what is no HTTP, or does not come. */
function refuseBytes({ code }: NodeJS.ErrnoException, socket: Duplex, metrics: Metrics): void {
  const status = code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 408 : code === 'HPE_HEADER_OVERFLOW' ? 431 : 400;
  if (status === 408) metrics.dropped('idle');
  if (code === 'ECONNRESET' || code === 'HPE_INVALID_EOF_STATE' || !socket.writable) {
    socket.destroy(); // the client is gone
    return;
  }
  metrics.refused('other', status);
  refuseUpgrade(new Problem(status, 'Cannot answer: what came is no request, or only a part of one'), socket);
}
