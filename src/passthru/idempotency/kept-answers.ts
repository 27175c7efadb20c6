import { Injectable, Logger } from '@nestjs/common';
import { isTransient } from '../../database/faults/is-transient.js';
import { type Answer } from '../../http/replies/answer.js';
import { Lifecycle } from '../../lifecycle/lifecycle.js';
import { reasonOf } from '../../logging/reason-of.js';
import { throttled } from '../../logging/throttled.js';
import { SecretsAtRest } from '../../secrets/at-rest/secrets-at-rest.js';
import { retry } from '../../waiting/retry.js';
import { IdempotencyKeyRepository, type KnownKey } from './idempotency-key.repository.js';

/** Bytes; the answers of a day are kept. */
export const LARGEST_ANSWER = 1_048_576;

/** The answers of calls with a key, for their repeats; encrypted with FERRULE_SECRETS_KEY. */
@Injectable()
export class KeptAnswers {
  private readonly logger = new Logger(KeptAnswers.name);
  private readonly warn = throttled((message) => this.logger.warn(message));
  private unstored = 0;
  private bytes = 0;

  constructor(
    private readonly repository: IdempotencyKeyRepository,
    private readonly secrets: SecretsAtRest,
    private readonly lifecycle: Lifecycle,
  ) {
    lifecycle.awaits(() => (this.unstored > 0 ? `${this.unstored} answers to be stored` : undefined));
  }

  /** Of all answers that this process has stored. */
  get storedBytes(): number {
    return this.bytes;
  }

  /**
   * Resolves when the answer is stored, or is being stored again after a failure.
   * @param onStored called in both cases, once it is.
   */
  async store(id: string, { status, headers, body }: Answer, onStored: () => void): Promise<void> {
    const kept =
      body.byteLength <= LARGEST_ANSWER
        ? this.secrets.sealedAnswer(id, JSON.stringify(headers), body)
        : undefined;
    const attempt = async (): Promise<void> => {
      await this.repository.answered(id, status, kept);
      this.bytes += kept?.body.byteLength ?? 0;
      onStored();
    };
    const without = async (): Promise<void> => {
      await this.repository.answered(id, status, undefined);
      onStored();
    };
    try {
      await attempt();
    } catch (error) {
      this.warn(`The answer of a call with an Idempotency-Key could not be stored yet: ${reasonOf(error)}`);
      void this.storeLater(attempt, without);
    }
  }

  open({ id, status, headers, body, sealedWith }: KnownKey): Answer {
    const stored = { headers, body: body ?? Buffer.alloc(0), sealedWith };
    const opened = this.secrets.openedAnswer(id, stored);
    return {
      status: status ?? 0,
      headers: JSON.parse(opened.headers) as Answer['headers'],
      body: opened.body,
    };
  }

  /** Only this process knows the answer. */
  private async storeLater(whole: () => Promise<void>, without: () => Promise<void>): Promise<void> {
    this.unstored++;
    const store = (attempt: () => Promise<void>, isWorthwhile: (error: unknown) => boolean) =>
      retry(attempt, {
        patience: Infinity,
        stop: this.lifecycle.closingEnds,
        isWorthwhile,
        onFailure: () => {},
      });
    try {
      // Until something is stored, a repeat must neither run the call nor wait in vain for its answer.
      await store(whole, isTransient).catch(() => store(without, () => true));
    } catch (error) {
      this.logger.error(`The answer of a call with an Idempotency-Key is lost: ${reasonOf(error)}`);
    } finally {
      this.unstored--;
    }
  }
}
