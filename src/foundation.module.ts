import { type DynamicModule, Module } from '@nestjs/common';
import { ListQueue } from './http/limits/list-queue.js';
import { CONFIG, type Config } from './config/config.js';
import { Database } from './database/database.js';
import { Notifications } from './database/notifications/notifications.js';
import { SecretsAtRest } from './secrets/at-rest/secrets-at-rest.js';
import { Lifecycle } from './lifecycle/lifecycle.js';

@Module({})
export class FoundationModule {
  static register(config: Config, database: Database, lifecycle: Lifecycle): DynamicModule {
    const providers = [
      { provide: CONFIG, useValue: config },
      { provide: Database, useValue: database },
      { provide: Notifications, useValue: new Notifications(database) },
      { provide: SecretsAtRest, useValue: new SecretsAtRest(config.secretsKey) },
      { provide: Lifecycle, useValue: lifecycle },
      { provide: ListQueue, useValue: new ListQueue() },
    ];
    return { module: FoundationModule, global: true, providers, exports: providers };
  }
}
