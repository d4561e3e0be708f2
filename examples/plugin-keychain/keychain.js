/** Under which name the keychain lists what this plugin keeps there. */
const service = 'apkg'

/**
 * The token of a registry in the keychain of the operating system: macOS Keychain, Windows Credential Manager, or the
 * Secret Service of a Linux desktop. Not the kernel's keyring, which forgets everything when the machine is restarted.
 */
export class Keychain {
  async read(registry) {
    return (await this.#entry(registry, (entry) => entry.getPassword())) ?? undefined
  }

  async write(registry, token) {
    await this.#entry(registry, (entry) => entry.setPassword(token))
  }

  /** Whether there was one. */
  async remove(registry) {
    return this.#entry(registry, (entry) => entry.deletePassword())
  }

  /** The library is native and takes its time to load: only when a credential is asked for. */
  async #entry(registry, use) {
    try {
      const {AsyncEntry} = await import('@napi-rs/keyring')
      return await use(new AsyncEntry(service, registry, {linux: {store: 'secret-service'}}))
    } catch (error) {
      throw new KeychainUnavailable(error)
    }
  }
}

/** There is no keychain, it is locked, or it refuses. */
export class KeychainUnavailable extends Error {
  constructor(cause) {
    super(`The keychain of this machine cannot be used: ${cause.message.split('\n', 1)[0]}`, {cause})
    this.name = 'KeychainUnavailable'
  }
}
