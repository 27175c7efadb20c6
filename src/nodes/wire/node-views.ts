import { Injectable, type PipeTransform } from '@nestjs/common';
import { type Request } from 'express';
import { DriverRegistry } from '../../drivers/driver.registry.js';
import { Links } from '../../http/links.js';
import { RequestItself } from '../../http/parameters.js';
import { JsonParts } from '../../http/replies/reply.js';
import { type NodeFieldName } from '../fields/node-fields.js';
import { conductorOf } from '../fields/node-interfaces.js';
import { type NodeRow } from '../node.js';
import { nodeView, type NodeViewContext } from './node.view.js';
import { Turns } from './turns.js';

/** In characters; text is encoded to bytes in parts of this size. */
const PART = 65_536;

@Injectable()
export class NodeViews implements PipeTransform<Request, NodeViewContext> {
  constructor(
    private readonly links: Links,
    private readonly drivers: DriverRegistry,
  ) {}

  transform(request: Request): NodeViewContext {
    return {
      base: this.links.base(request),
      microversion: request.microversion,
      conductorOf: ({ driver, conductor_group: group }: NodeRow) =>
        conductorOf(this.drivers, driver ?? '', group ?? ''),
    };
  }

  async page(
    rows: readonly NodeRow[],
    fields: readonly NodeFieldName[],
    context: NodeViewContext,
    next: string | undefined,
  ): Promise<JsonParts> {
    const parts: Buffer[] = [];
    let text = '{"nodes":[';
    const turns = new Turns();
    for (const [index, row] of rows.entries()) {
      const view = await nodeView(row, fields, context, turns);
      text += `${index > 0 ? ',' : ''}${JSON.stringify(view)}`;
      if (text.length > PART) {
        parts.push(Buffer.from(text));
        text = '';
      }
    }
    const link = next === undefined ? '' : `,"next":${JSON.stringify(next)}`;
    return new JsonParts([...parts, Buffer.from(`${text}]${link}}`)]);
  }
}

export const ViewContext = (): ParameterDecorator => RequestItself(NodeViews);
