import { createHash, createHmac } from 'node:crypto';
import { isJsonObject } from '@ferrule/driver-kit';
import { type PassthruCall } from '../call/passthru-call.js';

type Fingerprinted = Pick<
  PassthruCall,
  'httpMethod' | 'target' | 'driver' | 'vendorInterface' | 'operation' | 'rawArgs' | 'chosenJobId'
>;

/** What is stored for a key. */
export function hashOf(key: string): Buffer {
  return createHash('sha256').update(key).digest();
}

/** The same for calls that ask for the same, whatever name their node has and however their arguments are ordered. */
export function fingerprintOf(key: string, call: Fingerprinted): Buffer {
  const { target, driver, vendorInterface } = call;
  const place = target.node ? ['node', target.node.uuid] : ['driver', driver.name, vendorInterface.name];
  const text = JSON.stringify(
    [place, call.operation.name, call.httpMethod, call.chosenJobId ?? null, call.rawArgs],
    (_name, value: unknown) => (isJsonObject(value) ? inOrder(value) : value),
  );
  return createHmac('sha256', key).update(text).digest();
}

function inOrder(members: Record<string, unknown>): Record<string, unknown> {
  const names = Object.keys(members).sort();
  return Object.fromEntries(names.map((name) => [name, members[name]]));
}
