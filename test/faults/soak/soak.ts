import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Database } from '../../../src/database/database.js';
import { EmbeddedServer } from '../../../src/database/embedded/embedded-server.js';
import { silent } from '../../../src/logging/log.js';
import { type Answer } from '../../support/http-client.js';
import { ended, type JobDocument, watchedNode } from '../../support/passthru.js';
import { startRedis, type TestRedis } from '../../support/redis.js';
import { type DataDirectory, dataDirectory, type Service } from '../../support/service.js';
import { until } from '../../support/until.js';
import { WatchFile } from '../../support/watch.js';
import { hold } from '../calls.js';
import { Dice } from './dice.js';
import { Fleet, type Role } from './fleet.js';
import { leftovers } from './leftovers.js';
import { Load, type MadeCall } from './load.js';
import { REDIS_TROUBLES, TROUBLES } from './troubles.js';
import { type Ledger, wrongAnswers, wrongEnd } from './verdict.js';

export interface SoakOptions {
  readonly rounds: number;
  /** The same seed makes the same choices; timing varies. */
  readonly seed: number;
  readonly withRedis: boolean;
  readonly nodes: number;
  /** A folder for the logs of the processes, written when something is found. */
  readonly logs?: string | undefined;
  readonly say: (line: string) => void;
}

export interface SoakReport {
  readonly calls: Readonly<Record<string, number>>;
  /** By status and code; `none` if there was no answer. */
  readonly answers: Readonly<Record<string, number>>;
  /** By state. */
  readonly jobs: Readonly<Record<string, number>>;
  readonly troubles: Readonly<Record<string, number>>;
  /** Milliseconds. */
  readonly times: Times;
  /** Milliseconds from the end of the last trouble until all jobs have ended and all nodes are free. */
  readonly recoveries: Times;
  /** Accepted jobs that disappeared, did not run, or ended otherwise than the troubles explain. */
  readonly lost: readonly string[];
  /** Calls that began twice, nodes with two holders, repeated fences. */
  readonly doubled: readonly string[];
  /** Answers that contradict what was done. */
  readonly wrong: readonly string[];
  readonly stuck: readonly string[];
}

export interface Times {
  readonly p50: number;
  readonly p95: number;
  readonly max: number;
}

const ROLES: readonly Role[] = ['api', 'api', 'conductor', 'conductor', 'conductor'];
const CALLERS = 16;
const LEASE_MS = 4_000;
const STUCK_MS = 60_000;
/** Until a process has logged that it lost its lease. */
const UNNOTICED_MS = 10_000;
/** Rounds between two checks, for which the load stops. */
const ROUNDS_TO_REST = 5;

export async function soak(options: SoakOptions): Promise<SoakReport> {
  const directory = await dataDirectory();
  const server = await new EmbeddedServer(join(directory.path, 'data'), silent).join();
  const redis = options.withRedis ? await startRedis() : undefined;
  const soaking = await Soaking.create(options, { directory, server, redis });
  try {
    return await soaking.run();
  } finally {
    await soaking.dispose();
    await directory.dispose();
    await redis?.recover();
    await redis?.stop();
    await server.leave();
  }
}

interface Place {
  readonly directory: DataDirectory;
  readonly server: EmbeddedServer;
  readonly redis: TestRedis | undefined;
}

class Soaking {
  private readonly dice: Dice;
  private readonly watch: WatchFile;
  private readonly fleet: Fleet;
  private readonly load: Load;
  private readonly nodes: string[] = [];
  private readonly calls: Record<string, number> = {};
  private readonly answers: Record<string, number> = {};
  private readonly jobs: Record<string, number> = {};
  private readonly troubles: Record<string, number> = {};
  private readonly times: number[] = [];
  private readonly recoveries: number[] = [];
  private readonly lost: string[] = [];
  private readonly doubled: string[] = [];
  private readonly wrong: string[] = [];
  private readonly stuck: string[] = [];
  private readonly told = new Set<string>();

  private constructor(
    private readonly options: SoakOptions,
    private readonly place: Place,
    private readonly database: Database,
    postgres: Awaited<ReturnType<EmbeddedServer['database']>>,
  ) {
    const { directory, redis } = place;
    this.dice = new Dice(options.seed);
    this.watch = new WatchFile(directory.path);
    const env = { ...this.watch.env, FERRULE_LEASE: `${LEASE_MS}ms` };
    this.fleet = new Fleet({ directory, postgres, redis, env });
    this.load = new Load(this.fleet, this.nodes, this.dice);
  }

  static async create(options: SoakOptions, place: Place): Promise<Soaking> {
    const postgres = await place.server.database('ferrule');
    return new Soaking(options, place, Database.at(postgres, silent), postgres);
  }

  async run(): Promise<SoakReport> {
    const { rounds, say, nodes } = this.options;
    await Promise.all(ROLES.map((role) => this.fleet.start(role)));
    await inTurns(Array.from({ length: nodes }), () => this.createNode());
    for (let round = 1; round <= rounds; round++) {
      if (round % ROUNDS_TO_REST === 1) this.load.start(CALLERS);
      const trouble = await this.round();
      const isRest = round % ROUNDS_TO_REST === 0 || round === rounds;
      if (isRest) await this.rest();
      say(`round ${round}: ${trouble}${isRest ? `, at rest: ${this.counts()}` : ''}`);
    }
    const { calls, answers, jobs, troubles, lost, doubled, wrong, stuck } = this;
    const times = quantiles(this.times);
    return {
      calls,
      answers,
      jobs,
      troubles,
      lost,
      doubled,
      wrong,
      stuck,
      times,
      recoveries: quantiles(this.recoveries),
    };
  }

  async dispose(): Promise<void> {
    await this.fleet.close();
    await this.database.close();
  }

  /** On a busy machine a process may lose its lease at once. */
  private async createNode(): Promise<void> {
    await until(async () => this.nodes.push(await watchedNode(this.api().http)) > 0, STUCK_MS);
  }

  /** What was found since the last time. */
  private tell(): void {
    const { lost, doubled, wrong, stuck } = this;
    const found = [...lost, ...doubled, ...wrong, ...stuck].filter((what) => !this.told.has(what));
    for (const what of found) {
      this.told.add(what);
      this.options.say(what);
    }
    const { logs } = this.options;
    if (found.length === 0 || logs === undefined) return;
    this.fleet.saveLogs(logs);
    this.watch.save(logs);
  }

  private counts(): string {
    const { lost, doubled, wrong, stuck } = this;
    return (
      `lost ${lost.length}, doubled ${doubled.length}, wrong ${wrong.length}, stuck ${stuck.length}, ` +
      `${Math.round(this.recoveries.at(-1) ?? 0)} ms`
    );
  }

  /** One trouble, or two at once. */
  private async round(): Promise<string> {
    const all = Object.entries(this.place.redis ? { ...TROUBLES, ...REDIS_TROUBLES } : TROUBLES);
    const chosen = [this.dice.choose(all)];
    if (this.dice.isLikely(0.2)) chosen.push(this.dice.choose(all));
    await delay(this.dice.below(500));
    await Promise.all(
      chosen.map(async ([name, trouble]) => {
        count(this.troubles, name);
        const { fleet, watch, dice } = this;
        const complain = (what: string) => this.wrong.push(what);
        await trouble({ ...this.place, fleet, watch, dice, lease: LEASE_MS, complain });
      }),
    );
    await delay(this.dice.below(500));
    return chosen.map(([name]) => name).join(' and ');
  }

  private async rest(): Promise<void> {
    const began = performance.now();
    await this.load.stop();
    await Promise.all(this.fleet.alive.map(({ service }) => service.ready()));
    const calls = this.load.calls.splice(0);
    this.times.push(...this.load.times.splice(0));
    const jobs = await this.ends(calls);
    await until(async () => (await this.openJobs()) === 0, STUCK_MS).catch(() =>
      this.stuck.push('jobs whose acceptance was not answered have not ended'),
    );
    await inTurns(this.nodes, async (node) => {
      const isFree = async () => (await hold(this.api().http, node, ''))?.status === 200;
      await until(isFree, STUCK_MS).catch(() => this.stuck.push(`node ${node} stayed locked`));
    });
    this.recoveries.push(performance.now() - began);
    await until(async () => (await leftovers(this.database)).length === 0, STUCK_MS).catch(async () =>
      this.stuck.push(...(await leftovers(this.database))),
    );
    await this.judge(calls, jobs);
    this.tell();
    this.fleet.settle();
    this.watch.clear();
  }

  /** Of the jobs that were accepted, by the ids of their calls. */
  private async ends(calls: readonly MadeCall[]): Promise<Map<string, JobDocument>> {
    const jobs = new Map<string, JobDocument>();
    await inTurns(calls, async ({ id, answers }) => {
      const path = answers.find(({ job }) => job !== undefined)?.job;
      if (path === undefined) return;
      const { http } = this.api();
      const job = await ended(http, path).catch(() => undefined);
      if (job) jobs.set(id, job);
      else if ((await http.get(path)).status === 404) this.lost.push(`job ${path} of ${id} does not exist`);
      else this.stuck.push(`job ${path} of ${id} did not end`);
    });
    return jobs;
  }

  private async judge(calls: readonly MadeCall[], jobs: ReadonlyMap<string, JobDocument>): Promise<void> {
    const begun = this.watch.begun();
    for (const call of calls) {
      const ledger = { begun: begun.get(call.id) ?? 0, hasEnded: this.watch.has('end', call.id) };
      count(this.calls, call.kind);
      for (const { status, code } of call.answers)
        count(this.answers, code === '' ? `${status}` : `${status} ${code}`);
      for (let each = 0; each < call.unanswered; each++) count(this.answers, 'none');
      if (call.hung > 0) this.stuck.push(`${call.kind} ${call.id} was not answered`);
      if (ledger.begun > 1) this.doubled.push(`${call.kind} ${call.id} began ${ledger.begun} times`);
      this.wrong.push(...wrongAnswers(call, ledger));
      const job = jobs.get(call.id);
      if (job) await this.judgeJob(call, job, ledger);
    }
    this.doubled.push(...this.watch.breaches({ hasLostLease: (pid) => this.fleet.hasLostLease(pid) }));
  }

  private async judgeJob(call: MadeCall, job: JobDocument, ledger: Ledger): Promise<void> {
    count(this.jobs, job.state);
    const wrong = wrongEnd(job, call, ledger);
    if (wrong !== undefined) this.lost.push(`job ${job.id} of ${call.kind} ${call.id} ${wrong}`);
    if (job.state !== 'outcome-unknown') return;
    // A process that slept may log the loss of its lease after another has given up its jobs.
    await until(() => this.fleet.wasInterrupted(job.conductor), UNNOTICED_MS).catch(() =>
      this.lost.push(
        `job ${job.id} of ${call.id} ended without a known outcome, and ${job.conductor} was not interrupted: ` +
          `${job.error?.message}`,
      ),
    );
  }

  private async openJobs(): Promise<number> {
    const { http } = this.api();
    const open = (answer: Answer) => answer.expect(200).json<{ jobs: unknown[] }>().jobs.length;
    const [queued, running] = await Promise.all([
      http.get('/v1/jobs?state=queued&limit=1'),
      http.get('/v1/jobs?state=running&limit=1'),
    ]);
    return open(queued) + open(running);
  }

  private api(): Service {
    return this.dice.choose(this.fleet.apis).service;
  }
}

function count(counts: Record<string, number>, name: string): void {
  counts[name] = (counts[name] ?? 0) + 1;
}

function quantiles(values: readonly number[]): Times {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (part: number) => Math.round(sorted[Math.floor((sorted.length - 1) * part)] ?? 0);
  return { p50: at(0.5), p95: at(0.95), max: at(1) };
}

/** A few at a time. */
async function inTurns<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  const left = [...items.entries()];
  const worker = async (): Promise<void> => {
    for (let next = left.shift(); next; next = left.shift()) results[next[0]] = await work(next[1]);
  };
  await Promise.all(Array.from({ length: 8 }, worker));
  return results;
}
