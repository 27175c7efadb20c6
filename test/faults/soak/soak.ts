import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Database } from '../../../src/database/database.js';
import { EmbeddedServer } from '../../../src/database/embedded/embedded-server.js';
import { silent } from '../../../src/logging/log.js';
import { type Answer } from '../../support/http-client.js';
import { watchedNode } from '../../support/passthru.js';
import { startRedis, type TestRedis } from '../../support/redis.js';
import { type DataDirectory, dataDirectory, type Service } from '../../support/service.js';
import { until } from '../../support/until.js';
import { WatchFile } from '../../support/watch.js';
import { hold } from '../calls.js';
import { Breaker } from './breaker.js';
import { Client } from './client.js';
import { Dice } from './dice.js';
import { Findings } from './findings.js';
import { FleetCaller } from './fleet-caller.js';
import { Fleet, type Role } from './fleet.js';
import { inTurns } from './in-turns.js';
import { count, Judge } from './judge.js';
import { leftovers } from './leftovers.js';
import { Load } from './load.js';
import { REDIS_TROUBLES, TROUBLES } from './troubles.js';

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
  /** Of fleet calls, by state and code of the error. */
  readonly fleetNodes: Readonly<Record<string, number>>;
  /** Answers to the breaking of locks. */
  readonly breaks: Readonly<Record<string, number>>;
  readonly troubles: Readonly<Record<string, number>>;
  /** Milliseconds. */
  readonly times: Times;
  /** Milliseconds from the end of the last trouble until all jobs have ended and all nodes are free. */
  readonly recoveries: Times;
  readonly findings: Findings;
}

export interface Times {
  readonly p50: number;
  readonly p95: number;
  readonly max: number;
}

const ROLES: readonly Role[] = ['api', 'forwarder', 'conductor', 'conductor', 'conductor'];
const CALLERS = 16;
const LEASE_MS = 4_000;
const STUCK_MS = 60_000;
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
  private readonly findings = new Findings();
  private readonly client: Client;
  private readonly breaker: Breaker;
  private readonly fleetCaller: FleetCaller;
  private readonly judge: Judge;
  private readonly troubles: Record<string, number> = {};
  private readonly times: number[] = [];
  private readonly recoveries: number[] = [];

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
    const { dice, fleet, watch, findings, nodes } = this;
    this.client = new Client(fleet, dice);
    this.breaker = new Breaker(this.client, dice, this.complain);
    this.fleetCaller = new FleetCaller(this.client, nodes, dice, this.complain);
    this.load = new Load(this.client, this.breaker, this.fleetCaller, nodes, dice);
    this.judge = new Judge(fleet, watch, this.breaker, findings, () => this.api().http);
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
      say(
        `round ${round}: ${trouble}${isRest ? `, at rest: ${this.findings.counts}, ${Math.round(this.recoveries.at(-1) ?? 0)} ms` : ''}`,
      );
    }
    const { findings, troubles } = this;
    const { calls, answers, jobs, fleetNodes } = this.judge;
    const breaks = this.breaker.answers;
    const [times, recoveries] = [quantiles(this.times), quantiles(this.recoveries)];
    return { calls, answers, jobs, fleetNodes, breaks, troubles, findings, times, recoveries };
  }

  async dispose(): Promise<void> {
    await this.fleet.close();
    await this.database.close();
  }

  /** On a busy machine a process may lose its lease at once. */
  private async createNode(): Promise<void> {
    await until(async () => this.nodes.push(await watchedNode(this.api().http)) > 0, STUCK_MS);
  }

  private readonly complain = (what: string): void => void this.findings.wrong.push(what);

  private tell(): void {
    const news = this.findings.news();
    for (const what of news) this.options.say(what);
    const { logs } = this.options;
    if (news.length === 0 || logs === undefined) return;
    this.fleet.saveLogs(logs);
    this.watch.save(logs);
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
        await trouble({ ...this.place, fleet, watch, dice, lease: LEASE_MS, complain: this.complain });
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
    this.times.push(...this.client.times.splice(0));
    const { stuck } = this.findings;
    const jobs = await this.judge.ends(calls);
    const fleetCalls = await this.judge.fleetEnds(this.fleetCaller.accepted.splice(0));
    await until(async () => (await this.openJobs()) === 0, STUCK_MS).catch(() =>
      stuck.push('jobs whose acceptance was not answered have not ended'),
    );
    await inTurns(this.nodes, async (node) => {
      const isFree = async () => (await hold(this.api().http, node, ''))?.status === 200;
      await until(isFree, STUCK_MS).catch(() => stuck.push(`node ${node} stayed locked`));
    });
    this.recoveries.push(performance.now() - began);
    await until(async () => (await leftovers(this.database)).length === 0, STUCK_MS).catch(async () =>
      stuck.push(...(await leftovers(this.database))),
    );
    await this.judge.judge(calls, jobs, fleetCalls);
    this.tell();
    this.breaker.forget();
    this.fleet.settle();
    this.watch.clear();
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

function quantiles(values: readonly number[]): Times {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (part: number) => Math.round(sorted[Math.floor((sorted.length - 1) * part)] ?? 0);
  return { p50: at(0.5), p95: at(0.95), max: at(1) };
}
