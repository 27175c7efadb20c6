import { hostname } from 'node:os';
import { INTERFACE_KINDS } from '@ferrule/driver-kit/plain';
import { z } from 'zod';
import { metricsPlace } from './metrics-place.js';
import { authSettings } from './settings/auth.js';
import { limitSettings } from './settings/limits.js';
import { policySettings } from './settings/policy.js';
import { processSettings } from './settings/process.js';
import { tlsSettings } from './settings/tls.js';
import { webhookSettings } from './settings/webhook.js';
import { defaulted, optional, secret } from './setting.js';
import {
  anyDuration,
  databaseUrl,
  duration,
  durationFrom,
  hostName,
  hosts,
  integer,
  keys,
  list,
  networks,
  packageFolder,
  path,
  positiveDuration,
  text,
  truth,
  url,
} from './values.js';

const ACCESS_LOGS = ['off', 'stdout', 'stderr'] as const;
const CONSOLES = ['auto', 'on', 'off'] as const;
const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

const interfaceSettings = z
  .object({
    enabled: optional(
      list,
      'The enabled interfaces of this kind. Without it: all that the enabled hardware types support.',
    ),
    default: optional(
      text,
      "The interface of this kind for nodes that name none. All enabled hardware types must support it. Without it: each type's first enabled one.",
    ),
  })
  .readonly();

/** One environment variable per value, named after the property (`environment.ts`). Durations are seconds. */
export const configSchema = z
  .strictObject({
    host: defaulted(
      text,
      '127.0.0.1',
      'The address to listen on. One that other machines can reach requires FERRULE_AUTH.',
    ),
    allowUnauthenticated: defaulted(
      truth,
      'false',
      'Whether to listen on addresses that other machines can reach without FERRULE_AUTH: `true` or `false`.',
    ),
    ...authSettings,
    ...policySettings,
    ...tlsSettings,
    port: defaulted(integer(0, 65_535), '6385', 'The port to listen on; 0 takes a free one.'),
    publicEndpoint: optional(
      url('http', 'https'),
      'The URL at the start of links in answers. Without it: the address that the request was sent to.',
    ),
    allowedHosts: defaulted(
      hosts,
      '',
      'Additional names, as a comma list, that the `Host` header of requests may have. Always allowed are the loopback names, the address that the service listens on (any address with `0.0.0.0`), and the host of the public endpoint.',
      'none',
    ),
    trustedProxies: optional(
      networks,
      'The networks, as a comma list of CIDRs, of the reverse proxies whose `X-Forwarded-For`, `-Proto` and `-Host` are believed. Without it: none.',
    ),
    hostname: defaulted(
      hostName,
      hostname(),
      'The name of this process as `reservation` and `conductor` show it.',
      "the machine's name",
    ),
    ...processSettings,
    dataDir: defaulted(path, '.ferrule', 'The folder of the embedded database.'),
    databaseUrl: secret(
      databaseUrl,
      'The URL of a PostgreSQL to use. Without it the service starts one in its data directory.',
    ),
    databaseWait: defaulted(
      duration,
      '30',
      'Seconds to wait at the start for a database or a Redis that does not answer.',
    ),
    migrationTimeout: defaulted(
      positiveDuration,
      '10m',
      'How long a statement that brings the database up to date may take, and how long to wait for another process that does so.',
    ),
    secretsKey: secret(
      keys,
      'The key that encrypts secrets in the database: 32 random bytes in Base64, as `openssl rand -base64 32` prints them. With a comma list, the first key encrypts and the others still decrypt; see `ferrule secrets rotate`. Without it secrets are stored in the clear.',
    ),
    redisUrl: secret(
      url('redis', 'rediss'),
      'The URL of a Redis for the job queue. Without it the queue is in PostgreSQL.',
    ),
    enabledHardwareTypes: defaulted(
      list,
      '',
      'The hardware types to load, at least one if FERRULE_ROLE is not `api`; `ferrule drivers` lists what is available. `npm start` sets fake-hardware.',
      'none',
    ),
    interfaces: z.record(z.enum(INTERFACE_KINDS), interfaceSettings).readonly(),
    driverRoot: optional(
      packageFolder,
      "A folder whose package.json names installed driver packages, in addition to the service's own.",
    ),
    lockTries: defaulted(integer(1, 1_000), '3', 'How often to try to lock a node before the answer is 409.'),
    lockInterval: defaulted(duration, '1', 'Seconds between two tries to lock a node.'),
    lease: defaulted(
      durationFrom(1),
      '30',
      'Seconds after which the locks and jobs of a process that stopped responding are taken from it.',
    ),
    maxLimit: defaulted(integer(1, 100_000), '1000', 'Maximum number of items on a page of a listing.'),
    maxBody: defaulted(integer(1, 1_073_741_824), '1048576', 'Maximum size of a request body, in bytes.'),
    requestTimeout: defaulted(
      positiveDuration,
      '60',
      'Seconds in which the whole body of a request must arrive; else the answer is 408. Also how long a client may take nothing of an answer before its connection is closed.',
    ),
    ...limitSettings,
    conductorConcurrency: defaulted(
      integer(0, 10_000),
      '256',
      'Maximum number of jobs that this process runs at the same time. Most of them wait for a BMC; one that does not answer holds its job for minutes. With 0 it runs neither jobs nor periodic methods, which other processes on the same database do.',
    ),
    jobRetention: defaulted(anyDuration, '7d', 'How long finished jobs are kept.'),
    jobRetentionCount: optional(
      integer(1, 1_000_000_000),
      'How many finished jobs are kept at most: the oldest beyond it are deleted before their time. Without it: any number.',
    ),
    ...webhookSettings,
    audit: defaulted(
      truth,
      'true',
      'Whether changes and passthru calls are recorded in the audit: `true` or `false`.',
    ),
    auditRetention: defaulted(
      anyDuration,
      '365d',
      'How long records of the audit are kept. Each takes up to 1 KB of disk.',
    ),
    shutdownTimeout: defaulted(
      duration,
      '30',
      'Maximum duration of a shutdown, in seconds. Running calls and jobs are aborted when a quarter of it is left, at least 4 s and at most 8 s.',
    ),
    logLevel: defaulted(
      z.enum(LOG_LEVELS, `must be one of ${LOG_LEVELS.join(', ')}`),
      'info',
      `The lowest level to log: ${LOG_LEVELS.join(', ')}. \`npm start\` sets warn.`,
    ),
    accessLog: defaulted(
      z.enum(ACCESS_LOGS, `must be one of ${ACCESS_LOGS.join(', ')}`),
      'off',
      'Where one line of JSON for each request is written: `stdout`, `stderr`, or `off`. Without queries and headers.',
    ),
    metrics: defaulted(
      metricsPlace,
      'auto',
      'Where `/metrics` answers with metrics for Prometheus, without asking for credentials: `auto` on the port of the API while that listens on loopback and FERRULE_AUTH is `none`, `on` there in any case, `off` nowhere; or on a port of its own, as a port of 127.0.0.1 or `address:port`.',
    ),
    console: defaulted(
      z.enum(CONSOLES, `must be one of ${CONSOLES.join(', ')}`),
      'auto',
      'Whether the page at `/console` is served: `auto` while the service listens on loopback or FERRULE_AUTH is not `none`, `on`, or `off`.',
    ),
    bmcNetworks: optional(
      networks,
      'The networks, as a comma list of CIDRs, that BMCs may be in. Without it: any. Link-local, multicast and metadata addresses are refused unless a network here names them.',
    ),
    eventNetworks: optional(
      networks,
      'The networks, as a comma list of CIDRs, that event subscriptions may send to. Without it: any. Link-local, multicast and metadata addresses are refused unless a network here names them.',
    ),
  })
  .readonly();
