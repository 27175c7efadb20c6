import { type BodyFaults } from './body-faults.js';
import { type EtagFaults } from './etag-faults.js';
import { type MediaFaults } from './media-faults.js';
import { type PathFaults } from './path-faults.js';
import { type ServiceFaults } from './service-faults.js';
import { type SessionFaults } from './session-faults.js';
import { type SubscriptionFaults } from './subscription-faults.js';
import { type WireFaults } from './wire-faults.js';

/** Switches of the BMC; an absent or `false` one means the vendor's behaviour. See `bmc.misbehave()` and `bmc.behave()`. */
export interface Misbehaviours
  extends
    SubscriptionFaults,
    SessionFaults,
    MediaFaults,
    ServiceFaults,
    BodyFaults,
    WireFaults,
    PathFaults,
    EtagFaults {}
