/** A backup cannot be made or restored, for the reason in the message. */
export class UnusableBackup extends Error {
  override readonly name = 'UnusableBackup';
}
