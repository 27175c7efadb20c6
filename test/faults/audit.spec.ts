import { type AuditView } from '../../src/audit/audit.view.js';
import { testDatabase, type TestDatabase, urlOf } from '../support/database.js';
import { ferruleHere } from '../support/ferrule-here.js';
import { type Answer, type HttpClient } from '../support/http-client.js';
import { call, createNode } from '../support/passthru.js';
import { type DataDirectory, dataDirectory, type Service } from '../support/service.js';
import { until } from '../support/until.js';

const CLIENTS = 4;
const VERIFICATIONS = 5;
/** Of each client. */
const CHANGES = 20;

describe('Two processes that write the audit of one database', () => {
  let place: TestDatabase;
  let directory: DataDirectory;
  let services: Service[];
  let env: Record<string, string>;
  beforeAll(async () => {
    [place, directory] = await Promise.all([testDatabase(), dataDirectory({ isNew: true })]);
    env = { FERRULE_DATABASE_URL: urlOf(place.connection) };
    services = await Promise.all(
      ['one', 'two'].map((name) => directory.start({ ...env, FERRULE_HOSTNAME: name })),
    );
  });
  afterAll(async () => {
    await directory.dispose();
    await place.drop();
  });

  const idOf = ({ headers }: Answer): string => String(headers['x-openstack-request-id']);

  async function records(http: HttpClient): Promise<AuditView[]> {
    const found: AuditView[] = [];
    for (let path: string | undefined = '/v1/audit'; path !== undefined;) {
      const answer: Answer = (await http.get(path)).expect(200);
      const { audit, next } = answer.json<{ audit: AuditView[]; next?: string }>();
      found.push(...audit);
      path = next?.slice(http.base.length);
    }
    return found;
  }

  it('leave a whole chain at every moment, with each change and each read that was acknowledged', async () => {
    let isVerified = false;
    const changes: string[] = [];
    const reads: string[] = [];
    const client = async (http: HttpClient): Promise<void> => {
      const node = await createNode(http);
      for (let turn = 0; turn < CHANGES || !isVerified; turn++) {
        const patch = [{ op: 'add', path: '/extra/turn', value: turn }];
        changes.push(idOf((await http.patch(`/v1/nodes/${node}`, patch)).expect(200)));
        reads.push(idOf((await call(http, node, 'echo', { turn })).expect(200)));
      }
    };
    const clients = services.flatMap(({ http }) => Array.from({ length: CLIENTS }, () => client(http)));
    const verifications: unknown[] = [];
    for (let turn = 0; turn < VERIFICATIONS; turn++) {
      const before = changes.length;
      await until(() => changes.length > before);
      const { code, complaints } = await ferruleHere(['audit', 'verify'], env);
      verifications.push([code, complaints]);
    }
    isVerified = true;
    await Promise.all(clients);
    expect(verifications).toEqual(Array.from({ length: VERIFICATIONS }, () => [0, '']));

    const [{ http }] = services as [Service];
    // The ends of changes and the records of reads are written soon after their answers.
    await until(async () => {
      const found = await records(http);
      const of = (event: string) =>
        new Set(found.filter((record) => record.event === event).map((record) => record.request_id));
      const [begun, over, read] = [of('begin'), of('end'), of('call')];
      return changes.every((id) => begun.has(id) && over.has(id)) && reads.every((id) => read.has(id));
    });
    const { code, printed } = await ferruleHere(['audit', 'verify'], env);
    expect([code, printed[0]]).toEqual([0, expect.stringMatching(/^The audit is whole: \d+ records\.$/)]);
  });
});
