import { setTimeout as delay } from 'node:timers/promises';

/** Talks to a BMC. This one only pretends to; replace the bodies of its methods. */
export class AcmeXrClient {
  async readStatus(bmc, signal) {
    signal.throwIfAborted();
    return { address: bmc.acme_xr_address, temperature: 41 };
  }

  async readEventLog(bmc, signal) {
    signal.throwIfAborted();
    return `${bmc.acme_xr_address}: nothing to report\n`;
  }

  async setLed(bmc, isOn, signal) {
    signal.throwIfAborted();
    return { address: bmc.acme_xr_address, led: isOn ? 'on' : 'off' };
  }

  /** Sends a firmware image in four parts. Passing `signal` on ends the method when its task is aborted. */
  async *flash(_bmc, _image, signal) {
    for (const percent of [25, 50, 75, 100]) {
      await delay(100, undefined, { signal });
      yield percent;
    }
  }
}
