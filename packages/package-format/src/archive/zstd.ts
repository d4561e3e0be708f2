/** What the zstd library, compiled to WebAssembly, offers: memory, and functions that take addresses in it. */
interface ZstdModule {
  /** All of the memory; another object once it has grown. */
  readonly HEAPU8: Uint8Array
  _malloc(bytes: number): number
  _free(address: number): void
  readonly zstd: {
    new (): {
      /** Returns the bytes that came out; none for what is broken. */
      decompressChunk(to: number, room: number, from: number, length: number): number
      delete(): void
    }
    compressBound(length: number): number
    compress(to: number, room: number, from: number, length: number, level: number): number
    isError(result: number): number
  }
}

/** The most that a block holds, compressed or not, in bytes (RFC 8878, 3.1.1.2). */
export const maxBlockSize = 128 * 1024

/**
 * The wrapper that the package exports has one decoder for the whole process, and copies byte by byte; the module below
 * it has neither fault. Its version is pinned, and the tests of archives would notice another shape.
 */
async function loadZstd(): Promise<ZstdModule> {
  const {Zstd} = await import('@hpcc-js/wasm-zstd')
  const loaded = (await Zstd.load()) as unknown as {_mainModule: {_module: ZstdModule}}
  return loaded._mainModule._module
}

/**
 * Compresses into one frame, at a level and by a compressor that never change: the same bytes on every machine. The
 * original client packs at the same level.
 */
export async function compress(content: Uint8Array): Promise<Uint8Array> {
  const level = 19
  const module = await loadZstd()
  const room = module.zstd.compressBound(content.length)
  const from = module._malloc(content.length)
  const to = module._malloc(room)
  try {
    if (from === 0 || to === 0) throw new RangeError(`${content.length} bytes are too many to be compressed at once`)
    module.HEAPU8.set(content, from)
    const length = module.zstd.compress(to, room, from, content.length, level)
    if (module.zstd.isError(length) !== 0) throw new RangeError(`${content.length} bytes could not be compressed`)
    return module.HEAPU8.slice(to, to + length)
  } finally {
    module._free(from)
    module._free(to)
  }
}

/** Decompresses one frame, block by block: each step is short and what comes out of it is small. */
export class ZstdDecoder {
  readonly #module: ZstdModule
  readonly #stream: InstanceType<ZstdModule['zstd']>
  readonly #from: number
  readonly #to: number

  private constructor(module: ZstdModule) {
    this.#module = module
    this.#stream = new module.zstd()
    this.#from = module._malloc(maxBlockSize)
    this.#to = module._malloc(maxBlockSize)
  }

  static async create(): Promise<ZstdDecoder> {
    return new ZstdDecoder(await loadZstd())
  }

  /**
   * Takes the header of a frame, the header of a block or the whole content of one, and returns what comes out of it:
   * nothing where it is broken.
   *
   * @param piece at most 128 KiB.
   */
  push(piece: Uint8Array): Uint8Array {
    this.#module.HEAPU8.set(piece, this.#from)
    const length = this.#stream.decompressChunk(this.#to, maxBlockSize, this.#from, piece.length)
    return this.#module.HEAPU8.slice(this.#to, this.#to + length)
  }

  /** Gives the memory back. */
  delete(): void {
    this.#module._free(this.#from)
    this.#module._free(this.#to)
    this.#stream.delete()
  }
}
