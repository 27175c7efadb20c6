import { sql as initial } from './0001-initial.js';
import { sql as conductors } from './0002-conductors.js';
import { sql as jobs } from './0003-jobs.js';
import { sql as nullableFields } from './0004-nullable-fields.js';
import { sql as jobsOfNodes } from './0005-jobs-of-nodes.js';
import { sql as adoptions } from './0006-adoptions.js';
import { sql as periodicRuns } from './0007-periodic-runs.js';
import { sql as callers } from './0008-callers.js';
import { sql as secretsKeys } from './0009-secrets-keys.js';
import { sql as jobTraces } from './0010-job-traces.js';
import { sql as audit } from './0011-audit.js';
import { sql as auditTimesAndKeys } from './0012-audit-times-and-keys.js';
import { sql as jobStates } from './0013-job-states.js';
import { sql as forgottenRecords } from './0014-forgotten-records.js';
import { sql as idempotencyKeys } from './0015-idempotency-keys.js';
import { sql as jobChanges } from './0016-job-changes.js';
import { sql as jobsThatDidNotSucceed } from './0017-jobs-that-did-not-succeed.js';
import { sql as lockWaiters } from './0018-lock-waiters.js';
import { sql as manyProcesses } from './0019-many-processes.js';
import { sql as brokenLocks } from './0020-broken-locks.js';
import { sql as jobsOfGroups } from './0021-jobs-of-groups.js';
import { sql as jobProgress } from './0022-job-progress.js';
import { sql as webhooks } from './0023-webhooks.js';
import { sql as fleetCalls } from './0024-fleet-calls.js';
import { sql as listsOfJobs } from './0025-lists-of-jobs.js';
import { sql as shownArguments } from './0026-shown-arguments.js';
import { sql as endedFleetCalls } from './0027-ended-fleet-calls.js';
import { sql as sealedAnswers } from './0028-sealed-answers.js';
import { sql as sharesOfLines } from './0029-shares-of-lines.js';
import { sql as chassis } from './0030-chassis.js';
import { sql as kindsOfOperations } from './0031-kinds-of-operations.js';
import { sql as ports } from './0032-ports.js';

export interface Migration {
  readonly number: number;
  readonly name: string;
  readonly sql: string;
}

/** A released migration is never changed (its checksum is stored); add a new one instead. */
export const MIGRATIONS: readonly Migration[] = [
  { number: 1, name: 'initial', sql: initial },
  { number: 2, name: 'conductors', sql: conductors },
  { number: 3, name: 'jobs', sql: jobs },
  { number: 4, name: 'nullable-fields', sql: nullableFields },
  { number: 5, name: 'jobs-of-nodes', sql: jobsOfNodes },
  { number: 6, name: 'adoptions', sql: adoptions },
  { number: 7, name: 'periodic-runs', sql: periodicRuns },
  { number: 8, name: 'callers', sql: callers },
  { number: 9, name: 'secrets-keys', sql: secretsKeys },
  { number: 10, name: 'job-traces', sql: jobTraces },
  { number: 11, name: 'audit', sql: audit },
  { number: 12, name: 'audit-times-and-keys', sql: auditTimesAndKeys },
  { number: 13, name: 'job-states', sql: jobStates },
  { number: 14, name: 'forgotten-records', sql: forgottenRecords },
  { number: 15, name: 'idempotency-keys', sql: idempotencyKeys },
  { number: 16, name: 'job-changes', sql: jobChanges },
  { number: 17, name: 'jobs-that-did-not-succeed', sql: jobsThatDidNotSucceed },
  { number: 18, name: 'lock-waiters', sql: lockWaiters },
  { number: 19, name: 'many-processes', sql: manyProcesses },
  { number: 20, name: 'broken-locks', sql: brokenLocks },
  { number: 21, name: 'jobs-of-groups', sql: jobsOfGroups },
  { number: 22, name: 'job-progress', sql: jobProgress },
  { number: 23, name: 'webhooks', sql: webhooks },
  { number: 24, name: 'fleet-calls', sql: fleetCalls },
  { number: 25, name: 'lists-of-jobs', sql: listsOfJobs },
  { number: 26, name: 'shown-arguments', sql: shownArguments },
  { number: 27, name: 'ended-fleet-calls', sql: endedFleetCalls },
  { number: 28, name: 'sealed-answers', sql: sealedAnswers },
  { number: 29, name: 'shares-of-lines', sql: sharesOfLines },
  { number: 30, name: 'chassis', sql: chassis },
  { number: 31, name: 'kinds-of-operations', sql: kindsOfOperations },
  { number: 32, name: 'ports', sql: ports },
];
