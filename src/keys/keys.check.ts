import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleInit } from '@nestjs/common';
import { Database } from '../database/database.js';
import { SecretsAtRest } from '../secrets/at-rest/secrets-at-rest.js';
import { assertKeys, keysText } from './assert-keys.js';
import { KeyRegister } from './key-register.js';

/** Refuses the start without the keys that the database needs, and adds the one that encrypts. */
@Injectable()
export class KeysCheck implements OnModuleInit, OnApplicationBootstrap {
  private readonly logger = new Logger('Secrets');
  private readonly register: KeyRegister;

  constructor(
    database: Database,
    private readonly secrets: SecretsAtRest,
  ) {
    this.register = new KeyRegister(database);
  }

  /** Before the process registers, since that adds its key to those that the database needs. */
  async onModuleInit(): Promise<void> {
    const { keys } = this.secrets;
    assertKeys(await this.register.inUse(), keys);
    if (keys.first === undefined) {
      this.logger.log('Secrets are stored in the clear, since FERRULE_SECRETS_KEY is not set.');
      return;
    }
    await this.register.add(keys.first);
    const { ids, mayBeClear } = await this.register.inUse();
    const others = ids.filter((id) => id !== keys.first);
    const before = [
      ...(mayBeClear ? ['in the clear'] : []),
      ...(others.length > 0 ? [`encrypted with ${keysText(others)}`] : []),
    ];
    if (before.length > 0) {
      this.logger.log(
        `Secrets are encrypted with the key ${keys.first}. Those stored before may be ${before.join(' or ')}, until you ` +
          'run `ferrule secrets rotate`.',
      );
    }
  }

  /** Again: a process with another key may have registered meanwhile. */
  async onApplicationBootstrap(): Promise<void> {
    assertKeys(await this.register.inUse(), this.secrets.keys);
  }
}
