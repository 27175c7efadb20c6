import { Controller, Get, Inject, Param, Req, Res } from '@nestjs/common';
import { type Request, type Response } from 'express';
import { CONFIG, type Config } from '../config/config.js';
import { sendAttachment } from '../http/attachment-reply.js';
import { BadRequest } from '../http/errors.js';
import { Links, nextPage } from '../http/links.js';
import { type ParameterTable, Query } from '../http/query/query.js';
import { uuidOf } from '../http/query/uuid.js';
import { nodeIdent } from '../nodes/fields/node-name.js';
import { PassthruNodes } from '../nodes/passthru-nodes.js';
import { JOB_STATES, JobNotFound, type JobState } from './job.js';
import { JobRepository } from './job.repository.js';
import { type JobView, jobView } from './job.view.js';
import { Listing } from '../openapi/listing.js';
import { JOBS_LISTING } from './jobs.docs.js';

const PARAMETERS: ParameterTable = { node: 1, state: 1, limit: 1, marker: 1 };

/** The records of asynchronous calls: Ferrule's own resource, at every microversion. */
@Controller('v1/jobs')
export class JobsController {
  constructor(
    private readonly jobs: JobRepository,
    private readonly nodes: PassthruNodes,
    private readonly links: Links,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** Newest first. */
  @Listing(JOBS_LISTING)
  @Get()
  async list(@Req() request: Request): Promise<{ jobs: JobView[]; next?: string }> {
    const query = Query.of(request);
    query.check(PARAMETERS, request.microversion);
    const limit = query.limit(this.config.maxLimit);
    const marker = query.uuid('marker');
    if (marker !== undefined) await this.get(marker);
    const node = query.text('node');
    const jobs = await this.jobs.list({
      nodeUuid: node === undefined ? undefined : await this.nodeUuid(node, request),
      state: stateOf(query),
      marker,
      limit,
    });
    const base = this.links.base(request);
    const views = jobs.map((job) => jobView(job, base));
    const last = jobs.at(-1);
    if (jobs.length < limit || !last) return { jobs: views };
    const kept = ['node', 'state'].flatMap((name) => {
      const value = query.text(name);
      return value === undefined ? [] : [[name, value] as const];
    });
    return { jobs: views, next: nextPage(base, '/v1/jobs', kept, limit, last.id) };
  }

  @Get(':job')
  async show(@Req() request: Request, @Param('job') id: string): Promise<JobView> {
    Query.of(request).check({}, request.microversion);
    return jobView(await this.get(id), this.links.base(request));
  }

  /** The file that an asynchronous attachment method made. */
  @Get(':job/attachment')
  async attachment(
    @Req() request: Request,
    @Param('job') id: string,
    @Res() response: Response,
  ): Promise<void> {
    Query.of(request).check({}, request.microversion);
    const job = await this.get(id);
    const file = await this.jobs.attachment(job.id);
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

  /** Jobs outlive their nodes, so a UUID need not be one of a node that is there; a name does. */
  private async nodeUuid(text: string, request: Request): Promise<string> {
    const ident = nodeIdent(text, request.microversion);
    return 'uuid' in ident ? ident.uuid : (await this.nodes.get({ text, idents: [ident] })).uuid;
  }
}

function stateOf(query: Query): JobState | undefined {
  const text = query.text('state');
  const state = JOB_STATES.find((each) => each === text);
  if (text === undefined || state) return state;
  throw new BadRequest(`Invalid state: '${text}'; the states are ${JOB_STATES.join(', ')}.`);
}
