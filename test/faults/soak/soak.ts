import { startRedis } from '../../support/redis.js';
import { dataDirectory } from '../../support/service.js';
import { type Findings } from './findings.js';
import { PostgresServer } from './postgres-server.js';
import { Reaper } from './reaper.js';
import { Soaking } from './soaking.js';
import { type Times } from './times.js';

export interface SoakOptions {
  readonly rounds: number;
  /** The same seed makes the same choices; timing varies. */
  readonly seed: number;
  readonly withRedis: boolean;
  readonly nodes: number;
  /** Processes that answer calls; every second one has no drivers. */
  readonly apis: number;
  readonly conductors: number;
  /** Of the processes, in milliseconds. */
  readonly lease: number;
  /** A folder for the logs of the processes, written when something is found. */
  readonly logs?: string | undefined;
  /** Ends everything at once. */
  readonly stop?: AbortSignal | undefined;
  readonly say: (line: string) => void;
}

export interface SoakReport {
  readonly calls: Readonly<Record<string, number>>;
  /** By status and code; `none` if there was no answer. */
  readonly answers: Readonly<Record<string, number>>;
  /** By state. */
  readonly jobs: Readonly<Record<string, number>>;
  /** Of fleet calls, by state and code of the error. */
  readonly fleetNodes: Readonly<Record<string, number>>;
  /** Answers to the breaking of locks. */
  readonly breaks: Readonly<Record<string, number>>;
  readonly troubles: Readonly<Record<string, number>>;
  readonly times: {
    /** Of calls. */
    readonly answers: Times;
    /** From the beginning of one trouble to that of the next, without rests. */
    readonly rounds: Times;
    /** From the last trouble until all jobs have ended and nodes are free. */
    readonly recoveries: Times;
    /** As recoveries, with the judgement. */
    readonly rests: Times;
  };
  /** Milliseconds: the most that a call was refused because of a lock whose lease had ended. */
  readonly longestBeyondLease: number;
  /** The most sessions at a time of the processes with PostgreSQL. */
  readonly mostSessions: number;
  readonly findings: Findings;
}

/** If it is stopped, the report has what was judged before. */
export async function soak(options: SoakOptions): Promise<SoakReport> {
  // Whatever ends this process, or fails here, ends the others.
  const reaper = Reaper.start();
  const endings: (() => Promise<unknown>)[] = [];
  let isAtRest = false;
  try {
    const directory = await dataDirectory();
    reaper.add(directory.path);
    const server = await PostgresServer.start(directory);
    endings.push(() => (isAtRest ? server.stop() : server.kill()));
    const redis = options.withRedis ? await startRedis() : undefined;
    if (redis) {
      reaper.add(redis.folder);
      endings.push(() => redis.stop());
    }
    const soaking = new Soaking(options, { directory, server, redis });
    endings.push(() => soaking.close());
    await Promise.race([soaking.run(), aborted(options.stop)]);
    isAtRest = options.stop?.aborted !== true;
    return soaking.report;
  } finally {
    const ends: PromiseSettledResult<unknown>[] = [];
    for (const end of endings.reverse()) ends.push(...(await Promise.allSettled([end()])));
    await reaper.end();
    for (const end of ends) if (end.status === 'rejected') process.stderr.write(`${String(end.reason)}\n`);
  }
}

function aborted(signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted === true) resolve();
    else signal?.addEventListener('abort', () => resolve(), { once: true });
  });
}
