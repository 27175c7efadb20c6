import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { type FleetDocument } from '../../support/fleet.js';
import { type Client, codeOf } from './client.js';
import { type Dice } from './dice.js';
import { DOUBTS, REFUSALS } from './verdict.js';

const NODES = 10;
const LONGEST_MS = 40;
const PAUSE_MS = 100;
/** Seconds. */
const LOCK_WAIT = 20;
/** Codes of answers after which the same request is sent again. */
const AGAIN = [...DOUBTS, ...REFUSALS];

/** A client that makes one fleet call after the other, and waits for the end of each. */
export class FleetCaller {
  /** Ids of those that were accepted. */
  readonly accepted: string[] = [];

  constructor(
    private readonly client: Client,
    private readonly nodes: readonly string[],
    private readonly dice: Dice,
    private readonly complain: (complaint: string) => void,
  ) {}

  async make(): Promise<void> {
    const { dice } = this;
    const id = randomUUID();
    const nodes = [...new Set(Array.from({ length: NODES }, () => dice.choose(this.nodes)))];
    const args = { id, milliseconds: dice.below(LONGEST_MS) };
    const json = {
      id,
      method: 'watch_job',
      args,
      nodes,
      parallelism: 3,
      stop_after: null,
      lock_wait: LOCK_WAIT,
    };
    for (;;) {
      const answer = await this.client.ask('POST', '/v1/fleet_calls', { json });
      const code = answer ? codeOf(answer) : 'OutcomeUnknown';
      if (answer?.status === 202 || code === 'FleetCallIdTaken') break;
      if (!AGAIN.includes(code)) {
        this.complain(`fleet call ${id} was answered ${answer?.status} ${code}: ${answer?.text}`);
        return;
      }
      await delay(PAUSE_MS);
    }
    this.accepted.push(id);
    const began = performance.now();
    while (performance.now() - began < 2 * LOCK_WAIT * 1_000 && (await this.goesOn(id)))
      await delay(PAUSE_MS);
  }

  private async goesOn(id: string): Promise<boolean> {
    const answer = await this.client.ask('GET', `/v1/fleet_calls/${id}`);
    return answer?.status !== 200 || answer.json<FleetDocument>().ended_at === null;
  }
}
