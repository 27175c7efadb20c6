import { createHash } from 'node:crypto';
import { tmpdir, userInfo } from 'node:os';
import { join, resolve } from 'node:path';

/** Shared by all tests of a checkout; one per user, so that root and others do not collide. */
export function testServerFolder(): string {
  const checkout = createHash('sha256')
    .update(resolve(import.meta.dirname, '../..'))
    .digest('hex')
    .slice(0, 12);
  return join(tmpdir(), `ferrule-test-${userInfo().uid}-${checkout}`);
}
