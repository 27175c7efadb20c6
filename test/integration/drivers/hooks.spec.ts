import {
  DriverModule,
  DriverPassthru,
  type DriverTask,
  HardwareType,
  SharedModule,
  VendorInterface,
} from '@ferrule/driver-kit';
import {
  Injectable,
  Module,
  type OnApplicationShutdown,
  type OnModuleDestroy,
  type OnModuleInit,
  type Type,
} from '@nestjs/common';
import { ModulesContainer } from '@nestjs/core';
import { Test, type TestingModule } from '@nestjs/testing';
import { guardHooks } from '../../../src/drivers/supervision/module-hooks.js';
import { Lifecycle } from '../../../src/lifecycle/lifecycle.js';
import { MemoryLog, startApp } from '../../support/app.js';

const happened: string[] = [];
let failsAtStart = false;

@Injectable()
class Mirror implements OnModuleInit, OnModuleDestroy, OnApplicationShutdown {
  private images: string[] = [];

  async onModuleInit(): Promise<void> {
    await Promise.resolve();
    if (failsAtStart) throw new Error('the mirror is away; password=hunter2');
    this.images = ['good.bin'];
  }

  onModuleDestroy(): void {
    throw new Error('it cannot end');
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.resolve();
    happened.push('the mirror is closed');
  }

  list(): readonly string[] {
    return this.images;
  }
}

@Module({ providers: [Mirror], exports: [Mirror] })
class MirrorModule {}

@VendorInterface({ name: 'hooked' })
class HookedVendor implements OnApplicationShutdown {
  constructor(private readonly mirror: Mirror) {}

  @DriverPassthru({ http: ['GET'], async: false, description: 'List the images.' })
  images(_task: DriverTask): readonly string[] {
    return this.mirror.list();
  }

  onApplicationShutdown(): void {
    happened.push('the interface is closed');
  }
}

@HardwareType({ name: 'hooked', interfaces: { vendor: [HookedVendor] } })
class Hooked {}

@DriverModule({ kit: 1, imports: [MirrorModule], hardwareTypes: [Hooked] })
class HookedDriver {}

const endless = () => new Promise<void>(() => {});
let hangsAtStart = false;

@Injectable()
class Pool implements OnModuleInit, OnApplicationShutdown {
  async onModuleInit(): Promise<void> {
    if (hangsAtStart) await endless();
  }

  onApplicationShutdown(): Promise<void> {
    return endless();
  }
}

@SharedModule({ package: '@acme/driver-pool', providers: [Pool] })
class PoolModule {}

@VendorInterface({ name: 'pooled' })
class PooledVendor implements OnApplicationShutdown {
  constructor(readonly pool: Pool) {}

  @DriverPassthru({ http: ['GET'], async: false, description: 'Do nothing.' })
  nothing(_task: DriverTask): void {}

  onApplicationShutdown(): void {
    happened.push('the interface is closed');
  }
}

@Module({ imports: [PoolModule], providers: [PooledVendor] })
class PooledDriver {}

/** Nest alone, with the guarded hooks of one driver. */
async function initWith(module: Type<object>, log: MemoryLog): Promise<TestingModule> {
  const app = await Test.createTestingModule({ imports: [module] })
    .setLogger(log)
    .compile();
  const loaded = { module, from: { package: 'driver-pooled' } };
  guardHooks(app.get(ModulesContainer), [{ loaded }], new Lifecycle(30), 100);
  return app;
}

@Injectable()
class Licence {
  constructor() {
    throw new Error('the licence server is away; password=hunter2');
  }
}

@VendorInterface({ name: 'licensed' })
class LicensedVendor {
  readonly licence = new Licence();

  @DriverPassthru({ http: ['GET'], async: false, description: 'Do nothing.' })
  nothing(_task: DriverTask): void {}
}

@HardwareType({ name: 'hooked', interfaces: { vendor: [LicensedVendor] } })
class Licensed {}

@DriverModule({ kit: 1, hardwareTypes: [Licensed] })
class LicensedDriver {}

@DriverModule({
  kit: 1,
  hardwareTypes: [Hooked],
  imports: [MirrorModule],
  providers: [
    {
      provide: 'catalogue',
      useFactory: () => {
        throw new Error('the catalogue is away');
      },
    },
  ],
})
class CatalogueDriver {}

function startWith(module: Type<object>) {
  const driver = {
    name: 'hooked',
    package: 'driver-hooked',
    version: '1.0.0',
    folder: import.meta.dirname,
    file: import.meta.filename,
    siblings: ['hooked'],
    module,
  };
  return startApp({ FERRULE_ENABLED_HARDWARE_TYPES: 'hooked' }, { drivers: [driver], problems: [] });
}

describe('hooks of a driver module', () => {
  beforeEach(() => {
    happened.length = 0;
    failsAtStart = false;
    hangsAtStart = false;
  });

  it('are awaited before the first call, and at the end all run although one fails', async () => {
    const app = await startWith(HookedDriver);
    const answer = await app.http.get('/v1/drivers/hooked/vendor_passthru/images');
    expect(answer.expect(200).json()).toEqual(['good.bin']);
    await app.close();
    expect(happened.sort()).toEqual(['the interface is closed', 'the mirror is closed']);
    expect(app.log.text).toContain(
      'Package driver-hooked, class Mirror: its onModuleDestroy failed: it cannot end.',
    );
  });

  it('stop the start if they fail, in a message with package and class, without secrets', async () => {
    failsAtStart = true;
    await expect(startWith(HookedDriver)).rejects.toThrow(
      'Package driver-hooked, class Mirror: its onModuleInit failed: the mirror is away; password=******.',
    );
  });

  it('are not reached if a constructor or a factory fails, which is told with package, class and line', async () => {
    const file = `${import.meta.filename}:\\d+`;
    await expect(startWith(LicensedDriver)).rejects.toThrow(
      new RegExp(
        String.raw`^Package driver-hooked, class LicensedVendor: its constructor failed: ${file}: the licence server is away; password=\*{6}\.$`,
      ),
    );
    await expect(startWith(CatalogueDriver)).rejects.toThrow(
      new RegExp(`^Package driver-hooked: one of its providers failed: ${file}: the catalogue is away\\.$`),
    );
  });

  it('stop the start if they do not end, with the package of a shared module', async () => {
    hangsAtStart = true;
    const app = await initWith(PooledDriver, new MemoryLog());
    await expect(app.init()).rejects.toThrow(
      'Package @acme/driver-pool, class Pool: its onModuleInit failed: it did not end within 0.1 s.',
    );
  });

  it('do not hold up the end if they do not end', async () => {
    const log = new MemoryLog();
    const app = await initWith(PooledDriver, log);
    await app.init();
    await app.close();
    expect(happened).toEqual(['the interface is closed']);
    expect(log.text).toContain(
      'Package @acme/driver-pool, class Pool: its onApplicationShutdown failed: it did not end within 0.1 s.',
    );
  });
});
