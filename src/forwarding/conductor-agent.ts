import { Agent, buildConnector } from 'undici';
import { type Config } from '../config/config.js';
import { authoritiesIn } from '../http/tls/authorities.js';

/** To one conductor; each waits for a running call. */
const CONNECTIONS = 500;
/** Milliseconds; long before the conductor closes an idle connection, since a request may be sent at that moment. */
const IDLE_MS = 1_000;
/** Milliseconds for a connection. */
const CONNECT_MS = 3_000;
/** Milliseconds of silence within the body of an answer. */
const BODY_MS = 30_000;

type Settings = Pick<Config, 'conductorCa' | 'conductorCertName'>;

/** Undefined: those of Node. */
export function conductorAuthorities({ conductorCa: path }: Pick<Settings, 'conductorCa'>): {
  readonly ca: string | undefined;
  readonly problems: readonly string[];
} {
  const problems: string[] = [];
  const ca = path === undefined ? undefined : authoritiesIn(path, 'FERRULE_CONDUCTOR_CA', problems);
  return { ca, problems };
}

/** The connections to all conductors. */
export function conductorAgent(settings: Settings): Agent {
  const { ca } = conductorAuthorities(settings);
  const connect = buildConnector({ timeout: CONNECT_MS, ...(ca === undefined ? {} : { ca }) });
  const { conductorCertName: servername } = settings;
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
