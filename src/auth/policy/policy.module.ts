import { type DynamicModule, Module } from '@nestjs/common';
import { Policy } from './policy.js';

@Module({})
export class PolicyModule {
  static register(policy: Policy): DynamicModule {
    const providers = [{ provide: Policy, useValue: policy }];
    return { module: PolicyModule, global: true, providers, exports: providers };
  }
}
