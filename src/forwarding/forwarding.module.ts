import { Module } from '@nestjs/common';
import { Forwarder } from './forwarder.js';
import { ForwardingFilter } from './forwarding.filter.js';
import { Reception } from './reception.js';

@Module({ providers: [Forwarder, ForwardingFilter, Reception], exports: [Forwarder, ForwardingFilter] })
export class ForwardingModule {}
