import { type VendorRules } from './vendor-rules.js';
import { type Blueprint } from '../blueprints/blueprint.js';

export interface VendorProfile {
  readonly rules: VendorRules;
  readonly blueprint: Blueprint;
}

/** The EventTypes of the standard, deprecated since EventDestination v1_5_0. */
export const CLASSIC_EVENT_TYPES = [
  'StatusChange',
  'ResourceUpdated',
  'ResourceAdded',
  'ResourceRemoved',
  'Alert',
] as const;

/** `ProtocolFeaturesSupported` with every form of `$expand`, and `$select`. */
export const EXPANDS = {
  SelectQuery: true,
  FilterQuery: false,
  ExpandQuery: { ExpandAll: true, Levels: true, Links: true, NoLinks: true, MaxLevels: 2 },
} as const;
