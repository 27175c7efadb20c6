import { type DynamicModule, Module } from '@nestjs/common';
import { CONFIG, type Config } from './config/config.js';
import { Database } from './database/database.js';
import { Lifecycle } from './lifecycle/lifecycle.js';

@Module({})
export class FoundationModule {
  static register(config: Config, database: Database, lifecycle: Lifecycle): DynamicModule {
    const providers = [
      { provide: CONFIG, useValue: config },
      { provide: Database, useValue: database },
      { provide: Lifecycle, useValue: lifecycle },
    ];
    return { module: FoundationModule, global: true, providers, exports: providers };
  }
}
