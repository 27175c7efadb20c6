import { FerruleError } from '@ferrule/driver-kit';
import { type Response } from 'express';
import { Stop } from '../waiting/stop.js';

/** The answer is never read. */
export class ClientGone extends FerruleError {
  readonly code = 'ClientGone';
  readonly status = 400;

  /** @param when what the call was doing. */
  constructor(when: string) {
    super(`The client disconnected while ${when}.`);
  }
}

/** Aborted when the client has disconnected. @param when what the call was doing. */
export function clientOf(response: Response, when: string): Stop {
  const gone = new Stop();
  const leave = () => {
    // Also the end of a whole answer closes it.
    if (!response.writableFinished) gone.abort(new ClientGone(when));
  };
  if (response.closed) leave();
  else response.once('close', leave);
  return gone;
}
