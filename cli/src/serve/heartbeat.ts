// WebSockets → those whose clients still answer

import type { WebSocket } from 'ws';

/** Pings clients, and ends connections on which nothing comes back. */
export class Heartbeat {
  /** The connections, and whether something came since the last ping. */
  readonly #sockets = new Map<WebSocket, boolean>();
  readonly #timer: NodeJS.Timeout;

  /**
   * @param idleSeconds how long a client may be silent
   * @param onDead called for each that is ended
   */
  constructor(idleSeconds: number, onDead: () => void) {
    this.#timer = setInterval(() => this.#beat(onDead), 500 * idleSeconds);
    this.#timer.unref();
  }

  add(socket: WebSocket): void {
    const live = () => this.#sockets.set(socket, true);
    live();
    socket.on('pong', live).on('message', live);
    socket.once('close', () => this.#sockets.delete(socket));
  }

  /** Ends all connections, which may answer. */
  close(code: number): void {
    clearInterval(this.#timer);
    for (const socket of this.#sockets.keys()) socket.close(code);
  }

  /** Ends all connections now. */
  terminate(): void {
    for (const socket of this.#sockets.keys()) socket.terminate();
  }

  #beat(onDead: () => void): void {
    for (const [socket, isLive] of this.#sockets) {
      if (socket.isPaused) continue; // the answer waits in line
      if (!isLive) {
        onDead();
        socket.terminate();
        continue;
      }
      this.#sockets.set(socket, false);
      socket.ping();
    }
  }
}
