import { call, useBmc } from '../client.spec-support.js';
import { startBmc } from '../server/bmc-server.js';
import { registered } from './base-registry.js';

const SUBSCRIPTIONS = '/redfish/v1/EventService/Subscriptions';

describe('messages of the registry Base', () => {
  const lab = useBmc();

  it('have the id of the claimed version, and GeneralError in place of what it does not have', () => {
    expect(registered('PropertyUnknown', ['Name'], 'Base.1.8')).toEqual({
      MessageId: 'Base.1.8.PropertyUnknown',
      MessageArgs: ['Name'],
    });
    const old = registered('OperationNotAllowed', [], 'Base.v1_10_3');
    expect(old).toEqual({ MessageId: 'Base.v1_10_3.GeneralError', MessageArgs: [] });
    const other = registered('IDRAC.2.8.SYS518', ['x'], 'Base.1.12');
    expect(other).toEqual({ MessageId: 'IDRAC.2.8.SYS518', MessageArgs: ['x'] });
  });

  it.each([
    ['NoSuchMessage', []],
    ['PropertyUnknown', []],
    ['PropertyValueTypeError', ['Name']],
  ])('are refused where %s has not %j', (id, args) => {
    expect(() => registered(id, args, 'Base.1.8')).toThrow(id);
  });

  it('are told of tasks that failed, too', async () => {
    lab.bmc.misbehave({ createAnswer: '202-task', taskSteps: { polls: 0, final: 'Exception' } });
    const created = await call(lab.bmc, 'POST', SUBSCRIPTIONS, {
      body: { Destination: 'https://192.0.2.1/', Protocol: 'Redfish' },
    });
    const ended = await call(lab.bmc, 'GET', String(created.headers['location']));
    expect(ended.body['error']).toMatchObject({
      '@Message.ExtendedInfo': [{ MessageId: 'TaskEvent.1.0.TaskAborted', MessageArgs: ['1'] }],
    });
  });

  it.each([
    ['generic', 'Base.1.8.GeneralError'],
    ['openbmc', 'Base.1.16.0.OperationNotAllowed'],
  ] as const)('of a refused verb on %s are %s', async (profile, id) => {
    const bmc = await startBmc({ profile });
    try {
      const { status, body } = await call(bmc, 'DELETE', '/redfish/v1/Systems');
      expect(status).toBe(405);
      expect(body['error']).toMatchObject({ '@Message.ExtendedInfo': [{ MessageId: id }] });
    } finally {
      await bmc.close();
    }
  });
});
