import {finish, type Ports, type RegistryClient} from '@apkg/command-kit'
import {deliverValue, withDestination, type Delivery, type TokenDestination} from '@apkg/command-kit/delivery'

import {failure} from '../failures.js'
import {type Confirmable, withConfirmation} from '../session/confirm.js'
import {requestRotation, type RotatedToken, type RotationRequest, type TokenToRotate} from './request-rotation.js'
import {rotateStored, useOnce, withdrawRotation, type FirstUse} from './rotate-token.js'

/** Where a new value is now, for `--json`. */
export interface RotationDelivery extends Delivery {
  /** The file that the token in use was read from, and that has the new value now. */
  storedIn?: string
}

/** A token with a new value that has arrived. */
export interface DeliveredRotation {
  rotated: RotatedToken
  use: FirstUse
  /** Undefined if the value was printed. */
  delivery: RotationDelivery | undefined
  /** When the old value would have expired; null if never. */
  expiresAt: string | null
}

/** The steps of a rotation that print. */
interface Steps {
  /** What the user typed, to suggest the same command with another flag. */
  typed: Pick<Confirmable, 'argv' | 'flags'>
  /** Called before the value is printed, and otherwise once it has arrived. */
  onRotated: (rotated: RotatedToken) => void
  /** Prints the value. */
  print: (rotated: RotatedToken) => Promise<unknown>
}

/**
 * Rotates a token, delivers the new value, and uses it once. The token in use is replaced where it is stored.
 *
 * @throws {ApkgError} `ROTATION_UNDELIVERED` after dropping a value that didn't arrive; `USAGE` for a destination other
 *   than the file that stores the token in use; what `requestRotation`, `rotateStored` and `withDestination` throw.
 */
export async function rotateAndDeliver(
  client: RegistryClient,
  token: TokenToRotate,
  request: RotationRequest,
  destination: TokenDestination,
  ports: Ports,
  {typed, onRotated, print}: Steps,
): Promise<DeliveredRotation> {
  const confirmable = {purpose: 'rotate the token', command: 'token rotate', ...typed}
  if (token.isCurrent && client.canRewriteCredential) {
    const {source, file: storedIn = source} = client.credential ?? {source: ''}
    if (destination.kind !== 'stdout') throw failure('USAGE', storedElsewhere(storedIn))
    const {rotated, use} = await finish(ports, () => rotateStored(client, token, request))
    onRotated(rotated)
    return {rotated, use, delivery: {storedIn}, expiresAt: token.expiresAt}
  }
  return withDestination(destination, ports, async (ready) => {
    const rotated = await withConfirmation(client, confirmable, ports, () => requestRotation(client, token, request))
    if (!ready) onRotated(rotated)
    const delivery = await deliverValue(
      ports,
      async () => {
        if (ready) return ready.deliver(rotated.value)
        await print(rotated)
        return undefined
      },
      (problem, cause) => withdrawRotation(client.afterInterruption(), token, rotated, {problem, cause}),
    )
    if (ready) onRotated(rotated)
    const use = await finish(ports, () => useOnce(client.afterInterruption(), rotated.value))
    return {rotated, use, delivery, expiresAt: token.expiresAt}
  })
}

function storedElsewhere(source: string) {
  return {
    message: `The token in use is stored in ${source}, which gets the new value. It cannot go elsewhere`,
    suggestions: ['remove --out, or the command after `--`'],
  }
}
