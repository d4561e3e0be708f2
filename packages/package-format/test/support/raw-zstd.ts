/** A hand-made zstd frame (RFC 8878), valid or not. */
export interface RawFrame {
  /** The window descriptor; undefined for a single segment. */
  window?: number
  /** Written as eight bytes. */
  contentSize?: number | bigint
  hasChecksum?: boolean
  dictionary?: number
  isReservedBitSet?: boolean
  blocks: Uint8Array[]
}

const maxBlockSize = 128 * 1024

/** Returns the descriptor of a window of 2^log bytes. */
export const windowOf = (log: number) => (log - 10) << 3

export function frame(given: RawFrame): Uint8Array {
  const {window, contentSize, hasChecksum = false, dictionary, isReservedBitSet = false, blocks} = given
  const isSingleSegment = window === undefined
  const descriptor =
    (contentSize === undefined ? 0 : 0xc0) |
    (isSingleSegment ? 0x20 : 0) |
    (isReservedBitSet ? 0x08 : 0) |
    (hasChecksum ? 0x04 : 0) |
    (dictionary === undefined ? 0 : 1)
  const size = Buffer.alloc(contentSize === undefined ? Number(isSingleSegment) : 8)
  if (contentSize !== undefined) size.writeBigUInt64LE(BigInt(contentSize))
  return Buffer.concat([
    Buffer.of(0x28, 0xb5, 0x2f, 0xfd, descriptor),
    ...(window === undefined ? [] : [Buffer.of(window)]),
    ...(dictionary === undefined ? [] : [Buffer.of(dictionary)]),
    size,
    ...blocks,
    ...(hasChecksum ? [Buffer.alloc(4)] : []),
  ])
}

function header(type: 0 | 1 | 2 | 3, size: number, isLast: boolean): Uint8Array {
  const fields = (size << 3) | (type << 1) | Number(isLast)
  return Buffer.of(fields & 0xff, (fields >> 8) & 0xff, (fields >> 16) & 0xff)
}

export const rawBlock = (content: Uint8Array, isLast = false): Uint8Array =>
  Buffer.concat([header(0, content.length, isLast), content])

export const repeatedBlock = (byte: number, size: number, isLast = false): Uint8Array =>
  Buffer.concat([header(1, size, isLast), Buffer.of(byte)])

/** @param content written as it is, valid or not */
export const compressedBlock = (content: Uint8Array, isLast = false): Uint8Array =>
  Buffer.concat([header(2, content.length, isLast), content])

export const reservedBlock = (size: number): Uint8Array => header(3, size, true)

/** Divides content into raw blocks. The last one has the flag that ends the frame. */
export function rawBlocks(content: Uint8Array): Uint8Array[] {
  const blocks: Uint8Array[] = []
  for (let start = 0; start === 0 || start < content.length; start += maxBlockSize) {
    blocks.push(rawBlock(content.subarray(start, start + maxBlockSize), start + maxBlockSize >= content.length))
  }
  return blocks
}

/** Returns blocks of 128 KiB of zeros. None of them ends the frame. */
export function zeros(blocks: number): Uint8Array {
  const block = repeatedBlock(0, maxBlockSize)
  return Buffer.concat(Array.from({length: blocks}, () => block))
}

/** Wraps content in a frame with a window of 8 MiB, uncompressed. */
export function zst(content: Uint8Array): Uint8Array {
  return frame({window: windowOf(23), blocks: rawBlocks(content)})
}

/** Divides content into raw blocks, and a repeated block for every long run of one byte. None of them ends the frame. */
export function shortBlocks(content: Uint8Array): Uint8Array[] {
  const blocks: Uint8Array[] = []
  let start = 0
  for (let position = 0; position < content.length;) {
    let end = position + 1
    while (end < content.length && end - position < maxBlockSize && content[end] === content[position]) end++
    if (end - position > 100) {
      if (position > start) blocks.push(...rawBlocksOf(content.subarray(start, position)))
      blocks.push(repeatedBlock(content[position] ?? 0, end - position))
      start = end
    }
    position = end
  }
  return [...blocks, ...rawBlocksOf(content.subarray(start))]
}

function rawBlocksOf(content: Uint8Array): Uint8Array[] {
  const blocks: Uint8Array[] = []
  for (let start = 0; start < content.length; start += maxBlockSize) {
    blocks.push(rawBlock(content.subarray(start, start + maxBlockSize)))
  }
  return blocks
}
