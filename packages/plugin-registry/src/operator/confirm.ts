import {isInteractive, type Ports} from '@apkg/command-kit'

import {failure} from './failures.js'

/**
 * Asks for confirmation before an action that can't be undone.
 *
 * @param isAgreed whether `--yes` was given
 * @param action the action to confirm, such as `Removing a user`
 * @throws {ApkgError} `INPUT_MISSING` without a terminal; `CANCELED`
 */
export async function confirm(
  question: string,
  {isAgreed, action}: {isAgreed: boolean; action: string},
  ports: Ports,
): Promise<void> {
  if (isAgreed) return
  if (!isInteractive(ports))
    throw failure('INPUT_MISSING', {missing: `${action} was not confirmed`, supply: 'add --yes'})
  if (!(await ports.prompts.confirm({message: question, default: false}))) throw failure('CANCELED')
}
