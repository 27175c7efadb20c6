import { type RequestListener, type Server } from 'node:http';
import { createServer, type ServerOptions } from 'node:https';
import { Logger } from '@nestjs/common';
import { type TlsFiles } from './open-tls.js';

/** A client that connects and does not finish its handshake is cut off then. */
const HANDSHAKE_MS = 10_000;

/** A server that speaks https only. A connection gets the files as they are when it begins. */
export function createTlsServer(files: TlsFiles, options: ServerOptions, listener: RequestListener): Server {
  const first = files.current;
  const server = createServer(
    {
      handshakeTimeout: HANDSHAKE_MS,
      ...options,
      ...first,
      // Certificates are optional at the handshake: other callers have tokens or passwords.
      requestCert: first.ca !== undefined,
      rejectUnauthorized: false,
    },
    listener,
  );
  const logger = new Logger('TLS');
  files.onChange = (credentials, changed) => {
    server.setSecureContext(credentials);
    logger.log(`Read again for new connections: ${changed.join(', ')}.`);
  };
  server.prependListener('connection', () => void files.current);
  return server;
}
