/** The fields of an entry in a tar. Libraries refuse to write what the tests need. */
export interface RawEntry {
  name?: string | Uint8Array
  flag?: string
  content?: string | Uint8Array
  /** The bytes of the field. */
  size?: string | Uint8Array
  mode?: string
  magic?: string
  prefix?: string
  link?: string
  /** Added to the correct checksum. */
  checksumOff?: number
  /** Whether the padding after the content is missing. */
  isUnpadded?: boolean
}

const block = 512

export const endOfTar = new Uint8Array(2 * block)

/** Returns a header and its padded content. */
export function entry(given: RawEntry = {}): Uint8Array {
  const {flag = '0', mode = '0000644', magic = 'ustar\x0000', prefix = '', link = '', checksumOff = 0} = given
  const content = Buffer.from(given.content ?? '')
  const header = Buffer.alloc(block)
  const put = (value: string | Uint8Array, offset: number) => header.set(Buffer.from(value as string), offset)
  put(given.name ?? 'a.md', 0)
  put(mode, 100)
  put('0000000\x000000000\0', 108)
  put(given.size ?? content.length.toString(8).padStart(11, '0'), 124)
  put('00000000000', 136)
  put('        ', 148)
  put(flag, 156)
  put(link, 157)
  put(magic, 257)
  put(prefix, 345)
  const sum = header.reduce((total, byte) => total + byte, 0) + checksumOff
  put(`${sum.toString(8).padStart(6, '0')}\0 `, 148)
  const padding = given.isUnpadded ? 0 : (block - (content.length % block)) % block
  return Buffer.concat([header, content, Buffer.alloc(padding)])
}

export function tar(...entries: (RawEntry | Uint8Array)[]): Uint8Array {
  return Buffer.concat([...entries.map((each) => (each instanceof Uint8Array ? each : entry(each))), endOfTar])
}

/** Returns a record of a pax header. Its length includes the digits of the length itself. */
export function paxRecord(field: string, value: string): string {
  const rest = ` ${field}=${value}\n`
  const bytes = Buffer.byteLength(rest)
  let length = bytes + 1
  while (String(length).length + bytes !== length) length++
  return `${length}${rest}`
}

export function pax(fields: Record<string, string>, flag = 'x'): RawEntry {
  return {
    name: 'PaxHeaders/x',
    flag,
    content: Object.entries(fields)
      .map(([key, value]) => paxRecord(key, value))
      .join(''),
  }
}

export function longName(name: string): RawEntry {
  return {name: '././@LongLink', flag: 'L', content: `${name}\0`, magic: 'ustar  \0'}
}
