import { setTimeout as delay } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { type AcmeXrInfo } from './acme-xr.info.js';

/** Talks to a BMC. This one only pretends to; replace the bodies of its methods. */
@Injectable()
export class AcmeXrClient {
  async readStatus(bmc: AcmeXrInfo, signal: AbortSignal) {
    signal.throwIfAborted();
    return { address: bmc.acme_xr_address, temperature: 41 };
  }

  async readEventLog(bmc: AcmeXrInfo, signal: AbortSignal) {
    signal.throwIfAborted();
    return `${bmc.acme_xr_address}: nothing to report\n`;
  }

  async setLed(bmc: AcmeXrInfo, isOn: boolean, signal: AbortSignal) {
    signal.throwIfAborted();
    return { address: bmc.acme_xr_address, led: isOn ? 'on' : 'off' };
  }

  /** Sends a firmware image in four parts. Passing `signal` on ends the method when its task is aborted. */
  async *flash(_bmc: AcmeXrInfo, _image: URL, signal: AbortSignal) {
    for (const percent of [25, 50, 75, 100]) {
      await delay(100, undefined, { signal });
      yield percent;
    }
  }
}
