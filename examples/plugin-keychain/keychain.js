/** The name under which the keychain lists this plugin's entries. */
const service = 'apkg'

/**
 * Stores tokens by registry in the operating system's keychain: macOS Keychain, Windows Credential Manager, or the Secret
 * Service of a Linux desktop. It doesn't use the Linux kernel's keyring, which is lost on a restart.
 */
export class Keychain {
  async read(registry) {
    return (await this.#entry(registry, (entry) => entry.getPassword())) ?? undefined
  }

  async write(registry, token) {
    await this.#entry(registry, (entry) => entry.setPassword(token))
  }

  /** @returns whether there was a token */
  async remove(registry) {
    return this.#entry(registry, (entry) => entry.deletePassword())
  }

  /** The library is native and slow to load, so it is loaded only when a credential is needed. */
  async #entry(registry, use) {
    try {
      const {AsyncEntry} = await import('@napi-rs/keyring')
      return await use(new AsyncEntry(service, registry, {linux: {store: 'secret-service'}}))
    } catch (error) {
      throw new KeychainUnavailable(error)
    }
  }
}

/** The keychain doesn't exist, is locked, or denies access. */
export class KeychainUnavailable extends Error {
  constructor(cause) {
    super(`The keychain is not available: ${cause.message.split('\n', 1)[0]}`, {cause})
    this.name = 'KeychainUnavailable'
  }
}
