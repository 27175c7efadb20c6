import {
  DriverModule,
  DriverPassthru,
  type DriverTask,
  HardwareType,
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
import { startApp } from '../../support/app.js';

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
});
