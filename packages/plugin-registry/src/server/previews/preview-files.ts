import {randomBytes} from 'node:crypto'
import {mkdir, open, readdir, readFile, rename, rm, writeFile} from 'node:fs/promises'
import path from 'node:path'

import type {MadePreview} from './make-preview.js'
import {type ContentPlace, type Preview, recipe} from './preview.js'

/**
 * The previews in a directory, by the digest of their tarballs. They can be made again, so backups leave them out, and
 * writing doesn't wait for the disk.
 */
export class PreviewFiles {
  readonly #folder: string
  /** Names the directory of the previews that are shown. Another version of apkg may convert packages differently. */
  readonly #edition: string

  /**
   * @param parent the directory of all previews
   * @param apkg the version of apkg
   */
  constructor(
    private readonly parent: string,
    apkg: string,
  ) {
    this.#edition = `${recipe}-${apkg}`
    this.#folder = path.join(parent, this.#edition)
  }

  /** @param sha256 hex @returns undefined if there is none of the current recipe and version of apkg */
  async read(sha256: string): Promise<Preview | undefined> {
    try {
      return JSON.parse(await readFile(this.#path(sha256, 'json'), 'utf8')) as Preview
    } catch {
      return undefined
    }
  }

  async readContent(sha256: string, {offset, length}: ContentPlace): Promise<Buffer | undefined> {
    try {
      const file = await open(this.#path(sha256, 'bin'))
      try {
        const {buffer, bytesRead} = await file.read(Buffer.alloc(length), 0, length, offset)
        return bytesRead === length ? buffer : undefined
      } finally {
        await file.close()
      }
    } catch {
      return undefined
    }
  }

  async write(sha256: string, {preview, contents}: MadePreview): Promise<void> {
    await mkdir(path.dirname(this.#path(sha256, 'bin')), {recursive: true, mode: 0o700})
    // A preview that can be read has its contents.
    await this.#replace(this.#path(sha256, 'bin'), contents)
    await this.#replace(this.#path(sha256, 'json'), JSON.stringify(preview))
  }

  /** Deletes the previews of other recipes and versions of apkg, and those of the tarballs that aren't used. */
  async sweep(isUsed: (sha256: string) => Promise<boolean>): Promise<void> {
    for (const name of await names(this.parent)) {
      if (name !== this.#edition) await rm(path.join(this.parent, name), {recursive: true, force: true})
    }
    for (const start of await names(this.#folder)) {
      for (const name of await names(path.join(this.#folder, start))) {
        const sha256 = name.slice(0, 64)
        const isPreview = /^[\da-f]{64}\.(?:json|bin)$/.test(name)
        if (!isPreview || !(await isUsed(sha256))) await rm(path.join(this.#folder, start, name), {force: true})
      }
    }
  }

  async #replace(file: string, content: Uint8Array | string): Promise<void> {
    const temporary = `${file}.${randomBytes(6).toString('hex')}`
    await writeFile(temporary, content, {mode: 0o600})
    await rename(temporary, file)
  }

  #path(sha256: string, extension: string): string {
    return path.join(this.#folder, sha256.slice(0, 2), `${sha256}.${extension}`)
  }
}

async function names(folder: string): Promise<string[]> {
  return readdir(folder).catch(() => [])
}
