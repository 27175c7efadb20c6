import { type Answer } from '../../support/http-client.js';
import { watchedNode } from '../../support/passthru.js';
import { type TestRedis } from '../../support/redis.js';
import { type DataDirectory, type Service } from '../../support/service.js';
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
import { Judge } from './judge.js';
import { leftovers } from './leftovers.js';
import { Load } from './load.js';
import { type PostgresServer } from './postgres-server.js';
import { type SoakOptions, type SoakReport } from './soak.js';
import { Laps, timesOf } from './times.js';
import { Troublemaker } from './troublemaker.js';

const CALLERS = 16;
const STUCK_MS = 60_000;
/** Until a process has logged that it lost its lease. */
const UNNOTICED_MS = 10_000;
/** Rounds between two checks, for which the load stops. */
const ROUNDS_TO_REST = 10;
/** Processes at once: on a busy machine more would be too slow. */
const STARTS = 5;
/** That a call must be able to lock then. */
const HELD_NODES = 40;
/** Calls between two troubles, so that on a busy machine they happen to as many. */
const CALLS = 25;
/** Milliseconds in which so many calls need not come: no process may answer. */
const CALLS_MS = 20_000;

interface Place {
  readonly directory: DataDirectory;
  readonly server: PostgresServer;
  readonly redis: TestRedis | undefined;
}

/** Rounds of troubles under load, and the judgement of what was answered and done meanwhile. */
export class Soaking {
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
  private readonly troublemaker: Troublemaker;
  private readonly answers: number[] = [];
  private readonly rounds: number[] = [];
  private readonly recoveries: number[] = [];
  private readonly rests: number[] = [];
  private mostSessions = 0;
  /** When the load began: milliseconds since 1970. */
  private began = 0;

  constructor(
    private readonly options: SoakOptions,
    private readonly place: Place,
  ) {
    const { directory, redis, server } = place;
    this.dice = new Dice(options.seed);
    this.watch = new WatchFile(directory.path);
    const { lease } = options;
    const env = { ...this.watch.env, FERRULE_LEASE: `${lease}ms` };
    this.fleet = new Fleet({ directory, postgres: server.place, redis: redis?.port, env });
    const { dice, fleet, watch, findings, nodes, complain } = this;
    this.client = new Client(fleet, dice);
    this.breaker = new Breaker(this.client, dice, complain);
    this.fleetCaller = new FleetCaller(this.client, nodes, dice, complain);
    this.load = new Load(this.client, this.breaker, this.fleetCaller, nodes, dice);
    this.judge = new Judge(fleet, watch, this.breaker, findings, () => this.api().http, {
      lease,
      unnoticed: UNNOTICED_MS,
      patience: STUCK_MS,
    });
    const troubled = { directory, redis, fleet, watch, dice, complain, lease };
    this.troublemaker = new Troublemaker({ ...troubled, taken: new Set() });
  }

  async run(): Promise<void> {
    const { rounds, nodes } = this.options;
    await inTurns(this.roles(), (role) => this.fleet.start(role), STARTS);
    await inTurns(Array.from({ length: nodes }), () => this.createNode());
    for (let round = 1; round <= rounds; round++) {
      if (round % ROUNDS_TO_REST === 1) this.startLoad();
      await this.round(round);
      if (round % ROUNDS_TO_REST === 0 || round === rounds) await this.rest(round);
    }
  }

  get report(): SoakReport {
    const { findings, mostSessions } = this;
    const { calls, answers, jobs, fleetNodes, longestBeyondLease } = this.judge;
    const times = {
      answers: timesOf(this.answers),
      rounds: timesOf(this.rounds),
      recoveries: timesOf(this.recoveries),
      rests: timesOf(this.rests),
    };
    const counts = { calls, answers, jobs, fleetNodes, breaks: this.breaker.answers };
    const troubles = this.troublemaker.counts;
    return { ...counts, troubles, times, longestBeyondLease, mostSessions, findings };
  }

  close(): Promise<void> {
    return this.fleet.close();
  }

  private roles(): readonly Role[] {
    const { apis, conductors } = this.options;
    return [
      ...Array.from({ length: apis }, (_, number): Role => (number % 2 === 0 ? 'api' : 'forwarder')),
      ...Array.from({ length: conductors }, (): Role => 'conductor'),
    ];
  }

  /** On a busy machine a process may lose its lease at once. */
  private async createNode(): Promise<void> {
    await until(async () => this.nodes.push(await watchedNode(this.api().http)) > 0, STUCK_MS);
  }

  private readonly complain = (what: string): void => void this.findings.wrong.push(what);

  private startLoad(): void {
    this.began = Date.now();
    this.load.start(CALLERS);
  }

  private async round(round: number): Promise<void> {
    const began = performance.now();
    const enough = this.client.times.length + CALLS;
    await until(() => this.client.times.length >= enough, CALLS_MS).catch(() => {});
    const trouble = await this.troublemaker.begin();
    this.mostSessions = Math.max(this.mostSessions, (await this.place.server.sessions()) ?? 0);
    const took = performance.now() - began;
    this.rounds.push(took);
    this.options.say(`round ${round}: ${trouble}, after ${Math.round(took)} ms`);
  }

  private async rest(round: number): Promise<void> {
    const troubled = performance.now();
    await this.troublemaker.end();
    const began = performance.now();
    const laps = new Laps();
    await Promise.all([this.load.stop(), this.fleet.whole()]);
    laps.end('processes');
    const calls = this.load.calls.splice(0);
    const { stuck } = this.findings;
    const fleetCalls = await this.judge.fleetEnds(this.fleetCaller.accepted.splice(0));
    await until(async () => (await this.openJobs()) === 0, STUCK_MS).catch(() =>
      stuck.push('jobs have not ended'),
    );
    laps.end('jobs');
    await inTurns(this.someNodes(), async (node) => {
      const isFree = async () => (await hold(this.api().http, node, ''))?.status === 200;
      await until(isFree, STUCK_MS).catch(() => stuck.push(`node ${node} stayed locked`));
    });
    this.recoveries.push(performance.now() - began);
    laps.end('nodes');
    const { database } = this.place.server;
    await until(async () => (await leftovers(database)).length === 0, STUCK_MS).catch(async () =>
      stuck.push(...(await leftovers(database))),
    );
    await this.judge.judge(calls, fleetCalls, this.began);
    laps.end('judgement');
    this.tell();
    const times = this.client.times.splice(0);
    this.answers.push(...times);
    this.rests.push(performance.now() - troubled);
    const { p50, p95, max } = timesOf(times);
    this.options.say(
      `round ${round}, at rest after ${Math.round(performance.now() - troubled)} ms (${laps.text}): ` +
        `${calls.length} calls, answered in ${p50} ms (p95 ${p95}, longest ${max}); ${this.findings.counts}`,
    );
    this.breaker.forget();
    this.watch.clear();
  }

  /** With the busy ones. Whether any other is locked is seen in the database. */
  private someNodes(): readonly string[] {
    const first = this.dice.below(this.nodes.length);
    return [...new Set([...this.nodes.slice(0, HELD_NODES / 2), ...this.nodes.slice(first)])].slice(
      0,
      HELD_NODES,
    );
  }

  private tell(): void {
    const news = this.findings.news();
    for (const what of news) this.options.say(what);
    const { logs } = this.options;
    if (news.length === 0 || logs === undefined) return;
    this.fleet.saveLogs(logs);
    this.watch.save(logs);
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
