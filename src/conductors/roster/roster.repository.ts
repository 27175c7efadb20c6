import { Injectable } from '@nestjs/common';
import { Database } from '../../database/database.js';
import { nowAtMost } from '../../database/is-alive.js';
import { type DescribedDriver } from './described-driver.js';

export interface ConductorRow {
  readonly id: string;
  readonly hostname: string;
  readonly conductor_group: string;
  readonly address: string | null;
  /** Takes no more work, and ends what it has. */
  readonly is_leaving: boolean;
  /** Null if the asker knows them, if the process is leaving, and if it is of an earlier version. */
  readonly drivers: readonly DescribedDriver[] | null;
}

const LIVE = {
  name: 'roster-live',
  text: `
    select id, hostname, conductor_group, address, is_leaving,
           case when is_leaving or id = any($2::uuid[]) then null else drivers end as drivers
    from conductors
    where role <> 'api' and expires_at > ${nowAtMost('$1')}
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
