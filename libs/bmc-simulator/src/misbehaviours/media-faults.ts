export type EjectBehaviour =
  /** 400 for a POST without body (iLO 5). */
  | 'needs-empty-object'
  /** 415 for a POST without body. */
  | '415'
  /** No actions; PATCH with If-Match (Lenovo). */
  | 'patch-if-match'
  /** 500, and the medium stays inserted; Ironic treats this as a success. */
  | '500-swallowed'
  | '500-but-done'
  | '403'
  | '409'
  | '204-but-mounted'
  /** The action is offered only while something is inserted (Supermicro). */
  | 'absent-unless-inserted'
  /** The action has no `target` (kubevirtbmc#172). */
  | 'no-target'
  /** The action has no `target`, or an empty one, and does not exist: only PATCH works. */
  | 'no-target-but-patch'
  | 'empty-target-but-patch'
  | '202-task';

export type InsertBehaviour =
  /** 400 unless the request names TransferProtocolType. */
  | 'needs-protocol'
  /** 400 unless the request names TransferMethod. */
  | 'needs-method'
  /** 400 unless the request has UserName and Password, even of "none" (DGX). */
  | 'needs-credentials'
  | '202-task'
  | '403'
  | '500-but-done'
  | '204-but-empty';

/** Switches of virtual media. */
export interface MediaFaults {
  eject?: EjectBehaviour | undefined;
  insert?: InsertBehaviour | undefined;
  /** Media, by Id, that have no action InsertMedia; `true`: all. */
  insertNotOffered?: boolean | readonly string[] | undefined;
  /** The System links the Manager's collection, so members are found twice. */
  sharedMedia?: boolean | undefined;
  /** ImageName stays after an eject (Supermicro). */
  imageNameKept?: boolean | undefined;
  /** Each media collection has a further member that answers with this status (Cisco). */
  deadMedium?: 400 | 403 | 404 | 405 | 500 | undefined;
  /** Empty media say that they are inserted, and refuse to be ejected. */
  emptyMediaInserted?: boolean | undefined;
  /** Every Manager answers with this status. */
  deadManager?: 403 | 404 | 500 | undefined;
  /** MediaTypes of every medium; `'absent'`: the property is missing. */
  mediaTypes?: readonly string[] | 'absent' | undefined;
}
