import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { ended, type JobDocument } from '../../support/passthru.js';
import { crashPostgres, postmasterOf, signal, signalTree, walwriterOf } from '../../support/processes.js';
import { startRedis, type TestRedis } from '../../support/redis.js';
import { type DataDirectory, dataDirectory, type Service } from '../../support/service.js';
import { until } from '../../support/until.js';
import { WatchFile } from '../../support/watch.js';
import { hold, watchedNode } from '../calls.js';
import { Processes } from './processes.js';

export interface SoakOptions {
  readonly rounds: number;
  /** The same seed makes the same choices; timing varies. */
  readonly seed: number;
  readonly withRedis: boolean;
  readonly say: (line: string) => void;
}

export interface SoakReport {
  readonly calls: number;
  readonly jobs: number;
  readonly succeeded: number;
  readonly faults: Readonly<Record<string, number>>;
  /** Accepted jobs that disappeared, did not run, or ended otherwise than the faults explain. */
  readonly lost: readonly string[];
  /** Jobs that began twice, nodes with two holders, repeated fences. */
  readonly doubled: readonly string[];
  readonly stuck: readonly string[];
}

const PROCESSES = 2;
const NODES = 8;
const LEASE_MS = 2_000;
const STUCK_MS = 60_000;
/** Until a process has logged that it lost its lease. */
const UNNOTICED_MS = 10_000;
/** Rounds between two checks, for which the load stops. */
const ROUNDS_TO_REST = 5;

export async function soak(options: SoakOptions): Promise<SoakReport> {
  const soaking = await Soaking.start(options);
  try {
    return await soaking.run();
  } finally {
    await soaking.dispose();
  }
}

type Fault = (this: Soaking) => Promise<void>;

class Soaking {
  private readonly processes: Processes;
  private nodes: string[] = [];
  private readonly accepted = new Map<string, string>();
  private readonly faults: Record<string, number> = {};
  private readonly lost: string[] = [];
  private readonly doubled: string[] = [];
  private readonly stuck: string[] = [];
  private calls = 0;
  private jobs = 0;
  private succeeded = 0;
  private random: () => number;
  private watch: WatchFile;

  private constructor(
    private readonly options: SoakOptions,
    private readonly directory: DataDirectory,
    private readonly redis: TestRedis | undefined,
  ) {
    this.random = randomFrom(options.seed);
    this.watch = new WatchFile(directory.path);
    this.processes = new Processes((hostname) => this.startService(hostname));
  }

  static async start(options: SoakOptions): Promise<Soaking> {
    const directory = await dataDirectory();
    const redis = options.withRedis ? await startRedis() : undefined;
    const soaking = new Soaking(options, directory, redis);
    for (let each = 0; each < PROCESSES; each++) await soaking.processes.start();
    soaking.nodes = await Promise.all(Array.from({ length: NODES }, () => watchedNode(soaking.any().http)));
    return soaking;
  }

  async run(): Promise<SoakReport> {
    const { rounds, say } = this.options;
    for (let round = 1; round <= rounds; round++) {
      const fault = this.choose(Object.entries(this.redis ? { ...FAULTS, ...REDIS_FAULTS } : FAULTS));
      this.faults[fault[0]] = (this.faults[fault[0]] ?? 0) + 1;
      await this.round(fault[1]);
      const isRest = round % ROUNDS_TO_REST === 0 || round === rounds;
      if (isRest) await this.rest();
      say(`round ${round}: ${fault[0]}${isRest ? `, at rest: ${this.counts()}` : ''}`);
    }
    const { calls, jobs, succeeded, faults, lost, doubled, stuck } = this;
    return { calls, jobs, succeeded, faults, lost, doubled, stuck };
  }

  async dispose(): Promise<void> {
    this.redis?.resume();
    await this.directory.dispose();
    await this.redis?.stop();
  }

  counts(): string {
    return `lost ${this.lost.length}, doubled ${this.doubled.length}, stuck ${this.stuck.length}`;
  }

  async killService(): Promise<void> {
    const service = this.any();
    await this.processes.kill(service);
    this.watch.killed(service.pid);
    await this.processes.start();
  }

  async freezeService(): Promise<void> {
    const service = this.any();
    service.kill('SIGSTOP');
    this.watch.asleep(service.pid);
    await delay(this.below(2 * LEASE_MS));
    service.kill('SIGCONT');
  }

  async crashDatabase(): Promise<void> {
    const postmaster = await this.postmaster();
    signal(walwriterOf(postmaster), 'SIGSTOP');
    await delay(this.below(200));
    await crashPostgres(postmaster);
  }

  async freezeDatabase(): Promise<void> {
    const postmaster = await this.postmaster();
    signalTree(postmaster, 'SIGSTOP');
    await delay(this.below(2 * LEASE_MS));
    signalTree(postmaster, 'SIGCONT');
  }

  /** It may just be started again after the fault before. */
  private async postmaster(): Promise<number> {
    let pid = 0;
    await until(() => {
      pid = postmasterOf(join(this.directory.path, 'data'));
      return walwriterOf(pid) > 0;
    });
    return pid;
  }

  async killRedis(): Promise<void> {
    await this.redis?.kill();
    await delay(this.below(LEASE_MS));
    await this.redis?.restart();
  }

  async pauseRedis(): Promise<void> {
    this.redis?.pause();
    await delay(this.below(2 * LEASE_MS));
    this.redis?.resume();
  }

  private async round(fault: Fault): Promise<void> {
    let isOver = false;
    const callers = this.nodes.map(async (node) => {
      while (!isOver) await this.call(node);
    });
    await delay(200 + this.below(500));
    await fault.call(this);
    await delay(200 + this.below(500));
    isOver = true;
    await Promise.all(callers);
  }

  private async call(node: string): Promise<void> {
    const id = randomUUID();
    const method = this.random() < 0.5 ? 'watch' : 'watch_job';
    this.calls++;
    try {
      const answer = await hold(this.any().http, node, id, this.below(40), method);
      if (answer?.status === 202) this.accepted.set(id, new URL(answer.headers.location ?? '').pathname);
      // Refusals come at once, so pause before the next call.
      else if (answer?.status !== 200) await delay(20);
    } catch {
      this.stuck.push(`the call ${id} was not answered`);
    }
  }

  private async rest(): Promise<void> {
    const { http } = this.any();
    await Promise.all(this.processes.alive.map((service) => service.ready()));
    for (const [id, path] of this.accepted) {
      const job = await ended(http, path).catch(() => undefined);
      if (job) await this.judge(id, job);
      else if ((await http.get(path)).status === 404) this.lost.push(`job ${id} does not exist`);
      else this.stuck.push(`job ${id} did not end`);
    }
    this.jobs += this.accepted.size;
    for (const node of this.nodes) {
      const isFree = async () => (await hold(http, node, randomUUID()))?.status === 200;
      await until(isFree, STUCK_MS).catch(() => this.stuck.push(`node ${node} stayed locked`));
    }
    for (const [id, times] of this.watch.begun())
      if (times > 1) this.doubled.push(`${id} began ${times} times`);
    this.doubled.push(...this.watch.breaches());
    this.accepted.clear();
    this.processes.settle();
    this.watch.clear();
  }

  private async judge(id: string, job: JobDocument): Promise<void> {
    const hasEnded = this.watch.has('end', id);
    if (job.state === 'succeeded' && !hasEnded) this.lost.push(`job ${id} succeeded and did not run`);
    if (job.state === 'refused') this.lost.push(`job ${id} was refused: ${job.error?.message}`);
    if (job.state === 'failed') this.lost.push(`job ${id} failed: ${job.error?.message}`);
    if (job.state === 'succeeded') this.succeeded++;
    if (job.state !== 'outcome-unknown') return;
    // A process that slept may log the loss of its lease after another has given up its jobs.
    await until(() => this.processes.wasInterrupted(job.conductor), UNNOTICED_MS).catch(() =>
      this.lost.push(`job ${id} ended without a known outcome, and ${job.conductor} was not interrupted`),
    );
  }

  private startService(hostname: string): Promise<Service> {
    const redis: Record<string, string> = this.redis ? { FERRULE_REDIS_URL: this.redis.url } : {};
    return this.directory.start({
      ...this.watch.env,
      ...redis,
      FERRULE_HOSTNAME: hostname,
      FERRULE_LEASE: `${LEASE_MS}ms`,
    });
  }

  private any(): Service {
    return this.choose(this.processes.alive);
  }

  private below(limit: number): number {
    return Math.floor(this.random() * limit);
  }

  private choose<T>(items: readonly T[]): T {
    const item = items[this.below(items.length)];
    if (item === undefined) throw new RangeError('There is nothing to choose from.');
    return item;
  }
}

const FAULTS: Readonly<Record<string, Fault>> = {
  'a process is killed': Soaking.prototype.killService,
  'a process sleeps': Soaking.prototype.freezeService,
  'PostgreSQL crashes': Soaking.prototype.crashDatabase,
  'PostgreSQL freezes': Soaking.prototype.freezeDatabase,
};

const REDIS_FAULTS: Readonly<Record<string, Fault>> = {
  'Redis is killed': Soaking.prototype.killRedis,
  'Redis is paused': Soaking.prototype.pauseRedis,
};

/** mulberry32: numbers from 0 to 1. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
