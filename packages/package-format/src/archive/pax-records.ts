import {ArchiveProblem} from './archive-problem.js'

/** The fields of a pax extended header that override those of the next entry. */
export interface PaxRecords {
  path?: string
  size?: string
}

/** More fields than an archiver writes for a file with many attributes. */
const maxRecords = 128

const damaged = () => new ArchiveProblem('a pax header is damaged')

/**
 * Parses the records of a pax extended header (POSIX pax, `%d %s=%s\n`).
 *
 * Times, owners, attributes and comments are ignored. Anything that tar implementations interpret differently is
 * rejected: duplicate fields, empty fields, sparse files.
 *
 * @throws {ArchiveProblem}
 */
export function parsePaxRecords(content: Uint8Array): PaxRecords {
  const records: PaxRecords = {}
  let count = 0
  for (let rest = Buffer.from(content.buffer, content.byteOffset, content.length); rest.length > 0;) {
    if (++count > maxRecords) throw new ArchiveProblem(`a pax header has more than ${maxRecords} fields`)
    const digits = /^([1-9]\d{0,6}) /.exec(rest.toString('latin1', 0, 8))?.[1] ?? ''
    const length = Number(digits)
    if (digits === '' || length > rest.length || rest[length - 1] !== 0x0a) throw damaged()
    const record = rest.subarray(digits.length + 1, length - 1)
    const equals = record.indexOf('=')
    if (equals < 1) throw damaged()
    const [field, value] = [record.toString('latin1', 0, equals), record.subarray(equals + 1)]
    if (field.startsWith('GNU.sparse.')) throw new ArchiveProblem('it contains a sparse file')
    if (field === 'linkpath') throw new ArchiveProblem('it contains a link')
    if (field === 'path' || field === 'size') {
      if (records[field] !== undefined || value.length === 0) throw damaged()
      records[field] = decodeUtf8(value)
    }
    rest = rest.subarray(length)
  }
  return records
}

const utf8 = new TextDecoder('utf-8', {fatal: true, ignoreBOM: true})

/** @throws {ArchiveProblem} if the bytes aren't UTF-8 */
export function decodeUtf8(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes)
  } catch {
    const path = Buffer.from(bytes).toString()
    throw new ArchiveProblem(`the path \`${path}\` is not UTF-8`, {path})
  }
}
