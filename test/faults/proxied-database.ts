import { type Database } from '../../src/database/database.js';
import { testDatabase, type TestDatabase } from '../support/database.js';
import { Proxy } from '../support/proxy.js';

export interface Way {
  readonly proxy: Proxy;
  readonly env: Readonly<Record<string, string>>;
}

/** A database that each service of a test reaches through its own proxy. */
export class ProxiedDatabase {
  private readonly ways: Way[] = [];

  private constructor(
    private readonly place: TestDatabase,
    readonly direct: Database,
  ) {}

  static async create(): Promise<ProxiedDatabase> {
    const place = await testDatabase();
    return new ProxiedDatabase(place, place.open());
  }

  async way(): Promise<Way> {
    const { connection } = this.place;
    if (!('host' in connection)) throw new TypeError('The test server has a socket.');
    const { host, port, user, database } = connection;
    const proxy = await Proxy.to({ path: `${host}/.s.PGSQL.${port}` });
    const url = `postgres://${user}@127.0.0.1:${proxy.port}/${database}`;
    const way = { proxy, env: { FERRULE_DATABASE_URL: url } };
    this.ways.push(way);
    return way;
  }

  private statements = 0;
  sql<R extends Record<string, unknown>>(text: string, values: unknown[] = []): Promise<R[]> {
    return this.direct.query<R>({ name: `test-faults-${this.statements++}`, text }, values);
  }

  async dispose(): Promise<void> {
    await Promise.all(this.ways.map(({ proxy }) => proxy.close()));
    await this.direct.close();
    await this.place.drop();
  }
}
