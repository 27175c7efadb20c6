import { Controller, Get, Inject } from '@nestjs/common';
import { type z } from 'zod';
import { type Caller } from '../auth/caller.js';
import { Policy } from '../auth/policy/policy.js';
import { CallerOf } from '../auth/request-identity.js';
import { Reader } from '../auth/origin.js';
import { CONFIG, type Config } from '../config/config.js';
import { BadRequest } from '../http/errors.js';
import { ListQueue, type ListReader } from '../http/limits/list-queue.js';
import { nextPage } from '../http/links.js';
import { uuidOf } from '../http/query/uuid.js';
import { LinkBase, QueryOf } from '../http/parameters.js';
import { JsonParts } from '../http/replies/reply.js';
import { Listing } from '../openapi/listing.js';
import { AUDIT_LISTING, AUDIT_QUERY } from './audit.docs.js';
import { AuditRepository } from './audit.repository.js';
import { NoNodeOfName } from './errors.js';
import { recordJson } from './audit.view.js';

/** Digits of a bigint. */
const SEQ = /^\d{1,18}$/;

@Controller('v1/audit')
export class AuditController {
  constructor(
    private readonly records: AuditRepository,
    private readonly policy: Policy,
    private readonly queue: ListQueue,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  @Listing(AUDIT_LISTING)
  @Get()
  async list(
    @CallerOf() caller: Caller,
    @QueryOf(AUDIT_QUERY) { limit: asked, ...filter }: z.output<typeof AUDIT_QUERY>,
    @LinkBase() base: string,
    @Reader() reader: ListReader,
  ): Promise<JsonParts> {
    this.policy.assert(caller, 'ferrule:audit:get');
    const { marker, ...kept } = filter;
    if (marker !== undefined && !SEQ.test(marker)) {
      throw new BadRequest(`Invalid marker '${marker}': expected the seq of a record.`);
    }
    const node = await this.nodeUuid(filter.node);
    const limit = Math.min(asked ?? Infinity, this.config.maxLimit);
    const found = await this.queue.make(reader, () => this.records.list({ ...filter, node, limit }));
    const last = found.at(-1);
    const parameters = Object.entries(kept).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, value] as const],
    );
    const next =
      last && found.length === limit
        ? `,"next":${JSON.stringify(nextPage(base, '/v1/audit', parameters, limit, last.seq))}`
        : '';
    return new JsonParts([Buffer.from(`{"audit":[${found.map(recordJson).join(',')}]${next}}`)]);
  }

  /** A UUID may belong to a deleted node; a name must belong to an existing one. */
  private async nodeUuid(asked: string | undefined): Promise<string | undefined> {
    if (asked === undefined) return undefined;
    const uuid = uuidOf(asked) ?? (await this.records.nodeNamed(asked));
    if (uuid === undefined) throw new NoNodeOfName(asked);
    return uuid;
  }
}
