import { Injectable } from '@nestjs/common';
import { Database } from '../../database/database.js';
import { nowAtMost } from '../../database/is-alive.js';
import { type Role } from '../../config/settings/process.js';
import { type DescribedDriver } from './described-driver.js';

/** A live process: a conductor, or one that only answers requests. */
export interface ConductorRow {
  readonly id: string;
  readonly hostname: string;
  readonly conductor_group: string;
  readonly address: string | null;
  /** Takes no more work, and ends what it has. */
  readonly is_leaving: boolean;
  readonly role: Role;
  /** Null if the asker knows them, if the process is leaving or runs no jobs, and if it is of an earlier version. */
  readonly drivers: readonly DescribedDriver[] | null;
}

const LIVE = {
  name: 'roster-live',
  text: `
    select id, hostname, conductor_group, address, is_leaving, role,
           case when role = 'api' or is_leaving or id = any($2::uuid[]) then null else drivers end as drivers
    from conductors
    where expires_at > ${nowAtMost('$1')}
    order by started_at, id`,
};

@Injectable()
export class RosterRepository {
  constructor(private readonly database: Database) {}

  /** The latest last. @param known ids of those whose drivers are not asked for. */
  async live(latestDatabaseTime: number, known: readonly string[]): Promise<ConductorRow[]> {
    return this.database.hot.query<ConductorRow & Record<string, unknown>>(LIVE, [latestDatabaseTime, known]);
  }
}
