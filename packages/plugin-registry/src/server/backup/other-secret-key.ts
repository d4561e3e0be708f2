/** The backup belongs to another secret key. */
export class OtherSecretKey extends Error {
  override readonly name = 'OtherSecretKey'
}
