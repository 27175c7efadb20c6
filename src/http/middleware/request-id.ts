import { randomUUID } from 'node:crypto';
import { type NextFunction, type Request, type Response } from 'express';

/** Sets both header names: releases before 1.107 know only the first, clients print the second. */
export function requestId(request: Request, response: Response, next: NextFunction): void {
  const id = `req-${randomUUID()}`;
  request.requestId = id;
  response.setHeader('openstack-request-id', id);
  response.setHeader('x-openstack-request-id', id);
  next();
}
