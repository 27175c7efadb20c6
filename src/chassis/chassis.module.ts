import { Module } from '@nestjs/common';
import { NodesModule } from '../nodes/nodes.module.js';
import { ChassisChanges } from './chassis-changes.js';
import { ChassisNodesController } from './chassis-nodes.controller.js';
import { ChassisController } from './chassis.controller.js';
import { ChassisRepository } from './chassis.repository.js';

@Module({
  imports: [NodesModule],
  controllers: [ChassisController, ChassisNodesController],
  providers: [ChassisRepository, ChassisChanges],
})
export class ChassisModule {}
