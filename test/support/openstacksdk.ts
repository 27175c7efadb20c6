import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { runCommand } from './command.js';
import { describeWhere } from './require.js';

const SCRIPT = resolve(import.meta.dirname, '../clients/openstacksdk.py');

/** The first Python that has the packages; another one may precede the system's in the path. */
const python = ['python3', '/usr/bin/python3'].find(
  (each) => spawnSync(each, ['-c', 'import openstack'], { stdio: 'ignore' }).status === 0,
);

export const describeWithSdk = describeWhere(python !== undefined, 'not installed: openstacksdk for python3');

/**
 * Creates, reads and deletes a node and calls methods. The service must have no node and `fake-options` as its vendor
 * interface.
 * @param environment the variables `OS_…` that say how the caller is known.
 */
export async function expectSdkToWork(
  endpoint: string,
  environment: Readonly<Record<string, string>>,
): Promise<void> {
  const { code, stdout, stderr } = await runCommand(python ?? '', [SCRIPT, endpoint], environment);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(JSON.parse(stdout)).toEqual({
    nodes: ['sdk'],
    details: ['fake-hardware'],
    extra: { k: 'v' },
    missing: null,
    power: true,
    methods: expect.objectContaining({ echo: expect.objectContaining({ async: false, attach: false }) }),
    post: { http_method: 'POST', args: { a: 1 } },
    get: { http_method: 'GET', args: { a: 1 } },
    delete: { http_method: 'DELETE', args: { a: 1 } },
    async: 202,
    drivers: ['fake-hardware'],
    driver_methods: expect.objectContaining({ driver_info: expect.objectContaining({ async: false }) }),
    driver_get: { driver: 'fake-hardware', http_method: 'GET', site: 'nowhere' },
    maintenance: 'a reason',
    updated: { k: 'w' },
    deleted: null,
  });
}
