import { FerruleError } from '@ferrule/driver-kit';

/** @param what for example `the driver_info of node …`. */
export class SecretsKeyMissing extends FerruleError {
  readonly code = 'SecretsKeyMissing';
  readonly status = 500;

  constructor(what: string, key: string) {
    super(
      `A secret in ${what} is encrypted with the key ${key}, which FERRULE_SECRETS_KEY does not have. Add that key to it.`,
    );
  }
}

export class SecretDamaged extends FerruleError {
  readonly code = 'SecretDamaged';
  readonly status = 500;

  constructor(what: string) {
    super(
      `A secret in ${what} cannot be decrypted: it was changed in the database, or moved there from another place. Set it again.`,
    );
  }
}
