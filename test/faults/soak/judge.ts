import { type FleetDocument, type FleetNode, fleetCallEnded, fleetNodes } from '../../support/fleet.js';
import { ended, type JobDocument } from '../../support/passthru.js';
import { until } from '../../support/until.js';
import { type WatchFile } from '../../support/watch.js';
import { type HttpClient } from '../../support/http-client.js';
import { type Breaker } from './breaker.js';
import { type MadeCall } from './client.js';
import { type Findings } from './findings.js';
import { type Fleet, type Period } from './fleet.js';
import { inTurns } from './in-turns.js';
import { jobsSince } from './job-list.js';
import { beyondLease, type Ledger, REFUSALS, unansweredBy, wrongAnswers, wrongEnd } from './verdict.js';

/** On a busy machine. */
const LATE_MS = 10_000;
const OPEN = ['queued', 'running'];

type Counts = Record<string, number>;
type JudgedCall = Pick<MadeCall, 'id' | 'kind' | 'isCancelled'>;

/** Milliseconds. */
export interface JudgeLimits {
  readonly lease: number;
  /** Until a process has logged that it lost its lease. */
  readonly unnoticed: number;
  /** Until a job has ended. */
  readonly patience: number;
}

/** Compares what was answered with what was done. Nothing must be running. */
export class Judge {
  readonly calls: Counts = {};
  readonly answers: Counts = {};
  readonly jobs: Counts = {};
  readonly fleetNodes: Counts = {};
  /** Milliseconds: how long after the end of its lease a lock was still held. */
  longestBeyondLease = 0;
  /** By their ids, as the list of jobs has shown them. */
  private known: ReadonlyMap<string, JobDocument> = new Map();

  constructor(
    private readonly fleet: Pick<Fleet, 'hasLostLease' | 'roleOf' | 'wasInterrupted' | 'wasKilled'>,
    private readonly watch: WatchFile,
    private readonly breaker: Pick<Breaker, 'mayHaveBroken' | 'mayHaveBrokenSome' | 'ofJob'>,
    private readonly findings: Findings,
    private readonly api: () => HttpClient,
    private readonly limits: JudgeLimits,
  ) {}

  /** @param fleetCalls see `fleetEnds`. @param since milliseconds since 1970: no call is earlier. */
  async judge(
    calls: readonly MadeCall[],
    fleetCalls: readonly FleetDocument[],
    since: number,
  ): Promise<void> {
    await until(async () => {
      this.known = await jobsSince(this.api(), since);
      return true;
    });
    const jobs = await this.ends(calls);
    const begun = this.watch.begun();
    const pids = new Map(
      this.watch.lines.filter(({ what }) => what === 'begin').map(({ id, pid }) => [id, pid]),
    );
    for (const call of calls) {
      const ledger = { begun: begun.get(call.id) ?? 0, hasEnded: this.watch.has('end', call.id) };
      const isForwarded =
        call.kind.startsWith('sync') && this.fleet.roleOf(pids.get(call.id) ?? 0) === 'conductor';
      count(this.calls, isForwarded ? `${call.kind}, forwarded` : call.kind);
      await this.judgeCall(call, ledger);
      const job = jobs.get(call.id);
      if (job) await this.judgeJob(call, job, ledger);
    }
    await inTurns(fleetCalls, (fleetCall) => this.judgeFleetCall(fleetCall));
    const breaches = this.watch.breaches({
      hasLostLease: (pid, first, second) =>
        this.fleet.hasLostLease(pid, this.around({ from: first.at, until: second.at })),
      wasBroken: (node, fence) => this.breaker.mayHaveBroken(node, fence),
    });
    this.findings.doubled.push(...breaches);
  }

  /** Of the jobs that were accepted, by the ids of their calls. */
  private async ends(calls: readonly MadeCall[]): Promise<Map<string, JobDocument>> {
    const jobs = new Map<string, JobDocument>();
    await inTurns(calls, async ({ id, answers }) => {
      const path = answers.find(({ job }) => job !== undefined)?.job;
      const job = path === undefined ? undefined : await this.end(path, id);
      if (job) jobs.set(id, job);
    });
    return jobs;
  }

  /** Of those that were accepted. */
  async fleetEnds(ids: readonly string[]): Promise<readonly FleetDocument[]> {
    const { lost, stuck } = this.findings;
    const found = await inTurns(ids, async (id) => {
      const path = `/v1/fleet_calls/${id}`;
      const http = this.api();
      const document = await fleetCallEnded(http, path).catch(() => undefined);
      if (document) return [document];
      if ((await http.get(path)).status === 404) lost.push(`fleet call ${id} does not exist`);
      else stuck.push(`fleet call ${id} did not end`);
      return [];
    });
    return found.flat();
  }

  private async end(path: string, id: string): Promise<JobDocument | undefined> {
    const { lost, stuck } = this.findings;
    const known = this.known.get(path.slice(path.lastIndexOf('/') + 1));
    if (known && !OPEN.includes(known.state)) return known;
    const http = this.api();
    const job = await ended(http, path, this.limits.patience).catch(() => undefined);
    if (job) return job;
    if ((await http.get(path)).status === 404) lost.push(`job ${path} of ${id} does not exist`);
    else stuck.push(`job ${path} of ${id} did not end`);
    return undefined;
  }

  private async judgeCall(call: MadeCall, ledger: Ledger): Promise<void> {
    const { doubled, stuck, wrong } = this.findings;
    for (const answer of call.answers) {
      const { status, code, text } = answer;
      count(this.answers, code === '' ? `${status}` : `${status} ${code}`);
      this.longestBeyondLease = Math.max(this.longestBeyondLease, beyondLease(answer));
      if (text.includes('was broken by') && !this.breaker.mayHaveBrokenSome(call.node))
        wrong.push(`${call.kind} ${call.id}: ${text}, and nobody has broken a lock of node ${call.node}`);
      const conductor = unansweredBy(answer);
      // One that was asked to stop answers what it got.
      const isKilled = () => conductor !== undefined && this.fleet.wasKilled(conductor);
      const period = this.around(answer.period);
      const isInterrupted = () => conductor !== undefined && this.fleet.wasInterrupted(conductor, period);
      if (conductor !== undefined) {
        await until(code === 'ConductorDisconnected' ? isKilled : isInterrupted, this.limits.unnoticed).catch(
          () => wrong.push(`${call.kind} ${call.id}: ${code} of ${conductor}, which was not interrupted`),
        );
      }
    }
    for (let each = 0; each < call.unanswered; each++) count(this.answers, 'none');
    if (call.hung > 0) stuck.push(`${call.kind} ${call.id} was not answered`);
    if (ledger.begun > 1) doubled.push(`${call.kind} ${call.id} began ${ledger.begun} times`);
    wrong.push(...wrongAnswers(call, ledger));
  }

  private async judgeJob(call: JudgedCall, job: JobDocument, ledger: Ledger): Promise<void> {
    const { lost } = this.findings;
    const broken = this.breaker.ofJob(job.id);
    count(this.jobs, job.error?.code === 'LockBroken' ? `${job.state} since its lock was broken` : job.state);
    const wrong = wrongEnd(job, call, ledger, broken);
    if (wrong !== undefined) lost.push(`job ${job.id} of ${call.kind} ${call.id} ${wrong}`);
    if (job.state !== 'outcome-unknown' || job.error?.code === 'LockBroken') return;
    // A process that slept may log the loss of its lease after another has given up its jobs.
    const period = this.around({
      from: Date.parse(job.started_at ?? job.created_at),
      until: Date.parse(job.finished_at ?? ''),
    });
    await until(() => this.fleet.wasInterrupted(job.conductor, period), this.limits.unnoticed).catch(() =>
      lost.push(
        `job ${job.id} of ${call.id} ended without a known outcome, and ${job.conductor} was not interrupted: ` +
          `${job.error?.message}`,
      ),
    );
  }

  /** What a statement that was held up, or a process that slept, did later than it says. */
  private around({ from, until }: Period): Period {
    const late = 2 * this.limits.lease + LATE_MS;
    return { from: from - late, until: until + late };
  }

  private async judgeFleetCall({ id, state, reason }: FleetDocument): Promise<void> {
    if (state !== 'finished') this.findings.wrong.push(`fleet call ${id} is ${state}: ${reason}`);
    const lines = this.watch.lines.filter((line) => line.id === id);
    for (const node of await fleetNodes(this.api(), `/v1/fleet_calls/${id}`)) {
      const own = lines.filter((line) => line.node === node.node);
      const begun = own.filter(({ what }) => what === 'begin').length;
      await this.judgeFleetNode(id, node, { begun, hasEnded: own.some(({ what }) => what === 'end') });
    }
  }

  private async judgeFleetNode(id: string, { node, state, job: jobId, error }: FleetNode, ledger: Ledger) {
    const { lost, doubled, wrong } = this.findings;
    count(this.fleetNodes, error ? `${state} ${error.code}` : state);
    const name = `the call of fleet call ${id} on node ${node}`;
    if (ledger.begun > 1) doubled.push(`${name} began ${ledger.begun} times`);
    if (state === 'refused' && jobId === null) {
      if (!REFUSALS.includes(error?.code ?? '')) wrong.push(`${name} was refused: ${error?.message}`);
      if (ledger.begun > 0) wrong.push(`${name} was refused, and it ran`);
    } else if (jobId === null) lost.push(`${name} has no job, and is ${state}`);
    else {
      const job = await this.end(`/v1/jobs/${jobId}`, id);
      if (!job) return;
      if (job.state !== state) wrong.push(`${name} is ${state}, and its job ${jobId} is ${job.state}`);
      await this.judgeJob({ id, kind: 'a fleet call', isCancelled: false }, job, ledger);
    }
  }
}

export function count(counts: Counts, name: string): void {
  counts[name] = (counts[name] ?? 0) + 1;
}
