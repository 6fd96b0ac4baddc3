// what a server allows → its type

/** Options of a server. */
export interface ServeOptions {
  readonly host: string;
  /** 0 for any that is free. */
  readonly port: number;
  /** What clients have to give; undefined where none is asked for. */
  readonly token: string | undefined;
  /** How large a file may be. */
  readonly maxBytes: number;
  /** How much sound a file or a stream may hold. */
  readonly maxSeconds: number;
  /** How many requests and streams may be in progress at once. */
  readonly maxConnections: number;
  /** How long a client may say nothing where something is expected of it: headers, a body, the answer to a ping. */
  readonly idleSeconds: number;
  /** Told of faults of the server's own, for a log. */
  readonly onFault: (error: unknown) => void;
}
