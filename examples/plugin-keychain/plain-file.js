import {randomUUID} from 'node:crypto'
import {mkdir, readFile, rename, writeFile} from 'node:fs/promises'
import path from 'node:path'

/** Stores tokens by registry in a private file, for machines without a keychain. Used only if the user opts in. */
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

  /** @returns whether there was a token */
  async remove(registry) {
    const {[registry]: token, ...rest} = await this.#readAll()
    if (token !== undefined) await this.#replace(rest)
    return token !== undefined
  }

  /** A missing file means no tokens. A damaged one is an error, and is left unchanged. */
  async #readAll() {
    try {
      return JSON.parse(await readFile(this.path, 'utf8'))
    } catch (error) {
      if (error.code === 'ENOENT') return {}
      // The parser's own message would quote the file.
      throw new Error(`${this.path} cannot be read (${error.code ?? 'damaged'})`, {cause: error})
    }
  }

  async #replace(tokens) {
    const temporary = `${this.path}.${randomUUID()}`
    await mkdir(path.dirname(this.path), {recursive: true, mode: 0o700})
    await writeFile(temporary, JSON.stringify(tokens), {mode: 0o600, flag: 'wx'})
    await rename(temporary, this.path)
  }
}
