/** A run cannot continue, for a reason that the message names; nothing is concluded. */
export class VerifyFault extends Error {
  override readonly name = 'VerifyFault';
}

/** The run was interrupted by its user. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
}
