import { type RequestHandler } from 'express';
import { header } from '../http/request.js';
import { Misdirected } from './errors.js';
import { FORWARDED } from './forwarded-headers.js';

/** Refuses forwarded calls while this process takes none, so that they are sent to another one. */
export function misdirected(takesCalls: () => boolean): RequestHandler {
  return (request, _response, next) => {
    if (header(request, FORWARDED) !== undefined && !takesCalls())
      throw new Misdirected('takes no calls now');
    next();
  };
}
