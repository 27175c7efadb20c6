import { randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import { startApp, type TestApp } from '../../support/app.js';

interface Page {
  readonly nodes: readonly { readonly uuid: string; readonly extra?: { readonly text: string } }[];
  readonly next?: string;
}

const NODES = 12;
const MEGABYTE = 1_000_000;
const COMPRESSIBLE = 'x'.repeat(MEGABYTE);
/** What a page may have, and one node more. */
const MAXIMUM_TEXT = 9_500_000;

describe('pages of large nodes', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startApp();
  });
  afterAll(() => app.close());
  afterEach(() => sql`delete from nodes`.execute(app.database.kysely));

  /** By SQL, since bodies of so many bytes take long. */
  const insert = async (count: number, text: string, maintenance = false): Promise<void> => {
    await sql`
      insert into nodes (uuid, driver, provision_state, maintenance, extra,
        ${sql.join(INTERFACES.map((name) => sql.ref(name)))})
      select gen_random_uuid(), 'fake-hardware', 'enroll', ${maintenance}::boolean, json_build_object('text', ${text}::text),
        ${sql.join(INTERFACES.map(() => sql`'x'`))}
      from generate_series(1, ${count}::int)`.execute(app.database.kysely);
  };
  const page = async (path: string): Promise<Page> => (await app.http.get(path)).expect(200).json<Page>();
  const walk = async (first: string): Promise<Page[]> => {
    const pages: Page[] = [];
    for (let path: string | undefined = first; path !== undefined;) {
      const each: Page = await page(path);
      pages.push(each);
      path = each.next?.slice(app.http.base.length);
    }
    return pages;
  };
  const textOf = ({ nodes }: Page): number =>
    nodes.reduce((length, { extra }) => length + (extra?.text.length ?? 0), 0);
  const uuidsOf = (pages: readonly Page[]): string[] =>
    pages.flatMap(({ nodes }) => nodes.map(({ uuid }) => uuid));

  it('end early and lead to the nodes that follow', async () => {
    await insert(NODES, randomBytes(MEGABYTE / 2).toString('hex'));
    const all = uuidsOf([await page('/v1/nodes?fields=uuid')]);
    const pages = await walk('/v1/nodes?detail=true');
    expect(pages).toHaveLength(2);
    expect(Math.max(...pages.map(textOf))).toBeLessThan(MAXIMUM_TEXT);
    expect(uuidsOf(pages)).toEqual(all);
  });

  it('also if they are sorted, and their texts are stored in few bytes', async () => {
    await insert(NODES / 2, COMPRESSIBLE, true);
    await insert(NODES / 2, COMPRESSIBLE);
    const sort = 'sort_key=maintenance&sort_dir=desc';
    const all = uuidsOf([await page(`/v1/nodes?fields=uuid&${sort}`)]);
    const pages = await walk(`/v1/nodes?fields=uuid,extra&${sort}`);
    expect(pages).toHaveLength(2);
    expect(uuidsOf(pages)).toEqual(all);
  });

  it('have at least one node, even one that is larger than a page may be', async () => {
    await insert(1, 'x'.repeat(9 * MEGABYTE));
    await insert(1, '');
    const pages = await walk('/v1/nodes?fields=uuid,extra');
    expect(pages.map(({ nodes }) => nodes.length)).toEqual([1, 1]);
  });

  it('are complete without the large fields', async () => {
    await insert(NODES, COMPRESSIBLE);
    const { nodes, next } = await page('/v1/nodes');
    expect(nodes).toHaveLength(NODES);
    expect(next).toBeUndefined();
  });
});

const INTERFACES =
  'bios boot console deploy firmware inspect management network power raid rescue storage vendor'
    .split(' ')
    .map((kind) => `${kind}_interface`);
