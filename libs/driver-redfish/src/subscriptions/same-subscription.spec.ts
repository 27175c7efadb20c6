import { bmc, start } from '../../test/started.js';
import { COLLECTION, create, WANTED, writes } from './subscription.spec-support.js';

describe('the same subscription', () => {
  it('returns an existing subscription for the same request, and sends nothing', async () => {
    await start();
    const made = await create({ EventTypes: ['Alert', 'StatusChange'] });
    bmc.forget();
    expect(await create()).toEqual(made);
    expect(await create({ EventTypes: ['StatusChange', 'Alert'], HttpHeaders: [] })).toEqual(made);
    expect(writes()).toEqual([]);
  });

  it.each([
    { Destination: 'https://192.0.2.1/other' },
    { Context: 'other' },
    { Protocol: 'OEM' },
    { EventTypes: ['Alert', 'StatusChange'] },
  ])('makes another subscription for %j', async (more) => {
    await start();
    const made = await create();
    bmc.forget();
    const other = await create(more);
    expect(other).toMatchObject({ ...WANTED, ...more });
    expect(other['Id']).not.toBe(made['Id']);
    expect(writes()).toMatchObject([{ method: 'POST', path: COLLECTION, body: { ...WANTED, ...more } }]);
  });

  const headers = (token: string) => ({ HttpHeaders: [{ Authorization: `Bearer planted-${token}` }] });

  it('gives an existing subscription the headers that are asked for, since they cannot be read', async () => {
    await start();
    const made = await create(headers('old'));
    bmc.forget();
    expect(await create(headers('new'))).toEqual(made);
    expect(writes()).toMatchObject([
      { method: 'PATCH', path: `${COLLECTION}/${String(made['Id'])}`, body: headers('new') },
    ]);
    expect(bmc.subscriptions).toHaveLength(1);
  });

  it('makes another one with the headers where a BMC cannot change them', async () => {
    await start({ misbehave: { subscriptionsReadOnly: true } });
    const made = await create(headers('old'));
    bmc.forget();
    const other = await create(headers('new'));
    expect(other['Id']).not.toBe(made['Id']);
    expect(writes()).toMatchObject([
      { method: 'PATCH', status: 405 },
      { method: 'POST', status: 201, body: headers('new') },
    ]);
  });

  it('sends nothing where the BMC shows the headers, and they are the same', async () => {
    await start({ misbehave: { echoesHttpHeaders: true } });
    await create(headers('old'));
    bmc.forget();
    await create(headers('old'));
    expect(writes()).toEqual([]);
    await create(headers('new'));
    expect(bmc.subscriptions).toMatchObject([headers('new')]);
  });
});
