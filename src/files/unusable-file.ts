/** Why a file is not used, as the end of a sentence about it. */
export class UnfitFile extends Error {
  override readonly name = 'UnfitFile'
}
