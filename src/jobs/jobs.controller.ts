import { Controller, Delete, Get, Inject, Param, Res } from '@nestjs/common';
import { type Response } from 'express';
import { type z } from 'zod';
import { type Caller } from '../auth/caller.js';
import { CallerOf, Identity, type RequestIdentity } from '../auth/request-identity.js';
import { originOf, Reader } from '../auth/origin.js';
import { CONFIG, type Config } from '../config/config.js';
import { clientOf } from '../http/client-gone.js';
import { isKnown } from '../http/etag.js';
import { ListQueue, type ListReader } from '../http/limits/list-queue.js';
import { sendAttachment } from '../http/replies/attachment-reply.js';
import { JsonParts, sendEmpty, sendJsonParts } from '../http/replies/reply.js';
import { nextPage } from '../http/links.js';
import { LinkBase, Microversion, NoQuery, QueryOf } from '../http/parameters.js';
import { header } from '../http/request.js';
import { uuidOf } from '../http/query/uuid.js';
import { PassthruNodes } from '../nodes/record/passthru-nodes.js';
import { type Job, JobNotFound } from './record/job.js';
import { nodeUuidOf } from './record/job-node.js';
import { JobPages } from './record/job-pages.js';
import { JobRepository } from './record/job.repository.js';
import { JobAccess } from './record/job-access.js';
import { JobCancellation } from './job-cancellation.js';
import { hasEnded } from '../database/job-state.js';
import { jobJson, taggedJobJson } from './record/job.view.js';
import { JobWaiters } from './following/job-waiters.js';
import { Listing } from '../openapi/listing.js';
import { JOB_QUERY, JOBS_LISTING, JOBS_QUERY } from './record/jobs.docs.js';

const COMMA = Buffer.from(',');
/** What the next page has without being asked for it. */
const DEFAULTS: Readonly<Record<string, unknown>> = JOBS_QUERY.parse({});

@Controller('v1/jobs')
export class JobsController {
  constructor(
    private readonly jobs: JobRepository,
    private readonly pages: JobPages,
    private readonly nodes: PassthruNodes,
    private readonly access: JobAccess,
    private readonly cancellation: JobCancellation,
    private readonly waiters: JobWaiters,
    private readonly queue: ListQueue,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  @Listing(JOBS_LISTING)
  @Get()
  async list(
    @CallerOf() caller: Caller,
    @QueryOf(JOBS_QUERY) query: z.output<typeof JOBS_QUERY>,
    @Microversion() microversion: number,
    @LinkBase() base: string,
    @Reader() reader: ListReader,
  ): Promise<JsonParts> {
    const { limit: asked, marker, ...filters } = query;
    const { node, state, driver, method, caller: name, fleet_call: fleetCall, since } = filters;
    const visible = this.access.visible(caller);
    const limit = Math.min(asked ?? Infinity, this.config.maxLimit);
    if (marker !== undefined) await this.assertExists(marker, visible);
    const nodeUuid =
      node === undefined ? undefined : await nodeUuidOf(this.nodes, node, microversion, caller);
    return this.queue.make(reader, async () => {
      const { jobs, isFull } = await this.pages.list({
        ...{ nodeUuid, state, driver, method, caller: name, fleetCall, since, marker, limit, visible },
        sortKey: filters.sort_key,
        sortDir: filters.sort_dir,
      });
      const last = jobs.at(-1);
      const items = jobs.map((job) => this.json(job, caller, base));
      if (!isFull || !last) return page(items);
      const kept = Object.entries(filters).flatMap(([filter, value]) =>
        value === undefined || value === DEFAULTS[filter] ? [] : [[filter, value] as const],
      );
      return page(items, nextPage(base, '/v1/jobs', kept, limit, last.id));
    });
  }

  @Get(':job')
  async show(
    @CallerOf() caller: Caller,
    @Param('job') id: string,
    @QueryOf(JOB_QUERY) { wait }: z.output<typeof JOB_QUERY>,
    @LinkBase() base: string,
    @Res() response: Response,
  ): Promise<void> {
    let job = await this.get(id, caller);
    if (wait > 0 && !hasEnded(job.state)) {
      await this.waiters.wait(
        job.id,
        wait * 1_000,
        clientOf(response, 'it waited for a job'),
        originOf(response.req),
      );
      job = await this.get(id, caller);
    }
    const { json, etag } = taggedJobJson(job, base, this.access.sightOf(caller, job));
    response.setHeader('ETag', etag);
    if (isKnown(etag, header(response.req, 'if-none-match'))) sendEmpty(response, 304);
    else sendJsonParts(response, 200, new JsonParts([json]));
  }

  /** A body is ignored, as for nodes. */
  @Delete(':job')
  async cancel(
    @Identity() identity: RequestIdentity,
    @Param('job') id: string,
    @NoQuery() _query: unknown,
    @LinkBase() base: string,
    @Res() response: Response,
  ): Promise<void> {
    const { caller } = identity;
    const uuid = uuidOf(id);
    if (uuid === undefined) throw new JobNotFound(id);
    const status = await this.cancellation.cancel(uuid, this.access.visible(caller), identity);
    const job = await this.get(uuid, caller);
    sendJsonParts(response, status, new JsonParts([this.json(job, caller, base)]));
  }

  @Get(':job/attachment')
  async attachment(
    @CallerOf() caller: Caller,
    @Param('job') id: string,
    @NoQuery() _query: unknown,
    @Res() response: Response,
  ): Promise<void> {
    const uuid = uuidOf(id);
    const visible = this.access.visible(caller);
    const job = uuid && (await this.jobs.findCalled(uuid, visible));
    if (!uuid || !job) throw new JobNotFound(id);
    this.access.assertOutcome(caller, job);
    const file = await this.jobs.attachment(uuid);
    if (!file) throw new JobNotFound(`${id} with an attachment`);
    sendAttachment(response, {
      bytes: file.body,
      contentType: file.content_type,
      filename: file.filename ?? undefined,
    });
  }

  private json(job: Job, caller: Caller, base: string): Buffer {
    return jobJson(job, base, this.access.sightOf(caller, job));
  }

  private async get(id: string, caller: Caller) {
    const uuid = uuidOf(id);
    const visible = this.access.visible(caller);
    const job = uuid && (await this.jobs.find(uuid, visible));
    if (!job) throw new JobNotFound(id);
    return job;
  }

  private async assertExists(id: string, visible: ReturnType<JobAccess['visible']>): Promise<void> {
    const uuid = uuidOf(id);
    if (!uuid || !(await this.jobs.exists(uuid, visible))) throw new JobNotFound(id);
  }
}

function page(jobs: readonly Buffer[], next?: string): JsonParts {
  const items = jobs.flatMap((job, index) => (index > 0 ? [COMMA, job] : [job]));
  const end = next === undefined ? ']}' : `],"next":${JSON.stringify(next)}}`;
  return new JsonParts([Buffer.from('{"jobs":['), ...items, Buffer.from(end)]);
}
