import { createHash } from 'node:crypto';
import { type ServiceSubject } from './subject.js';

export interface NodeSpread {
  readonly first: number;
  readonly count: number;
}

/** Unordered, like real UUIDs. */
export function nodeUuid(number: number): string {
  const digits = createHash('md5').update(String(number)).digest('hex');
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

export async function makeNodes({ http, database }: ServiceSubject, count: number): Promise<void> {
  const answer = await http.post('/v1/nodes', {
    driver: 'fake-hardware',
    vendor_interface: 'fake-options',
    driver_info: { bmc_address: '192.0.2.10', bmc_username: 'admin', bmc_password: 'not a real one' },
    properties: { cpu_arch: 'x86_64', cpus: 64, memory_mb: 262_144, local_gb: 960 },
    extra: { rack: 'r12', unit: 7 },
  });
  const { uuid: model } = answer.expect(201).json<{ uuid: string }>();
  await database.copyNode(model, count);
}
