import { StartError } from '../../config/start-error.js';

export interface AddOptions {
  readonly password?: boolean;
  readonly token?: boolean;
  readonly certificate?: string;
  readonly role?: readonly string[];
  readonly project?: string;
  readonly system?: boolean;
  readonly replace?: boolean;
}

export function refuseExisting(name: string, existing: readonly string[], { replace }: AddOptions): void {
  if (replace !== true && existing.includes(name)) {
    throw new StartError(`There is a caller '${name}' already; --replace writes it anew.`);
  }
}
