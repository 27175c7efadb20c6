import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '../../config/config.js';
import { Roster } from '../../conductors/roster/roster.js';
import { type ListReader, ListQueue } from '../../http/limits/list-queue.js';
import { type JsonParts } from '../../http/replies/reply.js';
import { jsonPage } from '../../resources/list/json-page.js';
import { nextLink } from '../../resources/list/page-request.js';
import { NodeAccess } from '../access/node-access.js';
import { visibleNodes } from '../access/visible-nodes.js';
import { nodeView, type NodeViewContext } from '../wire/node.view.js';
import { nodeConditions } from './node-filters.js';
import { NodeListRepository } from './node-list.repository.js';
import { type NodeListRequest } from './node-list.request.js';

@Injectable()
export class NodePages {
  constructor(
    private readonly lists: NodeListRepository,
    private readonly roster: Roster,
    private readonly access: NodeAccess,
    private readonly queue: ListQueue,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** @param path of the list, for the link to the next page. */
  async make(
    asked: NodeListRequest,
    context: NodeViewContext,
    reader: ListReader,
    path: string,
  ): Promise<JsonParts> {
    const page = { ...asked, limit: Math.min(asked.limit, this.config.maxLimit) };
    const { caller, base } = context;
    const { filters, fields } = page;
    const conditions = nodeConditions(filters, this.roster.all);
    const visible = visibleNodes(this.access.listed(caller, page.sort.key), caller.projectId);
    return this.queue.make(reader, async () => {
      if (filters.chassis_uuid !== undefined) await this.lists.assertChassis(filters.chassis_uuid);
      const found = await this.lists.list({ ...page, conditions, visible });
      const next = filters.instance_uuid === undefined ? nextLink(page, found, base, path) : undefined;
      return jsonPage('nodes', found.rows, (row, slice) => nodeView(row, fields, context, slice), next);
    });
  }
}
