/** Why a file is not used, as the end of a sentence about it. */
export class UnusableFile extends Error {
  override readonly name = 'UnusableFile'
}
