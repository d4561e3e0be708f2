/** Why a file cannot be used, as a clause: "it is not a file". */
export class UnusableFile extends Error {
  override readonly name = 'UnusableFile'
}
