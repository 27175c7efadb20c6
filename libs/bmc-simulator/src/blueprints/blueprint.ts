import { type JsonObject } from '../tree/json.js';
import { type Equipment } from './equipment.js';

export interface MediumPlan {
  readonly id: string;
  readonly mediaTypes?: readonly string[];
  readonly extra?: JsonObject;
}

export interface MediaPlan {
  /** Default: `<owner>/VirtualMedia`. */
  readonly path?: string;
  readonly media: readonly MediumPlan[];
  readonly actions: readonly ('InsertMedia' | 'EjectMedia')[];
  /** Image and ImageName of an empty medium; `undefined`: absent. */
  readonly emptyImage?: string | null;
}

export interface Blueprint {
  /** Properties of the service root beside the links. */
  readonly root: JsonObject;
  /** Whether the `@odata.id` of the root ends in a slash. */
  readonly isRootSlashed?: boolean;
  readonly system: { readonly id: string; readonly fields: JsonObject; readonly media?: MediaPlan };
  readonly manager: { readonly id: string; readonly fields: JsonObject; readonly media?: MediaPlan };
  readonly isMediaShared?: boolean;
  readonly eventService: JsonObject;
  readonly subscriptionCapabilities?: JsonObject;
  readonly sessionTimeout: number;
  readonly hasJobService?: boolean;
  /** There is no CertificateService. */
  readonly isWithoutCertificates?: boolean;
  /** The System has no Bios. */
  readonly isWithoutBios?: boolean;
  /** The last part of the path of the System's own settings object, if it has one. */
  readonly systemSettings?: string;
  /** The last part of the path of pending BIOS values; default `Settings`. */
  readonly biosSettings?: string;
  /** When pending BIOS values may be applied; absent: the BMC does not say. */
  readonly biosApplyTimes?: readonly string[];
  /** The values of ResetType are in an ActionInfo resource instead of the action itself. */
  readonly isResetByInfo?: boolean;
  readonly equipment?: Equipment;
  /**
   * Further resources by path, each also a member of the collection above it, if there is one. `null`: it is listed,
   * but answers 404.
   */
  readonly beside?: Readonly<Record<string, JsonObject | null>>;
  /** Dell's own service for the jobs of a Manager, and its attributes. */
  readonly hasDellJobs?: boolean;
}
