import type {RegistryClient} from '@apkg/command-kit'
import {keyPossessionStatement, signWith} from '@apkg/package-format/signing'

/**
 * Signs a statement that the logged-in user holds a key.
 *
 * @param seed the private key.
 * @throws {ApkgError} the registry's refusal to say who is logged in.
 */
export async function provePossession(client: RegistryClient, keyId: string, seed: Uint8Array): Promise<string> {
  const {username} = await client.call('whoami', {})
  return signWith(seed, keyPossessionStatement({registry: client.registry, username, keyId}))
}
