import {errorCode, reasonOf} from '@apkg/command-kit'

/** Why the system did not do something; undefined where it did. @throws whatever else `work` throws. */
export async function tryFileOperation(work: () => Promise<unknown>): Promise<string | undefined> {
  try {
    await work()
    return undefined
  } catch (error) {
    if (errorCode(error) === undefined) throw error
    return reasonOf(error)
  }
}
