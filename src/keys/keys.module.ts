import { Module } from '@nestjs/common';
import { KeysCheck } from './keys.check.js';

@Module({ providers: [KeysCheck] })
export class KeysModule {}
