import { Injectable } from '@nestjs/common';
import { type Selectable } from 'kysely';
import { Database } from '../database/database.js';
import { type JobsTable } from '../database/tables.js';
import { type Job } from '../jobs/record/job.js';
import { COLUMNS, jobOf } from '../jobs/record/job-row.js';
import { type Undelivered } from '../metrics/webhook.metrics.js';

/** One that this process is to send. */
export interface Delivery {
  /** Without its result. */
  readonly job: Job;
  /** With the one that is to be made. */
  readonly attempts: number;
}

export interface Postponement {
  readonly id: string;
  readonly attempts: number;
  readonly seconds: number;
}

const SWITCH_ON = {
  name: 'webhook-switch-on',
  text: 'insert into webhook_switch default values on conflict do nothing',
};

/** Until `$2` seconds from now no other process takes them. */
const CLAIM = {
  name: 'webhook-claim',
  text: `
    with due as materialized (
      select job_id from webhook_deliveries where next_try <= now() order by next_try limit $1 for update skip locked),
    taken as (
      update webhook_deliveries taken set attempts = attempts + 1, next_try = now() + $2 * interval '1 second'
      from due where taken.job_id = due.job_id
      returning taken.job_id, taken.attempts)
    select ${COLUMNS.map((column) => `jobs.${column}`).join(', ')}, taken.attempts as delivery_attempts
    from taken join jobs on jobs.id = taken.job_id
    order by jobs.finished_at`,
};

const DELETE = {
  name: 'webhook-delete',
  text: 'delete from webhook_deliveries where job_id = any ($1::uuid[])',
};

/** Not what another process has taken meanwhile. */
const POSTPONE = {
  name: 'webhook-postpone',
  text: `
    update webhook_deliveries set next_try = now() + asked.seconds * interval '1 second'
    from unnest($1::uuid[], $2::int[], $3::float8[]) as asked (id, attempts, seconds)
    where job_id = asked.id and webhook_deliveries.attempts = asked.attempts`,
};

const UNDELIVERED = {
  name: 'webhook-undelivered',
  text: `
    select count(*)::int as count,
           greatest(0, coalesce(extract(epoch from now() - min(ended_at)), 0))::float8 as "oldestSeconds"
    from webhook_deliveries`,
};

type ClaimedRow = Pick<Selectable<JobsTable>, (typeof COLUMNS)[number]> & {
  readonly delivery_attempts: number;
};

/**
 * Ends of jobs that were not delivered: a trigger adds each in the statement that ends its job. What is written here may
 * be forgotten by a crash, after which a job is delivered again.
 */
@Injectable()
export class DeliveryRepository {
  constructor(private readonly database: Database) {}

  /** From now on ends of jobs are kept. */
  async switchOn(): Promise<void> {
    await this.database.query(SWITCH_ON, []);
  }

  /** @param seconds for which they are this process's. */
  async claim(limit: number, seconds: number): Promise<Delivery[]> {
    const rows = await this.database.relaxed.query<ClaimedRow>(CLAIM, [limit, seconds]);
    return rows.map((row) => ({
      job: jobOf({ ...row, ownership: null }, null),
      attempts: row.delivery_attempts,
    }));
  }

  async delete(ids: readonly string[]): Promise<void> {
    await this.database.relaxed.query(DELETE, [ids]);
  }

  async postpone(each: readonly Postponement[]): Promise<void> {
    await this.database.relaxed.query(POSTPONE, [
      each.map(({ id }) => id),
      each.map(({ attempts }) => attempts),
      each.map(({ seconds }) => seconds),
    ]);
  }

  async undelivered(): Promise<Undelivered> {
    const [row] = await this.database.query<Undelivered & Record<string, unknown>>(UNDELIVERED, []);
    return row ?? { count: 0, oldestSeconds: 0 };
  }
}
