import { ANYONE } from '../../auth/caller.js';
import { nodeView } from './node.view.js';
import { SecretsAtRest } from '../../secrets/at-rest/secrets-at-rest.js';

const CONTEXT = {
  base: 'http://h',
  microversion: 109,
  secrets: new SecretsAtRest(),
  caller: ANYONE,
  hiddenOf: () => new Set<never>(),
  conductorOf: () => null,
};

describe('the view of a node', () => {
  it('gives other requests a turn between two large fields', async () => {
    const info = { text: 'password=a '.repeat(90_000) };
    const node = { uuid: 'u', driver_info: info, instance_info: info };
    let hadTurn = false;
    setImmediate(() => (hadTurn = true));
    const view = await nodeView(node, ['driver_info', 'instance_info'], CONTEXT);
    expect(hadTurn).toBe(true);
    expect(view).toMatchObject({ driver_info: { text: expect.stringContaining('******') as string } });
  });
});
