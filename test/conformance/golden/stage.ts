import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type TestApp } from '../../support/app.js';
import { lockNode, unlockNode } from '../../support/locks.js';
import { until } from '../../support/until.js';
import { type Exchange } from './recording.js';

export const FIXTURES = resolve(import.meta.dirname, '../../fixtures');

/** First and last step during which the recorder had another conductor's lock in the database. */
const LOCKED_STEPS = { from: 485, to: 496 };
const LOCKED_NODE = 'fake-1';

interface Sleepers {
  ring(): void;
}

/** Reproduces what happened between the recorded requests: time that passed, and writes to the database. */
export class Stage {
  private wakesAt = Infinity;
  private isLocked = false;

  private constructor(
    private readonly service: TestApp,
    private readonly sleepers: Sleepers,
  ) {}

  static async of(service: TestApp): Promise<Stage> {
    const file = pathToFileURL(resolve(FIXTURES, 'driver-lab/sleepers.mjs')).href;
    return new Stage(service, (await import(file)) as Sleepers);
  }

  async before({ label, time }: Exchange): Promise<void> {
    if (time >= this.wakesAt) {
      this.sleepers.ring();
      this.wakesAt = Infinity;
    }
    const isSleeping = this.wakesAt !== Infinity;
    await until(async () => (await this.unfinished(isSleeping)) === 0);
    await this.lock(Number(label.slice(0, 3)));
  }

  after({ time, request, response }: Exchange): void {
    if (response.status !== 202 || !request.path.endsWith('/slow')) return;
    this.wakesAt = time + (JSON.parse(request.body ?? '{}') as { seconds: number }).seconds;
  }

  /** Deletes a node that the recorded service refused to create. */
  async forget(uuid: string): Promise<void> {
    (await this.service.http.delete(`/v1/nodes/${uuid}`)).expect(204);
  }

  private async lock(step: number): Promise<void> {
    const wanted = step >= LOCKED_STEPS.from && step <= LOCKED_STEPS.to;
    if (wanted === this.isLocked) return;
    this.isLocked = wanted;
    const { database } = this.service;
    if (wanted) await lockNode(database, LOCKED_NODE, 'other-conductor');
    else await unlockNode(database, LOCKED_NODE);
  }

  private async unfinished(isSleeping: boolean): Promise<number> {
    const lists = await Promise.all(
      ['queued', 'running'].map((state) => this.service.http.get(`/v1/jobs?state=${state}`)),
    );
    const jobs = lists.flatMap((answer) => answer.expect(200).json<{ jobs: { method: string }[] }>().jobs);
    return jobs.filter((job) => !isSleeping || job.method !== 'slow').length;
  }
}
