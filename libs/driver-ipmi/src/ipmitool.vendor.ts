import {
  type ExclusiveTask,
  FerruleError,
  type JsonObject,
  Passthru,
  VendorInterface,
} from '@ferrule/driver-kit';
import { type z } from 'zod';
import { BmcResetArgs } from './bmc-reset.args.js';
import { IpmiBmcs } from './client/ipmi-bmcs.js';
import { IpmiSettings } from './ipmi.settings.js';
import { RawAnswer, rawAnswerOf } from './raw/raw-answer.js';
import { hex, type RawBytes } from './raw/raw-bytes.js';
import { SendRawArgs } from './raw/send-raw.args.js';

/** 403: the operator does not allow a command. */
export class RequestNotAllowed extends FerruleError {
  readonly code = 'RequestNotAllowed';
  readonly status = 403;
}

/** The methods of Ironic's vendor interface `ipmitool`. */
@VendorInterface({ name: 'ipmitool' })
export class IpmitoolVendor {
  constructor(
    private readonly bmcs: IpmiBmcs,
    private readonly settings: IpmiSettings,
  ) {}

  @Passthru({
    http: ['POST'],
    effect: 'disruptive',
    args: BmcResetArgs,
    description:
      "Reset the BMC. Required argument: 'warm' (Boolean) - for warm (True) or cold (False) reset.",
  })
  async bmcReset(task: ExclusiveTask, { warm }: z.output<typeof BmcResetArgs>): Promise<JsonObject> {
    const words = ['bmc', 'reset', warm ? 'warm' : 'cold'];
    await this.bmcs.run(task, { words, operation: 'bmc reset', isReading: false });
    return { reset: warm ? 'warm' : 'cold' };
  }

  @Passthru({
    http: ['POST'],
    args: SendRawArgs,
    returns: RawAnswer,
    validate(this: IpmitoolVendor, _task, { raw_bytes }) {
      this.refuseDenied(raw_bytes);
    },
    description:
      "Send raw bytes to the BMC. Required argument: 'raw_bytes' - a string of raw bytes (e.g. '0x00 0x01').",
  })
  async sendRaw(task: ExclusiveTask, { raw_bytes }: z.output<typeof SendRawArgs>): Promise<RawAnswer> {
    const words = ['raw', ...raw_bytes.map(hex)];
    return rawAnswerOf(await this.bmcs.run(task, { words, operation: 'raw', isReading: false }));
  }

  private refuseDenied(bytes: RawBytes): void {
    const refusal = this.settings.rawDeny.refusal(bytes);
    if (refusal === undefined) return;
    throw new RequestNotAllowed(
      `send_raw does not send the command ${hex(bytes[0])}/${hex(bytes[1])}: ${refusal}.`,
    );
  }
}
