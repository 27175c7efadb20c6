import { type JsonValue } from '@ferrule/driver-kit';
import { Controller, Delete, Get, Inject, Param, Post, Put, Res, UseFilters } from '@nestjs/common';
import { type Response } from 'express';
import { z } from 'zod';
import { type Caller } from '../auth/caller.js';
import { originOf } from '../auth/origin.js';
import { CallerOf, Identity, type RequestIdentity } from '../auth/request-identity.js';
import { CONFIG, type Config } from '../config/config.js';
import { ForwardingFilter } from '../forwarding/forwarding.filter.js';
import { clientOf } from '../http/client-gone.js';
import { BadRequest } from '../http/errors.js';
import { etagOf, isKnown } from '../http/etag.js';
import { nextPage } from '../http/links.js';
import { JsonBody, LargeJsonBody, LinkBase, Microversion, NoQuery, QueryOf } from '../http/parameters.js';
import { sendEmpty, sendJson, sendJsonText } from '../http/replies/reply.js';
import { header } from '../http/request.js';
import { Listing } from '../openapi/listing.js';
import { FleetAccess } from './fleet-access.js';
import { fleetCallView, fleetNodeView, type FleetCallView, type FleetNodeView } from './fleet-call.view.js';
import { FleetCallRepository } from './fleet-call.repository.js';
import { type StoredFleetCall } from './fleet-call-row.js';
import { FleetCalls } from './fleet-calls.js';
import {
  CREATION_QUERY,
  FLEET_CALL_QUERY,
  FLEET_CALLS_LISTING,
  FLEET_CALLS_QUERY,
  FLEET_NODES_LISTING,
  FLEET_NODES_QUERY,
} from './fleet-calls.docs.js';
import { FleetNodeNotFound } from './fleet-node.js';
import { FleetNodeRepository, type FleetNodesQuery } from './fleet-node.repository.js';
import { FleetWaiters } from './fleet-waiters.js';
import { MOST_VALUES } from './making/fleet-call-body.js';
import { FleetDryRuns } from './making/fleet-dry-run.js';
import { FleetPlans } from './making/fleet-plans.js';

/** Of a fleet call; the others are in the list of its nodes. */
const SHOWN_FAILURES = 10;
const FAILURES = ['failed', 'timed-out', 'refused', 'outcome-unknown', 'cancelled'] as const;

const TARGET = z.strictObject({ target: z.enum(['paused', 'running']) });

@Controller('v1/fleet_calls')
@UseFilters(ForwardingFilter)
export class FleetCallsController {
  constructor(
    private readonly fleetCalls: FleetCalls,
    private readonly plans: FleetPlans,
    private readonly dryRuns: FleetDryRuns,
    private readonly calls: FleetCallRepository,
    private readonly fleetNodes: FleetNodeRepository,
    private readonly access: FleetAccess,
    private readonly waiters: FleetWaiters,
    @Inject(CONFIG) private readonly config: Pick<Config, 'maxLimit'>,
  ) {}

  @Listing(FLEET_CALLS_LISTING)
  @Get()
  async list(
    @CallerOf() caller: Caller,
    @QueryOf(FLEET_CALLS_QUERY) query: z.output<typeof FLEET_CALLS_QUERY>,
    @LinkBase() base: string,
  ): Promise<{ fleet_calls: FleetCallView[]; next?: string }> {
    const ownerId = this.access.listed(caller);
    const { state, caller: name, marker } = query;
    const limit = Math.min(query.limit ?? Infinity, this.config.maxLimit);
    if (marker !== undefined) await this.access.get(marker, caller);
    const found = await this.calls.list({ state, caller: name, marker, limit, ownerId });
    const calls = found.map((call) => fleetCallView(call, base));
    const last = found.at(-1);
    if (!last || found.length < limit) return { fleet_calls: calls };
    const kept = given({ state, caller: name });
    return { fleet_calls: calls, next: nextPage(base, '/v1/fleet_calls', kept, limit, last.id) };
  }

  @Post()
  async create(
    @Identity() identity: RequestIdentity,
    @QueryOf(CREATION_QUERY) { dry_run: isDryRun }: z.output<typeof CREATION_QUERY>,
    @LargeJsonBody(MOST_VALUES) body: JsonValue | undefined,
    @Microversion() microversion: number,
    @LinkBase() base: string,
    @Res() response: Response,
  ): Promise<void> {
    const plan = await this.plans.plan(body ?? {}, microversion, identity);
    if (isDryRun) {
      const gone = clientOf(response, 'its dry run was made');
      sendJson(response, 200, await this.dryRuns.of(plan, gone));
      return;
    }
    const id = await this.fleetCalls.create(plan);
    response.setHeader('Location', `${base}/v1/fleet_calls/${id}`);
    await this.send(response, 202, id, identity.caller, base);
  }

  @Get(':id')
  async show(
    @CallerOf() caller: Caller,
    @Param('id') id: string,
    @QueryOf(FLEET_CALL_QUERY) { wait }: z.output<typeof FLEET_CALL_QUERY>,
    @LinkBase() base: string,
    @Res() response: Response,
  ): Promise<void> {
    const call = await this.access.get(id, caller);
    if (wait > 0 && call.endedAt === null) {
      const gone = clientOf(response, 'it waited for a fleet call');
      await this.waiters.wait(call.id, wait * 1_000, gone, originOf(response.req));
    }
    await this.send(response, 200, call.id, caller, base);
  }

  @Put(':id/state')
  async move(
    @Identity() identity: RequestIdentity,
    @Param('id') id: string,
    @NoQuery() _query: unknown,
    @JsonBody() body: JsonValue | undefined,
    @LinkBase() base: string,
    @Res() response: Response,
  ): Promise<void> {
    const call = await this.access.get(id, identity.caller);
    const asked = TARGET.safeParse(body);
    if (!asked.success) throw new BadRequest('Expected {"target": "paused"} or {"target": "running"}.');
    await this.fleetCalls.move(call, asked.data.target, identity);
    await this.send(response, 200, call.id, identity.caller, base);
  }

  /** A body is ignored, as for nodes. */
  @Delete(':id')
  async cancel(
    @Identity() identity: RequestIdentity,
    @Param('id') id: string,
    @NoQuery() _query: unknown,
    @LinkBase() base: string,
    @Res() response: Response,
  ): Promise<void> {
    const call = await this.access.get(id, identity.caller);
    const status = await this.fleetCalls.cancel(call, identity);
    await this.send(response, status, call.id, identity.caller, base);
  }

  @Listing(FLEET_NODES_LISTING)
  @Get(':id/nodes')
  async nodes(
    @CallerOf() caller: Caller,
    @Param('id') id: string,
    @QueryOf(FLEET_NODES_QUERY) { state, marker, limit: asked }: z.output<typeof FLEET_NODES_QUERY>,
    @LinkBase() base: string,
  ): Promise<{ nodes: FleetNodeView[]; next?: string }> {
    const call = await this.access.get(id, caller);
    const limit = Math.min(asked ?? Infinity, this.config.maxLimit);
    const states = state === undefined ? undefined : [state];
    if (marker !== undefined && !(await this.fleetNodes.exists(call.id, marker))) {
      throw new FleetNodeNotFound(call.id, marker);
    }
    const nodes = await this.nodesOf(call, caller, { states, after: marker, limit });
    const last = nodes.at(-1);
    if (!last || nodes.length < limit) return { nodes };
    const next = nextPage(base, `/v1/fleet_calls/${call.id}/nodes`, given({ state }), limit, last.node);
    return { nodes, next };
  }

  private async send(
    response: Response,
    status: number,
    id: string,
    caller: Caller,
    base: string,
  ): Promise<void> {
    const call = await this.access.get(id, caller);
    const text = JSON.stringify(await this.document(call, caller, base));
    const etag = etagOf(text);
    response.setHeader('ETag', etag);
    const isGet = response.req.method === 'GET';
    if (isGet && isKnown(etag, header(response.req, 'if-none-match'))) sendEmpty(response, 304);
    else sendJsonText(response, status, text);
  }

  private async document(call: StoredFleetCall, caller: Caller, base: string) {
    const failures = FAILURES.some((state) => call.counts[state])
      ? await this.nodesOf(call, caller, { states: FAILURES, limit: SHOWN_FAILURES })
      : [];
    return { ...fleetCallView(call, base), failures };
  }

  private async nodesOf(
    call: StoredFleetCall,
    caller: Caller,
    query: Omit<FleetNodesQuery, 'visible'>,
  ): Promise<FleetNodeView[]> {
    const visible = this.access.visibleNodes(call, caller);
    const found = await this.fleetNodes.list(call.id, { ...query, visible });
    return found.map((node) => fleetNodeView(node, this.access.maySeeError(call, node, caller)));
  }
}

function given(parameters: Readonly<Record<string, string | undefined>>): (readonly [string, string])[] {
  return Object.entries(parameters).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]));
}
