/** The zstd library, compiled to WebAssembly. Its functions take addresses in its memory. */
interface ZstdModule {
  /** The memory. It becomes another object when it grows. */
  readonly HEAPU8: Uint8Array
  _malloc(bytes: number): number
  _free(address: number): void
  readonly zstd: {
    new (): {
      /** Returns the number of bytes written; zero if the input is damaged. */
      decompressChunk(to: number, room: number, from: number, length: number): number
      delete(): void
    }
    compressBound(length: number): number
    compress(to: number, room: number, from: number, length: number, level: number): number
    isError(result: number): number
  }
}

/** The largest block in bytes, compressed or decompressed (RFC 8878, 3.1.1.2). */
export const maxBlockSize = 128 * 1024

/**
 * Loads the module behind the wrapper that the dependency exports. The wrapper has a single decoder for the process, and
 * copies byte by byte. The module is internal, so the version is pinned.
 */
async function loadZstd(): Promise<ZstdModule> {
  const {Zstd} = await import('@hpcc-js/wasm-zstd')
  const loaded = (await Zstd.load()) as unknown as {_mainModule: {_module: ZstdModule}}
  return loaded._mainModule._module
}

/**
 * The level of compression for a content of this many bytes. Changing it changes the integrity of packages that are packed
 * again. A small content takes the highest level that decoders without much memory support, because packages are mostly
 * small, and low levels compress them less than gzip does. For a large one, it would take 20 times as long as gzip.
 */
function levelFor(size: number): number {
  return size <= 512 * 1024 ? 19 : 4
}

/**
 * Compresses into a single frame. The compressor's version is fixed, and its level depends only on the size of the content,
 * so the result is reproducible.
 *
 * @throws {RangeError} if the content is too large
 */
export async function compress(content: Uint8Array): Promise<Uint8Array> {
  const level = levelFor(content.length)
  const module = await loadZstd()
  const room = module.zstd.compressBound(content.length)
  const from = module._malloc(content.length)
  const to = module._malloc(room)
  try {
    if (from === 0 || to === 0) throw new RangeError(`${content.length} bytes are too many to compress at once`)
    module.HEAPU8.set(content, from)
    const length = module.zstd.compress(to, room, from, content.length, level)
    if (module.zstd.isError(length) !== 0) throw new RangeError(`${content.length} bytes could not be compressed`)
    return module.HEAPU8.slice(to, to + length)
  } finally {
    module._free(from)
    module._free(to)
  }
}

const nothing = new Uint8Array(0)

/** Decompresses a frame block by block, so that each step is short and its output small. */
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

  /** Returns the idle decoder, or a new one. */
  static async create(): Promise<ZstdDecoder> {
    return idle.pop() ?? new ZstdDecoder(await loadZstd())
  }

  /**
   * Decompresses the next piece: the header of the frame, or the header or the complete content of a block.
   *
   * @param piece at most 128 KiB
   * @returns the output; empty if the piece is damaged
   */
  push(piece: Uint8Array): Uint8Array {
    this.#module.HEAPU8.set(piece, this.#from)
    const length = this.#stream.decompressChunk(this.#to, maxBlockSize, this.#from, piece.length)
    return length === 0 ? nothing : this.#module.HEAPU8.slice(this.#to, this.#to + length)
  }

  /**
   * Call this when the decoder isn't used anymore.
   *
   * @param isComplete whether the last frame was decompressed to its end, so that another one can begin
   */
  release(isComplete: boolean): void {
    if (isComplete && idle.length === 0) idle.push(this)
    else this.#delete()
  }

  #delete(): void {
    this.#module._free(this.#from)
    this.#module._free(this.#to)
    this.#stream.delete()
  }
}

/** A decoder for the next archive, if there is one, because creating one takes longer than decompressing a small archive. */
const idle: ZstdDecoder[] = []
