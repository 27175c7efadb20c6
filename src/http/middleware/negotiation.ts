import { type NextFunction, type Request, type RequestHandler, type Response } from 'express';
import {
  LEGACY_HEADER,
  MAXIMUM_MICROVERSION,
  MINIMUM_MICROVERSION,
  negotiate,
  STANDARD_HEADER,
  VERSION_HEADERS,
  versionText,
} from '../microversion.js';
import { isApiPath } from './paths.js';
import { header, pathOf } from '../request.js';

const MINIMUM = versionText(MINIMUM_MICROVERSION);
const MAXIMUM = versionText(MAXIMUM_MICROVERSION);

/** Refusals of a handler that runs before the negotiation have the headers of the versions, too. */
export function withVersions(handler: RequestHandler): RequestHandler {
  return (request, response, next) => {
    let hasPassed = false;
    try {
      return handler(request, response, () => {
        hasPassed = true;
        next();
      });
    } catch (refusal) {
      // What comes after the handler throws through it, too.
      if (hasPassed) throw refusal;
      negotiation(request, response, () => {
        throw refusal;
      });
    }
  };
}

/** Runs before routing, so that an unsupported version is 406 for any path. */
export function negotiation(request: Request, response: Response, next: NextFunction): void {
  request.microversion = MINIMUM_MICROVERSION;
  if (!isApiPath(pathOf(request.url))) {
    next();
    return;
  }
  request.microversion = negotiate(header(request, STANDARD_HEADER), header(request, LEGACY_HEADER));
  response.setHeader(VERSION_HEADERS.minimum, MINIMUM);
  response.setHeader(VERSION_HEADERS.maximum, MAXIMUM);
  response.setHeader(VERSION_HEADERS.current, versionText(request.microversion));
  next();
}
