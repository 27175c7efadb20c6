import {
  LogServices,
  RedfishArgumentError,
  RedfishMissingError,
  RedfishUnsupportedError,
} from '../../index.js';
import { failureOf, useBmc } from '../../bmc.spec-support.js';

const SEL = '/redfish/v1/Managers/BMC/LogServices/SEL';
const ENTRIES = `${SEL}/Entries`;

describe('LogServices', () => {
  const lab = useBmc();
  const logs = (): LogServices => new LogServices(lab.client);
  const asked = () => lab.bmc.requests.map(({ path }) => path);
  const idsOf = async (name?: string): Promise<unknown[]> => {
    const ids: unknown[] = [];
    for await (const entry of (await logs().open(name)).entries) ids.push(entry['Id']);
    return ids;
  };

  it('lists the logs', async () => {
    expect(await logs().list()).toEqual([{ id: 'SEL', path: SEL }]);
  });

  it('lists those of a system although the logs of its manager cannot be read', async () => {
    const system = '/redfish/v1/Systems/1/LogServices';
    const [path = ''] = lab.bmc.members('/redfish/v1/Systems');
    lab.bmc.change(path, { LogServices: { '@odata.id': system } });
    lab.bmc.misbehave({ html400: { path: '/redfish/v1/Managers/BMC/LogServices' } });
    const failure = await failureOf(logs().list());
    expect(failure).toMatchObject({ code: 'validation' });
    lab.bmc.change(path, { LogServices: { '@odata.id': '/redfish/v1/Managers' } });
    expect((await logs().list()).map(({ id }) => id)).toEqual(['BMC']);
  });

  it('shows logs again that could not be read once', async () => {
    const collection = '/redfish/v1/Systems/1/LogServices';
    const [system = ''] = lab.bmc.members('/redfish/v1/Systems');
    lab.bmc.change(system, { LogServices: { '@odata.id': collection } });
    lab.bmc.change(collection, { Members: [{ '@odata.id': `${collection}/POST` }] });
    lab.bmc.misbehave({ html504: { path: collection } });
    expect(await logs().page()).toMatchObject({
      logs: [{ id: 'SEL' }],
      unread: [{ path: collection, error: { status: 504 } }],
    });
    expect(await failureOf(logs().page('POST'))).toMatchObject({
      message: expect.stringContaining(`there are: SEL. ${collection} could not be read: `),
    });
    lab.bmc.misbehave({ html504: false });
    expect(await logs().page()).toMatchObject({ logs: [{ id: 'POST' }, { id: 'SEL' }], unread: [] });
  });

  it('shows the logs of a manager again that could not be read once', async () => {
    const second = '/redfish/v1/Managers/2';
    const [system = ''] = lab.bmc.members('/redfish/v1/Systems');
    const managers = ['/redfish/v1/Managers/BMC', second].map((path) => ({ '@odata.id': path }));
    lab.bmc.change(second, { '@odata.id': second, LogServices: { '@odata.id': `${second}/Logs` } });
    lab.bmc.change(`${second}/Logs`, { Members: [{ '@odata.id': `${second}/Logs/Lclog` }] });
    lab.bmc.change(system, { Links: { ManagedBy: managers } });
    lab.bmc.misbehave({ html504: { path: new RegExp(`^${second}$`) } });
    expect(await logs().page()).toMatchObject({ logs: [{ id: 'SEL' }], unread: [{ path: second }] });
    lab.bmc.misbehave({ html504: false });
    expect(await logs().page()).toMatchObject({ logs: [{ id: 'SEL' }, { id: 'Lclog' }], unread: [] });
  });

  it('finds a log that appeared later', async () => {
    await logs().page();
    const later = '/redfish/v1/Managers/BMC/LogServices/Later';
    lab.bmc.change(later, { Entries: { '@odata.id': ENTRIES } });
    lab.bmc.change('/redfish/v1/Managers/BMC/LogServices', {
      Members: [SEL, later].map((path) => ({ '@odata.id': path })),
    });
    expect(await logs().page('Later')).toMatchObject({ log: { id: 'Later' } });
  });

  it('reads a page of the log of hardware events with one request once it is known', async () => {
    await logs().page();
    lab.bmc.forget();
    expect(await logs().page(undefined, { skip: 1, limit: 1 })).toMatchObject({
      log: { id: 'SEL' },
      logs: [{ id: 'SEL' }],
      members: [{ Id: '2' }],
      total: 3,
      more: true,
    });
    expect(asked()).toEqual([`${ENTRIES}?$expand=.($levels=1)`]);
  });

  it('iterates a log of any length', async () => {
    await lab.reopen({ maxMembers: 2 });
    expect(await idsOf(SEL)).toEqual(['1', '2', '3']);
  });

  it('reads pages of the BMC as they are iterated', async () => {
    lab.bmc.misbehave({ pageSize: 1 });
    const { entries } = await logs().open();
    lab.bmc.forget();
    await entries.next();
    expect(asked()).toEqual([]);
    await entries.next();
    expect(asked()[0]).toMatch(/skip=1/);
  });

  it('finds a log anew when it moved', async () => {
    await logs().page();
    lab.bmc.change(SEL, { Entries: { '@odata.id': `${SEL}/New` } });
    lab.bmc.change(`${SEL}/New`, { Members: [{ '@odata.id': `${ENTRIES}/3` }] });
    lab.bmc.remove(ENTRIES);
    expect(await idsOf()).toEqual(['3']);
  });

  it('says that a log has no entries', async () => {
    lab.bmc.change(SEL, { Entries: { '@odata.id': '' } });
    for (const call of [logs().page('SEL'), logs().open('SEL')]) {
      const failure = await failureOf(call);
      expect(failure).toBeInstanceOf(RedfishMissingError);
      expect(failure).toMatchObject({ message: `${SEL} has no Entries.` });
    }
  });

  it('says which logs there are', async () => {
    const failure = await failureOf(logs().page('IML'));
    expect(failure).toBeInstanceOf(RedfishArgumentError);
    expect(failure).toMatchObject({ allowed: ['SEL'], message: 'There is no log IML; there are: SEL.' });
  });

  it('clears a log', async () => {
    lab.bmc.misbehave({ clearNeedsType: true });
    expect(await logs().clear(SEL)).toEqual({ id: 'SEL', path: SEL });
    expect(await idsOf('SEL')).toEqual([]);
    lab.bmc.change(SEL, { Actions: { '#LogService.ClearLog': { target: '' } } });
    expect(await failureOf(logs().clear(SEL))).toBeInstanceOf(RedfishUnsupportedError);
  });
});
