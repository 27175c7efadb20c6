import { type TaskScript } from './task-script.js';

/** Switches of logs, firmware, managers, BIOS and tasks. */
export interface ServiceFaults {
  /** ClearLog is 400 without ClearType (AMI). */
  clearNeedsType?: boolean | undefined;
  /** SimpleUpdate is 400 without TransferProtocol. */
  updateNeedsProtocol?: boolean | undefined;
  /** A firmware update begins and is answered with 500. */
  updateAnswers500?: boolean | undefined;
  /** The task of a firmware update. */
  updateTask?: TaskScript | undefined;

  /** Milliseconds after the reset of a Manager in which every connection is reset. */
  resetOutage?: number | undefined;

  /** The task of a change of the BIOS; on Dell it is one, if an apply time is asked for. */
  biosJob?: TaskScript | undefined;
  /** The job of a change of Dell's attributes by their settings object. */
  attributesJob?: TaskScript | undefined;
  /** The CertificateService has no ReplaceCertificate, so that a certificate is posted to its collection. */
  noReplaceCertificate?: boolean | undefined;
  /** The System has no Bios. */
  noBios?: boolean | undefined;

  taskSteps?: TaskScript | undefined;
  /** A PATCH is answered with 202, and done when its task ends. */
  patchTask?: boolean | undefined;
}
