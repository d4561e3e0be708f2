import {randomUUID} from 'node:crypto'
import {mkdir, readFile, rename, writeFile} from 'node:fs/promises'
import path from 'node:path'

/**
 * Tokens in a file that its owner alone may read, for machines without a keychain. Nothing is put here but what the user
 * asked to be kept in plain text.
 */
export class PlainFile {
  constructor(home) {
    this.path = path.join(home, '.apkg-keychain', 'plain-text.json')
  }

  async read(registry) {
    const tokens = await this.#readAll()
    return Object.hasOwn(tokens, registry) ? tokens[registry] : undefined
  }

  async write(registry, token) {
    await this.#replace({...(await this.#readAll()), [registry]: token})
  }

  /** Whether there was one. */
  async remove(registry) {
    const {[registry]: token, ...others} = await this.#readAll()
    if (token !== undefined) await this.#replace(others)
    return token !== undefined
  }

  /** Only a file that is not there is empty: a damaged one is an error, and left as it is. */
  async #readAll() {
    try {
      return JSON.parse(await readFile(this.path, 'utf8'))
    } catch (error) {
      if (error.code === 'ENOENT') return {}
      // What a parser says of a file quotes it.
      throw new Error(`${this.path} cannot be read (${error.code ?? 'it is damaged'})`, {cause: error})
    }
  }

  async #replace(tokens) {
    const written = `${this.path}.${randomUUID()}`
    await mkdir(path.dirname(this.path), {recursive: true, mode: 0o700})
    await writeFile(written, JSON.stringify(tokens), {mode: 0o600, flag: 'wx'})
    await rename(written, this.path)
  }
}
