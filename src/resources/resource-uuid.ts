import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { type Request } from 'express';
import { BadRequest } from '../http/errors.js';
import { uuidOf } from '../http/query/uuid.js';
import { shortened } from '../text/listed.js';

/** `:uuid` of the path. @throws BadRequest (400) */
export const ResourceUuid = createParamDecorator((_data: undefined, context: ExecutionContext): string => {
  const { uuid: named } = context.switchToHttp().getRequest<Request>().params;
  if (typeof named !== 'string') throw new TypeError('The route has no :uuid.');
  const uuid = uuidOf(named);
  if (uuid === undefined) throw new BadRequest(`Expected a UUID but received ${shortened(named)}.`);
  return uuid;
});
