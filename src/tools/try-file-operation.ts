import {errorCode, errorReason} from '@apkg/command-kit'

/** Why a file operation failed; undefined if it succeeded. @throws anything but system errors that `work` throws. */
export async function tryFileOperation(work: () => Promise<unknown>): Promise<string | undefined> {
  try {
    await work()
    return undefined
  } catch (error) {
    if (errorCode(error) === undefined) throw error
    return errorReason(error)
  }
}
