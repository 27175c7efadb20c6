import { NotFound } from '@ferrule/driver-kit';
import { Controller, Get, Inject, Param } from '@nestjs/common';
import { type z } from 'zod';
import { type Caller } from '../auth/caller.js';
import { Policy } from '../auth/policy/policy.js';
import { CallerOf } from '../auth/request-identity.js';
import { CONFIG, type Config } from '../config/config.js';
import { BadRequest } from '../http/errors.js';
import { type Link, linkPair, nextPage } from '../http/links.js';
import { CONDUCTORS_SINCE } from '../http/microversion.js';
import { LinkBase, Microversion, QueryOf } from '../http/parameters.js';
import { Listing } from '../openapi/listing.js';
import { listed } from '../text/listed.js';
import { ConductorPages, type ListedConductor } from './conductor-pages.js';
import {
  CONDUCTOR_FIELDS,
  CONDUCTOR_QUERY,
  type ConductorField,
  CONDUCTORS_LISTING,
  CONDUCTORS_QUERY,
  SUMMARY,
} from './conductors.docs.js';

type ConductorView = Readonly<Record<string, string | boolean | readonly string[] | readonly Link[]>>;

@Controller('v1/conductors')
export class ConductorsController {
  constructor(
    private readonly pages: ConductorPages,
    private readonly policy: Policy,
    @Inject(CONFIG) private readonly config: Pick<Config, 'maxLimit'>,
  ) {}

  @Listing(CONDUCTORS_LISTING)
  @Get()
  async list(
    @CallerOf() caller: Caller,
    @QueryOf(CONDUCTORS_QUERY) query: z.output<typeof CONDUCTORS_QUERY>,
    @Microversion() microversion: number,
    @LinkBase() base: string,
  ): Promise<{ conductors: ConductorView[]; next?: string }> {
    this.admit(caller, microversion);
    const { detail, marker, sort_key: sortKey, sort_dir: direction } = query;
    if (detail && query.fields) throw new BadRequest("Can't fetch a subset of fields with 'detail' set.");
    const fields = detail ? CONDUCTOR_FIELDS : (knownFields(query.fields) ?? SUMMARY);
    const limit = Math.min(query.limit ?? Infinity, this.config.maxLimit);
    const found = await this.pages.list({ sortKey, isDescending: direction === 'desc', marker, limit });
    const conductors = found.map((each) => conductorView(each, fields, base));
    const last = found.at(-1);
    if (!last || found.length < limit) return { conductors };
    const repeated = [
      ['sort_key', sortKey],
      ['sort_dir', direction],
      ...(detail ? [['detail', 'True'] as const] : []),
      ...(query.fields ? [['fields', query.fields.join(',')] as const] : []),
    ] as const;
    return { conductors, next: nextPage(base, '/v1/conductors', repeated, limit, last.hostname) };
  }

  @Get(':hostname')
  async show(
    @CallerOf() caller: Caller,
    @Param('hostname') hostname: string,
    @QueryOf(CONDUCTOR_QUERY) query: z.output<typeof CONDUCTOR_QUERY>,
    @Microversion() microversion: number,
    @LinkBase() base: string,
  ): Promise<ConductorView> {
    this.admit(caller, microversion);
    const fields = knownFields(query.fields) ?? CONDUCTOR_FIELDS;
    return conductorView(await this.pages.get(hostname), fields, base);
  }

  private admit(caller: Caller, microversion: number): void {
    if (microversion < CONDUCTORS_SINCE)
      throw new NotFound(`Conductors are shown from version 1.${CONDUCTORS_SINCE} on.`);
    this.policy.assert(caller, 'baremetal:conductor:get');
  }
}

function knownFields(names: readonly string[] | undefined): readonly ConductorField[] | undefined {
  if (!names) return undefined;
  const fields = CONDUCTOR_FIELDS.filter((field) => field === 'links' || names.includes(field));
  const unknown = names.filter((name) => !CONDUCTOR_FIELDS.some((field) => field === name));
  if (unknown.length > 0) throw new BadRequest(`Field(s) ${listed(unknown)} are not valid.`);
  return fields;
}

function conductorView(
  conductor: ListedConductor,
  fields: readonly ConductorField[],
  base: string,
): ConductorView {
  const links = linkPair(base, `conductors/${encodeURIComponent(conductor.hostname)}`);
  const all = { ...conductor, links };
  return Object.fromEntries(fields.map((field) => [field, all[field]]));
}
