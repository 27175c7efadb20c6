import { Agent, buildConnector } from 'undici';

/** To one conductor; each waits for a running call. */
const CONNECTIONS = 500;
/** Milliseconds; long before the conductor closes an idle connection, since a request may be sent at that moment. */
const IDLE_MS = 1_000;
/** Milliseconds for a connection. */
const CONNECT_MS = 3_000;
/** Milliseconds of silence within the body of an answer. */
const BODY_MS = 30_000;

export interface ConductorTrust {
  /** Undefined: those of Node. */
  readonly ca: string | undefined;
  /** Of all certificates, instead of the host in the address. */
  readonly servername: string | undefined;
}

/** The connections to all conductors. */
export function conductorAgent({ ca, servername }: ConductorTrust): Agent {
  const connect = buildConnector({ timeout: CONNECT_MS, ...(ca === undefined ? {} : { ca }) });
  return new Agent({
    connections: CONNECTIONS,
    pipelining: 1,
    keepAliveTimeout: IDLE_MS,
    keepAliveMaxTimeout: IDLE_MS,
    connect: (options, callback) =>
      connect(servername === undefined ? options : { ...options, servername }, callback),
    bodyTimeout: BODY_MS,
  });
}
