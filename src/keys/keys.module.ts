import { Global, Module } from '@nestjs/common';
import { KeysCheck } from './keys.check.js';

/** Global, and imported before that of the conductors, so that its check comes before a process registers. */
@Global()
@Module({ providers: [KeysCheck] })
export class KeysModule {}
