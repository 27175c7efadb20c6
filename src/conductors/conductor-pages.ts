import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '../config/config.js';
import { Database } from '../database/database.js';
import { nowAtMost } from '../database/is-alive.js';
import { Conductor } from './conductor.js';
import { type SortKey } from './conductors.docs.js';
import { ConductorNotFound } from './errors.js';

export interface ListedConductor {
  readonly hostname: string;
  readonly conductor_group: string;
  readonly alive: boolean;
  readonly drivers: readonly string[];
  readonly created_at: string;
  readonly updated_at: string;
}

/** A process has a row for each lease; a live one counts, else the latest. */
const LISTED = {
  name: 'conductors-listed',
  text: `
    select * from (
      select distinct on (hostname) hostname, conductor_group, alive, created_at, updated_at,
             array(select driver ->> 'name' from json_array_elements(drivers) driver order by 1) as drivers
      from (select *, not is_leaving and expires_at > ${nowAtMost('$1')} as alive, started_at as created_at,
                   greatest(started_at, expires_at - $2 * interval '1 second') as updated_at
            from conductors where role <> 'api') conductor
      order by hostname, alive desc, started_at desc) latest
    order by created_at, hostname`,
};

export interface ConductorFilter {
  readonly sortKey: SortKey;
  readonly isDescending: boolean;
  readonly marker: string | undefined;
  readonly limit: number;
}

/** There are few, so they are sorted and divided into pages here. */
@Injectable()
export class ConductorPages {
  constructor(
    private readonly database: Database,
    private readonly conductor: Conductor,
    @Inject(CONFIG) private readonly config: Pick<Config, 'lease'>,
  ) {}

  /** @throws ConductorNotFound (404) if it is the marker. */
  async list({ sortKey, isDescending, marker, limit }: ConductorFilter): Promise<ListedConductor[]> {
    const all = await this.all();
    const sorted =
      sortKey === 'id'
        ? all
        : all.sort((a, b) => compare(a[sortKey], b[sortKey]) || compare(a.hostname, b.hostname));
    if (isDescending) sorted.reverse();
    const before = marker === undefined ? -1 : sorted.findIndex(({ hostname }) => hostname === marker);
    if (marker !== undefined && before < 0) throw new ConductorNotFound(marker);
    return sorted.slice(before + 1, before + 1 + limit);
  }

  /** @throws ConductorNotFound (404) */
  async get(hostname: string): Promise<ListedConductor> {
    const found = (await this.all()).find((each) => each.hostname === hostname);
    if (found) return found;
    throw new ConductorNotFound(hostname);
  }

  private all(): Promise<ListedConductor[]> {
    const values = [this.conductor.latestDatabaseTime, this.config.lease];
    return this.database.query<ListedConductor & Record<string, unknown>>(LISTED, values);
  }
}

function compare(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}
