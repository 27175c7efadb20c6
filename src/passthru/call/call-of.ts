import { type Request } from 'express';
import { type PassthruCall } from './passthru-call.js';

declare module 'express-serve-static-core' {
  interface Request {
    passthruCall?: PassthruCall;
  }
}

export function callOf(request: Request): PassthruCall {
  const call = request.passthruCall;
  if (!call) throw new Error('The method guard did not run.');
  return call;
}
