import { type SecureContextOptions } from 'node:tls';
import { Logger } from '@nestjs/common';
import { type Config } from '../../config/config.js';
import { FileProblem, readText, WatchedFiles } from '../../files/watched-file.js';
import { tlsCredentials } from './tls-credentials.js';

/** How long a change of the files may go unnoticed by new connections. */
const INTERVAL_MS = 1_000;

export type TlsFiles = WatchedFiles<SecureContextOptions>;

export interface OpenedTls {
  /** Undefined without the settings, or with problems. */
  readonly tls: TlsFiles | undefined;
  /** Why the service cannot start with it. */
  readonly problems: readonly string[];
}

/** Reads the files of TLS. */
export function openTls(
  settings: Pick<Config, 'tlsCert' | 'tlsKey' | 'tlsClientCa' | 'tlsClientCrl' | 'auth'>,
  interval = INTERVAL_MS,
): OpenedTls {
  const { tlsCert, tlsKey, tlsClientCa, tlsClientCrl } = settings;
  const problems = problemsOf(settings);
  const files = {
    FERRULE_TLS_CERT: tlsCert,
    FERRULE_TLS_KEY: tlsKey,
    FERRULE_TLS_CLIENT_CA: tlsClientCa,
    FERRULE_TLS_CLIENT_CRL: tlsClientCrl,
  };
  for (const [key, path] of Object.entries(files)) {
    if (path !== undefined) attempt(() => readText(path), problems, `${key}: `);
  }
  if (problems.length > 0 || tlsCert === undefined || tlsKey === undefined)
    return { tls: undefined, problems };
  const paths = [tlsCert, tlsKey, tlsClientCa, tlsClientCrl].filter((path) => path !== undefined);
  const parse = ([certificate = '', key = '', clientCa, clientCrl]: readonly string[]) =>
    tlsCredentials({ certificate, key, clientCa, clientCrl });
  const tls = attempt(() => new WatchedFiles({ paths, parse, interval }), problems);
  if (tls !== undefined) {
    const logger = new Logger('TLS');
    // A renewal writes the files one after the other; the doctor and the expiry tell of what lasts.
    tls.onProblem = (problem) => logger.warn(problem);
  }
  return { tls, problems };
}

function problemsOf({
  tlsCert,
  tlsKey,
  tlsClientCa,
  tlsClientCrl,
  auth,
}: Parameters<typeof openTls>[0]): string[] {
  const problems: string[] = [];
  const needs = (key: string, reason: string) => problems.push(`${key} must be set, since ${reason}`);
  const asksForCertificates = auth.includes('certificate');
  if (tlsCert === undefined && tlsKey !== undefined) needs('FERRULE_TLS_CERT', 'FERRULE_TLS_KEY is');
  if (tlsKey === undefined && tlsCert !== undefined) needs('FERRULE_TLS_KEY', 'FERRULE_TLS_CERT is');
  if (asksForCertificates) {
    if (tlsClientCa === undefined) needs('FERRULE_TLS_CLIENT_CA', 'FERRULE_AUTH has certificate');
    if (tlsCert === undefined && tlsKey === undefined) {
      needs('FERRULE_TLS_CERT', 'FERRULE_AUTH has certificate');
    }
  }
  if (tlsClientCrl !== undefined && tlsClientCa === undefined) {
    needs('FERRULE_TLS_CLIENT_CA', 'FERRULE_TLS_CLIENT_CRL is');
  }
  if (!asksForCertificates && tlsClientCa !== undefined) {
    problems.push('FERRULE_TLS_CLIENT_CA has no effect without certificate in FERRULE_AUTH');
  }
  return problems;
}

function attempt<T>(read: () => T, problems: string[], prefix = ''): T | undefined {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof FileProblem)) throw error;
    problems.push(...error.problems.map((problem) => `${prefix}${problem}`));
    return undefined;
  }
}
