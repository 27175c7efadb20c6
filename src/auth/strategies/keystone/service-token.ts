import { type KeystoneClient, type TokenRequest } from './keystone-client.js';

/** A token is not used in the last part of its life, so that it does not end on the way. */
const MARGIN_MS = 60_000;

/** The service's own token, which is got when it is first needed and when the former one ends. */
export class ServiceToken {
  private current: { readonly id: string; readonly expires: number } | undefined;
  private coming: Promise<string> | undefined;

  constructor(
    private readonly client: KeystoneClient,
    private readonly auth: TokenRequest,
  ) {}

  async get(): Promise<string> {
    const { current } = this;
    if (current !== undefined && Date.now() < current.expires - MARGIN_MS) return current.id;
    this.coming ??= this.issue();
    return this.coming;
  }

  /** Keystone refused it. */
  forget(id: string): void {
    if (this.current?.id === id) this.current = undefined;
  }

  private async issue(): Promise<string> {
    try {
      this.current = await this.client.issue(this.auth);
      return this.current.id;
    } finally {
      this.coming = undefined;
    }
  }
}
