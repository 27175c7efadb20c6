import { type CanActivate, type ExecutionContext, type Type } from '@nestjs/common';
import { type Request } from 'express';
import { RouteNotFound } from '../http/errors.js';
import { pathOf } from '../http/request.js';

/** 404 below 1.N: the path is newer than what the client knows. */
export function Since(minor: number): Type<CanActivate> {
  return class SinceGuard implements CanActivate {
    canActivate(context: ExecutionContext): boolean {
      const request = context.switchToHttp().getRequest<Request>();
      if (request.microversion < minor) throw new RouteNotFound(pathOf(request.originalUrl));
      return true;
    }
  };
}
