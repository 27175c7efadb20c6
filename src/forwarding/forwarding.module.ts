import { Module } from '@nestjs/common';
import { Forwarder } from './forwarder.js';
import { ForwardingFilter } from './forwarding.filter.js';

@Module({ providers: [Forwarder, ForwardingFilter], exports: [Forwarder, ForwardingFilter] })
export class ForwardingModule {}
