import { failureOf, clientOf, useBmc } from '../bmc.spec-support.js';

const SUBSCRIPTIONS = '/redfish/v1/EventService/Subscriptions';
const BODY = { Destination: 'https://192.0.2.1/', Protocol: 'Redfish', Context: 'c' };

describe('behaviour that was reported of GPU machines', () => {
  const lab = useBmc({}, { profile: 'nvidia-dgx-h100' });

  it('two Systems: the caller has to name one', async () => {
    expect(await failureOf(lab.client.system())).toMatchObject({ code: 'ambiguous-system' });
    const systemId = '/redfish/v1/Systems/DGX';
    const named = clientOf(lab.clients, lab.bmc, { systemId });
    expect((await named.system()).body['Id']).toBe('DGX');
  });

  it('a task that stays New is followed to its end', async () => {
    lab.bmc.misbehave({ createAnswer: '202-task', taskSteps: { polls: 3, running: 'New' } });
    expect((await lab.client.post(SUBSCRIPTIONS, BODY)).status).toBeLessThan(300);
    expect(lab.bmc.subscriptions).toHaveLength(1);
  });

  it('a finished task that the BMC purged at once: its result is unknown, and nothing is sent twice', async () => {
    lab.bmc.misbehave({ createAnswer: '202-task', taskSteps: { polls: 1, vanishes: true } });
    expect(await failureOf(lab.client.post(SUBSCRIPTIONS, BODY))).toMatchObject({
      code: 'task',
      state: 'Vanished',
    });
    const posts = lab.bmc.requests.filter(({ method, path }) => method === 'POST' && path === SUBSCRIPTIONS);
    expect(posts).toHaveLength(1);
  });

  it('an action that refuses If-Match gets none', async () => {
    lab.bmc.misbehave({ ifMatchRefusedOnPost: true });
    const path = '/redfish/v1/Systems/DGX';
    await lab.client.get(path);
    const reset = await lab.client.post(`${path}/Actions/ComputerSystem.Reset`, { ResetType: 'On' });
    expect(reset.status).toBe(204);
  });
});
