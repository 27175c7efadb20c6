import {
  type Caller,
  DriverModule,
  DriverPassthru,
  type DriverTask,
  type ExclusiveTask,
  HardwareType,
  Passthru,
  Periodic,
  type SharedTask,
  VendorInterface,
} from '@ferrule/driver-kit';
import { startApp, type TestApp } from '../support/app.js';
import { asCaller, testAuthenticator } from '../support/callers.js';
import { ended, jobOf } from '../support/passthru.js';
import { until } from '../support/until.js';

const validated: Caller[] = [];
const periodic: Caller[] = [];
const held: { release: () => void } = { release: () => {} };

@VendorInterface({ name: 'asking' })
class AskingVendor {
  validate(task: SharedTask): void {
    validated.push(task.caller);
  }

  @Passthru({ http: ['GET'], async: false, lock: 'shared', description: 'Tell who calls.' })
  who(task: SharedTask): Caller {
    return task.caller;
  }

  @Passthru({ http: ['POST'], description: 'Tell who called, in a job.' })
  whoInJob(task: ExclusiveTask): Caller {
    return task.caller;
  }

  @Passthru({ http: ['POST'], async: false, description: 'Hold the lock.' })
  async hold(_task: ExclusiveTask): Promise<void> {
    await new Promise<void>((resolve) => {
      held.release = resolve;
    });
  }

  @Passthru({ http: ['POST'], async: false, lock: 'shared', description: 'Try to become an admin.' })
  promote(task: SharedTask): boolean {
    return Reflect.set(task.caller, 'roles', ['admin']);
  }

  @DriverPassthru({ http: ['GET'], async: false, description: 'Tell who calls the driver.' })
  whoOfDriver(task: DriverTask): Caller {
    return task.caller;
  }

  @Periodic({ every: '1s', scope: 'driver', description: 'Note who calls.' })
  note(task: DriverTask): void {
    periodic.push(task.caller);
  }
}

@HardwareType({ name: 'asking-hardware', description: 'Asks.', interfaces: { vendor: [AskingVendor] } })
class AskingHardware {}

@DriverModule({ kit: 1, hardwareTypes: [AskingHardware] })
class AskingDriver {}

const OPS: Caller = {
  id: 'token:ops',
  name: 'ops',
  projectId: 'team-a',
  roles: ['admin', 'custom'],
  hasSystemScope: true,
  knownBy: 'token',
};

describe('the caller of a request', () => {
  let app: TestApp;
  let node: string;
  const as = asCaller(OPS);
  beforeAll(async () => {
    const driver = {
      name: 'asking-hardware',
      package: 'driver-asking',
      version: '1.0.0',
      folder: import.meta.dirname,
      file: import.meta.filename,
      siblings: ['asking-hardware'],
      module: AskingDriver,
    };
    const env = { FERRULE_ENABLED_HARDWARE_TYPES: 'asking-hardware' };
    app = await startApp(env, { drivers: [driver], problems: [] }, testAuthenticator);
    const created = await app.http.post('/v1/nodes', { driver: 'asking-hardware' }, as);
    node = created.expect(201).json<{ uuid: string }>().uuid;
  });
  afterAll(() => app.close());

  const path = (method: string) => `/v1/nodes/${node}/vendor_passthru/${method}`;

  it('reaches methods and validation, frozen', async () => {
    validated.length = 0;
    expect((await app.http.get(path('who'), as)).expect(200).json()).toEqual(OPS);
    const ofDriver = '/v1/drivers/asking-hardware/vendor_passthru/who_of_driver';
    expect((await app.http.get(ofDriver, as)).expect(200).json()).toEqual(OPS);
    (await app.http.get(`/v1/nodes/${node}/validate`, as)).expect(200);
    expect(validated).toEqual([OPS, OPS]);
    expect((await app.http.post(path('promote'), {}, as)).expect(200).json()).toBe(false);
  });

  it('is stored with its job, which runs with it', async () => {
    const job = await ended(app.http, jobOf(await app.http.post(path('who_in_job'), {}, as)));
    expect(job).toMatchObject({ state: 'succeeded', caller: 'ops', result: OPS });
    expect(app.log.text).toMatch(/Job .* accepted: .* on node .*, req-.* of ops\./);
    expect(app.log.text).toMatch(/Job .* succeeded: .* on node .*, req-.* of ops\./);
  });

  it('is shown to those who find the node locked', async () => {
    const holding = app.http.post(path('hold'), {}, as);
    const reservation = async () =>
      (await app.http.get(`/v1/nodes/${node}`)).expect(200).json<{ reservation: string | null }>()
        .reservation;
    await until(async () => (await reservation()) !== null);
    const headers = { Accept: 'application/problem+json' };
    const refused = await app.http.post(path('hold'), {}, { headers });
    expect(refused.expect(409).json()).toMatchObject({ caller: 'ops', job: null });
    held.release();
    (await holding).expect(200);
    (await app.http.put(`/v1/nodes/${node}/maintenance`, {}, as)).expect(202);
    expect(app.log.text).toMatch(/Node .* was changed: .* \(req-.* of ops\)\./);
  });

  it('is the service itself in periodic methods', async () => {
    await until(() => periodic.length > 0);
    expect(periodic[0]).toEqual({
      ...OPS,
      id: null,
      name: null,
      projectId: null,
      roles: ['admin'],
      knownBy: 'service',
    });
  });
});
