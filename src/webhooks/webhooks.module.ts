import { Module } from '@nestjs/common';
import { DeliveryRepository } from './delivery.repository.js';
import { Webhooks } from './webhooks.js';

@Module({ providers: [DeliveryRepository, Webhooks] })
export class WebhooksModule {}
