import { NotFound } from '@ferrule/driver-kit';

export class ConductorNotFound extends NotFound {
  override readonly code = 'ConductorNotFound';
  constructor(hostname: string) {
    super(`Conductor ${hostname} could not be found.`);
  }
}
