import { Controller, Get, Param, Res } from '@nestjs/common';
import { type Request, type Response } from 'express';
import { type z } from 'zod';
import { LinkBase, Microversion, NoQuery, QueryOf, RequestItself } from '../../http/parameters.js';
import { uuidOf } from '../../http/query/uuid.js';
import { PassthruNodes } from '../../nodes/record/passthru-nodes.js';
import { nodeUuidOf } from '../record/job-node.js';
import { JobNotFound } from '../record/job.js';
import { JobAccess } from '../record/job-access.js';
import { JobRepository } from '../record/job.repository.js';
import { EVENTS_QUERY } from '../record/jobs.docs.js';
import { JobStreams } from './job-streams.js';

@Controller('v1')
export class EventsController {
  constructor(
    private readonly jobs: JobRepository,
    private readonly access: JobAccess,
    private readonly nodes: PassthruNodes,
    private readonly streams: JobStreams,
  ) {}

  @Get('events')
  async all(
    @RequestItself() request: Request,
    @QueryOf(EVENTS_QUERY) { node, fleet_call: fleetCall, ...filter }: z.output<typeof EVENTS_QUERY>,
    @Microversion() microversion: number,
    @LinkBase() base: string,
    @Res() response: Response,
  ): Promise<void> {
    const { caller } = request;
    // It throws for a caller that may see no job.
    this.access.visible(caller);
    const nodeUuid =
      node === undefined ? undefined : await nodeUuidOf(this.nodes, node, microversion, caller);
    await this.streams.open(request, response, base, { ...filter, nodeUuid, fleetCall });
  }

  @Get('jobs/:job/events')
  async ofJob(
    @RequestItself() request: Request,
    @Param('job') text: string,
    @NoQuery() _query: unknown,
    @LinkBase() base: string,
    @Res() response: Response,
  ): Promise<void> {
    const id = uuidOf(text);
    if (id === undefined || !(await this.jobs.exists(id, this.access.visible(request.caller)))) {
      throw new JobNotFound(text);
    }
    await this.streams.open(request, response, base, { id });
  }
}
