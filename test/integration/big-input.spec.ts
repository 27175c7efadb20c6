import { MAXIMUM_VALUES } from '../../src/json/json-size.js';
import { startApp, type TestApp } from '../support/app.js';

const items = <T>(length: number, item: (index: number) => T): T[] =>
  Array.from({ length }, (_, i) => item(i));
const members = (length: number, name: string) =>
  Object.fromEntries(items(length, (i) => [`${name}${i}`, 'x']));

/** Each member and item of a body costs time, when it is checked, masked or named in an error. */
describe('Requests with big bodies', () => {
  let app: TestApp;
  let node: string;
  beforeAll(async () => {
    app = await startApp();
    const created = await app.http.post('/v1/nodes', {
      driver: 'fake-hardware',
      vendor_interface: 'fake-options',
    });
    node = created.expect(201).json<{ uuid: string }>().uuid;
  });
  afterAll(() => app.close());

  const tooMany = `more than ${MAXIMUM_VALUES} members and items`;
  const echo = () => `/v1/nodes/${node}/vendor_passthru/echo`;

  it.each<[string, () => string, unknown]>([
    ['arguments of a method', echo, members(74_000, 'k')],
    ['secret arguments', echo, members(30_000, 'password')],
    ['items of an argument', echo, { list: items(200_000, () => 1) }],
    ['unknown members of a node', () => '/v1/nodes', members(70_000, 'k')],
    [
      'links of network_data',
      () => '/v1/nodes',
      {
        driver: 'fake-hardware',
        network_data: { links: items(50_000, () => ({})), networks: [], services: [] },
      },
    ],
  ])('are refused before anything looks at them, if they have many %s', async (_what, path, body) => {
    const answer = (await app.http.post(path(), body)).expect(400);
    expect(answer.fault.faultstring).toContain(tooMany);
  });

  it('are refused if an operation of a PATCH has many members, or gives a field too many', async () => {
    const add = (path: string, count: number) =>
      app.http.patch(`/v1/nodes/${node}`, [{ op: 'add', path, value: members(count, 'k') }]);
    expect((await add('/extra', 80_000)).expect(400).fault.faultstring).toContain(tooMany);
    (await add('/extra', MAXIMUM_VALUES * 0.6)).expect(200);
    expect((await add('/extra/more', MAXIMUM_VALUES * 0.6)).expect(400).fault.faultstring).toContain(
      `Invalid extra: it has ${tooMany}`,
    );
  });

  it('are accepted if only their texts are long', async () => {
    const text = 'x'.repeat(1_000_000);
    const created = await app.http.post('/v1/nodes', { driver: 'fake-hardware', extra: { text } });
    expect(created.expect(201).json<{ extra: { text: string } }>().extra.text).toHaveLength(text.length);
    const echoed = await app.http.post(echo(), { text });
    expect(echoed.expect(200).json<{ args: { text: string } }>().args.text).toHaveLength(text.length);
  });
});
