import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { type Breaker } from './breaker.js';
import { type Asked, type Client, madeCall, type MadeCall } from './client.js';
import { type Dice } from './dice.js';
import { type FleetCaller } from './fleet-caller.js';

const WAIT_SECONDS = 5;
/** Callers often meet at these nodes. */
const BUSY_NODES = 8;
const LONGEST_MS = 40;
/** Of a call that ends because its lock is broken. */
const LONG_MS = 30_000;
const REPEATS = 8;
const PAUSE_MS = 50;
const BREAK_PAUSE_MS = 300;
const FLEET_PAUSE_MS = 1_000;

/** Clients that call without a pause, one that makes fleet calls, and those who break locks. */
export class Load {
  readonly calls: MadeCall[] = [];
  private isOver = false;
  private callers: Promise<void>[] = [];

  constructor(
    private readonly client: Client,
    private readonly breaker: Breaker,
    private readonly fleetCaller: FleetCaller,
    private readonly nodes: readonly string[],
    private readonly dice: Dice,
  ) {}

  start(callers: number): void {
    this.isOver = false;
    const repeat = async (work: () => Promise<unknown>, pause = 0): Promise<void> => {
      while (!this.isOver) {
        await work();
        await delay(pause);
      }
    };
    this.callers = [
      ...Array.from({ length: callers }, () => repeat(() => this.call())),
      repeat(() => this.callLong(), BREAK_PAUSE_MS),
      repeat(() => this.breaker.breakAny(), BREAK_PAUSE_MS),
      repeat(() => this.fleetCaller.make(), FLEET_PAUSE_MS),
    ];
  }

  async stop(): Promise<void> {
    this.isOver = true;
    await Promise.all(this.callers);
  }

  private async call(): Promise<void> {
    const { dice } = this;
    const isSync = dice.isLikely(0.5);
    const waits = dice.isLikely(0.3);
    const hasKey = dice.isLikely(0.4);
    const id = randomUUID();
    const node = dice.choose(dice.isLikely(0.4) ? this.nodes.slice(0, BUSY_NODES) : this.nodes);
    const asked: Asked = {
      milliseconds: dice.below(LONGEST_MS),
      method: isSync ? 'watch' : 'watch_job',
      query: waits ? `?wait=${WAIT_SECONDS}` : '',
      key: hasKey ? id : undefined,
      leaveAfter: waits && dice.isLikely(0.1) ? dice.below(LONGEST_MS) : undefined,
    };
    const kind = [
      isSync ? 'sync' : 'async',
      ...(waits ? ['in line'] : []),
      ...(hasKey ? ['with a key'] : []),
    ].join(' ');
    const made = madeCall({ id, node, kind, isLong: false });
    this.calls.push(made);
    if (hasKey) await this.sendOften(asked, made);
    else await this.client.send(asked, made);
    await this.cancelSome(made);
    // Refusals come at once.
    if (made.answers.at(-1)?.status !== 200) await delay(PAUSE_MS);
  }

  private async callLong(): Promise<void> {
    const isSync = this.dice.isLikely(0.5);
    const kind = `${isSync ? 'sync' : 'async'} until its lock is broken`;
    const made = madeCall({ id: randomUUID(), node: this.dice.choose(this.nodes), kind, isLong: true });
    this.calls.push(made);
    const sending = this.client.send({ milliseconds: LONG_MS, method: isSync ? 'watch' : 'watch_job' }, made);
    await this.breaker.breakUntil(made, sending);
  }

  /** Twice at once or again, by the same or another process, until it is clear what became of it. */
  private async sendOften(asked: Asked, made: MadeCall): Promise<void> {
    const { client, dice } = this;
    if (dice.isLikely(0.3)) await Promise.all([client.send(asked, made), client.send(asked, made)]);
    for (let turn = 0; turn < REPEATS; turn++) {
      await client.send({ ...asked, ...(turn > 0 ? { leaveAfter: undefined } : {}) }, made);
      const { status } = made.answers.at(-1) ?? { status: 0 };
      if (status === 200 || status === 202) break;
      await delay(PAUSE_MS);
    }
    if (dice.isLikely(0.3)) await client.send({ ...asked, leaveAfter: undefined }, made);
  }

  private async cancelSome(made: MadeCall): Promise<void> {
    const job = made.answers.at(-1)?.job;
    if (job === undefined || !this.dice.isLikely(0.1)) return;
    made.isCancelled = true;
    // Its answer may be lost.
    await this.client.ask('DELETE', job);
  }
}
