import {ArchiveProblem} from './archive-problem.js'
import type {ByteReader} from './byte-reader.js'
import type {Reading} from './reading.js'
import {maxBlockSize, type ZstdDecoder} from './zstd.js'

const magic = 0xfd2fb528

/** Bytes. RFC 8878 recommends that decoders support windows of this size, and the original client's archives have it. */
const maxWindowSize = 8 * 1024 * 1024

/** Enough for the largest package with blocks of 3 kB. Without a limit, an archive of empty blocks takes forever. */
const maxBlocks = 65_536

/** How many blocks to decompress before giving the event loop a turn. */
const blocksPerTurn = 4

interface FrameHeader {
  /** The header without its checksum flag, because the checksum isn't passed to the decoder. */
  bytes: Uint8Array
  hasChecksum: boolean
  /** Bytes; undefined if the header doesn't have it. */
  contentSize: bigint | undefined
  maxBlockSize: number
}

interface Block {
  header: Uint8Array
  content: Uint8Array
  kind: 'raw' | 'repeated' | 'compressed'
  /** Bytes: of the content for compressed blocks, of the output for the others. */
  size: number
  isLast: boolean
}

/**
 * Decompresses a `.zst` with exactly one frame (RFC 8878) and no dictionary.
 *
 * The frame's checksum is ignored. The SHA-256 of the package already ensures its integrity.
 */
export class Decompression {
  #header: FrameHeader | undefined
  #blocks = 0
  #unpacked = 0n
  #sawLast = false
  #isComplete = false

  constructor(
    private readonly packed: ByteReader,
    private readonly decoder: ZstdDecoder,
  ) {}

  /** Whether the frame was decompressed to its end. The decoder can then be used for another one. */
  get isComplete(): boolean {
    return this.#isComplete
  }

  /**
   * Reads the next chunk of the content; undefined at its end.
   *
   * @throws {ArchiveProblem}
   */
  *next(): Reading<Uint8Array | undefined> {
    const header = (this.#header ??= yield* this.#begin())
    while (!this.#sawLast) {
      if (++this.#blocks > maxBlocks) throw new ArchiveProblem(`it has more than ${maxBlocks} blocks`)
      if (this.#blocks % blocksPerTurn === 0) yield 'turn'
      const block = yield* readBlock(this.packed, header)
      this.decoder.push(block.header)
      const content = this.decoder.push(block.content)
      const isComplete = block.kind === 'compressed' ? content.length > 0 : content.length === block.size
      if (!isComplete) throw new ArchiveProblem('its compressed data is damaged')
      this.#unpacked += BigInt(content.length)
      this.#sawLast = block.isLast
      if (content.length > 0) return content
    }
    if (!this.#isComplete) yield* this.#end(header)
    return undefined
  }

  *#begin(): Reading<FrameHeader> {
    const header = yield* readFrameHeader(this.packed)
    this.decoder.push(header.bytes)
    return header
  }

  *#end({contentSize, hasChecksum}: FrameHeader): Reading<void> {
    if (contentSize !== undefined && this.#unpacked !== contentSize) {
      throw new ArchiveProblem('its size does not match its header')
    }
    if (hasChecksum) yield* this.packed.take(4)
    if (!(yield* this.packed.atEnd())) throw new ArchiveProblem('it has data after its end')
    this.#isComplete = true
  }
}

/** RFC 8878, 3.1.1.1. */
function* readFrameHeader(packed: ByteReader): Reading<FrameHeader> {
  const notZstd = () => new ArchiveProblem('it is not zstd-compressed')
  if (yield* packed.atEnd()) throw new ArchiveProblem('it is empty')
  const start = yield* packed.take(5)
  if (littleEndian(start.subarray(0, 4)) !== BigInt(magic)) throw notZstd()
  const descriptor = start[4] ?? 0
  const isSingleSegment = (descriptor & 0x20) !== 0
  if ((descriptor & 0x08) !== 0) throw notZstd()
  if ((descriptor & 0x03) !== 0) throw new ArchiveProblem('it needs a zstd dictionary')
  const windowBytes = yield* packed.take(isSingleSegment ? 0 : 1)
  const sizeFlag = descriptor >> 6
  const sizeBytes = yield* packed.take(sizeFlag === 0 ? Number(isSingleSegment) : 1 << sizeFlag)
  const contentSize = sizeBytes.length === 0 ? undefined : littleEndian(sizeBytes) + (sizeFlag === 1 ? 256n : 0n)
  const window = isSingleSegment ? Number(contentSize) : windowSize(windowBytes[0] ?? 0)
  if (window > maxWindowSize) throw new ArchiveProblem('it needs more than 8 MiB of memory to decompress')
  return {
    bytes: Buffer.concat([start.subarray(0, 4), Buffer.of(descriptor & ~0x04), windowBytes, sizeBytes]),
    hasChecksum: (descriptor & 0x04) !== 0,
    contentSize,
    maxBlockSize: Math.min(window, maxBlockSize),
  }
}

/** RFC 8878, 3.1.1.1.2. */
function windowSize(descriptor: number): number {
  const base = 2 ** (10 + (descriptor >> 3))
  return base + (base / 8) * (descriptor & 7)
}

/** RFC 8878, 3.1.1.2. */
function* readBlock(packed: ByteReader, frame: FrameHeader): Reading<Block> {
  const header = yield* packed.take(3)
  const fields = Number(littleEndian(header))
  const kind = (['raw', 'repeated', 'compressed'] as const)[(fields >> 1) & 3]
  const size = fields >> 3
  if (kind === undefined || size > frame.maxBlockSize) throw new ArchiveProblem('its compressed data is damaged')
  const content = yield* packed.take(kind === 'repeated' ? 1 : size)
  return {header, content, kind, size, isLast: (fields & 1) !== 0}
}

function littleEndian(bytes: Uint8Array): bigint {
  return bytes.reduceRight((value, byte) => value * 256n + BigInt(byte), 0n)
}
