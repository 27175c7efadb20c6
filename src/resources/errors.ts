import { InvalidParameterValue } from '@ferrule/driver-kit';

export class PatchError extends InvalidParameterValue {
  override readonly code = 'PatchError';
}
