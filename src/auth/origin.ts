import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { type Request, type Response } from 'express';
import { clientOf } from '../http/client-gone.js';
import { type ListReader } from '../http/limits/list-queue.js';
import { networkOf } from '../http/limits/network-of.js';

/** With which others a request shares a limit: those of its caller, or of its network. */
export function originOf({ caller: { id, projectId }, ip }: Request): string {
  return id === null ? networkOf(ip) : `${projectId ?? ''} ${id}`;
}

export const Reader = createParamDecorator((_data: undefined, context: ExecutionContext): ListReader => {
  const http = context.switchToHttp();
  return {
    origin: originOf(http.getRequest<Request>()),
    gone: clientOf(http.getResponse<Response>(), 'the list waited'),
  };
});
