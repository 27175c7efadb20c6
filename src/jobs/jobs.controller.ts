import { Controller, Get, Inject, Param, Res } from '@nestjs/common';
import { type Response } from 'express';
import { type z } from 'zod';
import { CONFIG, type Config } from '../config/config.js';
import { sendAttachment } from '../http/replies/attachment-reply.js';
import { JsonParts } from '../http/replies/reply.js';
import { nextPage } from '../http/links.js';
import { LinkBase, Microversion, NoQuery, QueryOf } from '../http/parameters.js';
import { uuidOf } from '../http/query/uuid.js';
import { nodeIdent } from '../nodes/fields/node-name.js';
import { PassthruNodes } from '../nodes/passthru-nodes.js';
import { type Job, JobNotFound } from './job.js';
import { JobRepository } from './job.repository.js';
import { jobJson } from './job.view.js';
import { Listing } from '../openapi/listing.js';
import { JOBS_LISTING, JOBS_QUERY } from './jobs.docs.js';

const COMMA = Buffer.from(',');

@Controller('v1/jobs')
export class JobsController {
  constructor(
    private readonly jobs: JobRepository,
    private readonly nodes: PassthruNodes,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  @Listing(JOBS_LISTING)
  @Get()
  async list(
    @QueryOf(JOBS_QUERY) query: z.output<typeof JOBS_QUERY>,
    @Microversion() microversion: number,
    @LinkBase() base: string,
  ): Promise<JsonParts> {
    const { node, state, marker } = query;
    const limit = Math.min(query.limit ?? Infinity, this.config.maxLimit);
    if (marker !== undefined) await this.assertExists(marker);
    const { jobs, isFull } = await this.jobs.list({
      nodeUuid: node === undefined ? undefined : await this.nodeUuid(node, microversion),
      state,
      marker,
      limit,
    });
    const last = jobs.at(-1);
    if (!isFull || !last) return page(jobs, base);
    const kept = Object.entries({ node, state }).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, value] as const],
    );
    return page(jobs, base, nextPage(base, '/v1/jobs', kept, limit, last.id));
  }

  @Get(':job')
  async show(
    @Param('job') id: string,
    @NoQuery() _query: unknown,
    @LinkBase() base: string,
  ): Promise<JsonParts> {
    return new JsonParts([jobJson(await this.get(id), base)]);
  }

  @Get(':job/attachment')
  async attachment(
    @Param('job') id: string,
    @NoQuery() _query: unknown,
    @Res() response: Response,
  ): Promise<void> {
    const uuid = await this.assertExists(id);
    const file = await this.jobs.attachment(uuid);
    if (!file) throw new JobNotFound(`${id} with an attachment`);
    sendAttachment(response, {
      bytes: file.body,
      contentType: file.content_type,
      filename: file.filename ?? undefined,
    });
  }

  private async get(id: string) {
    const uuid = uuidOf(id);
    const job = uuid && (await this.jobs.find(uuid));
    if (!job) throw new JobNotFound(id);
    return job;
  }

  private async assertExists(id: string): Promise<string> {
    const uuid = uuidOf(id);
    if (!uuid || !(await this.jobs.exists(uuid))) throw new JobNotFound(id);
    return uuid;
  }

  /** A UUID may belong to a deleted node, since jobs outlive nodes; a name must belong to an existing one. */
  private async nodeUuid(text: string, microversion: number): Promise<string> {
    const ident = nodeIdent(text, microversion);
    return 'uuid' in ident ? ident.uuid : (await this.nodes.get({ text, idents: [ident] })).uuid;
  }
}

function page(jobs: readonly Job[], base: string, next?: string): JsonParts {
  const items = jobs.flatMap((job, index) => [...(index > 0 ? [COMMA] : []), jobJson(job, base)]);
  const end = next === undefined ? ']}' : `],"next":${JSON.stringify(next)}}`;
  return new JsonParts([Buffer.from('{"jobs":['), ...items, Buffer.from(end)]);
}
