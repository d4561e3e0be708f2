import {isIP} from 'node:net'

/** The maximum number of ranges on one token. */
export const maxAddressRanges = 50

export const addressRangeForms =
  'an address or a range in CIDR notation, such as 203.0.113.7, 203.0.113.0/24 or 2001:db8::/32'

/** A range of addresses in CIDR notation (RFC 4632, RFC 4291 §2.3). */
interface Range {
  version: 4 | 6
  /** The address as a number. */
  value: bigint
  /** How many leading bits the addresses in the range share. */
  prefix: number
}

/**
 * Reads a range. An address alone is a range of one, and an IPv4 address mapped to IPv6 (RFC 4291 §2.5.5.2) is the IPv4
 * address.
 *
 * @returns the range in canonical form, such as `203.0.113.7/32`, or why the text isn't one, completing "`…` …".
 */
export function readAddressRange(text: string): {range: string} | {problem: string} {
  if (text.includes('%')) return {problem: 'must not have a zone'}
  const range = parse(text)
  if (!range) return {problem: `is not ${addressRangeForms}`}
  const canonical = format({...range, value: networkOf(range)})
  if (networkOf(range) !== range.value) return {problem: `has bits set after its prefix: use ${canonical}`}
  return {range: canonical}
}

/** Whether a text is an address or a range, even one with bits set after its prefix. */
export function isAddressRange(text: string): boolean {
  return parse(text) !== undefined
}

/** Whether one of the ranges contains an address. An unreadable range or address is in none. */
export function containsAddress(ranges: readonly string[], address: string): boolean {
  return !address.includes('/') && coversRange(ranges, address)
}

/** Whether one of the ranges contains all of another one. */
export function coversRange(ranges: readonly string[], other: string): boolean {
  const inner = parse(other)
  return inner !== undefined && ranges.some((each) => covers(parse(each), inner))
}

function covers(outer: Range | undefined, inner: Range): boolean {
  if (outer?.version !== inner.version || outer.prefix > inner.prefix) return false
  return networkOf({...inner, prefix: outer.prefix}) === networkOf(outer)
}

function parse(text: string): Range | undefined {
  const [address = '', bits, ...rest] = text.split('/')
  const version = text.includes('%') ? 0 : isIP(address)
  if (version === 0 || rest.length > 0) return undefined
  const prefix = bits === undefined ? widthOf(version) : /^(?:0|[1-9]\d{0,2})$/.test(bits) ? Number(bits) : Number.NaN
  if (!(prefix <= widthOf(version))) return undefined
  if (version === 4) return {version, value: valueOfIpv4(address), prefix}
  const value = valueOfIpv6(address)
  const isMapped = prefix >= 96 && value >> 32n === 0xffffn
  return isMapped ? {version: 4, value: value & 0xffff_ffffn, prefix: prefix - 96} : {version: 6, value, prefix}
}

function widthOf(version: number): number {
  return version === 4 ? 32 : 128
}

/** The lowest address of a range. */
function networkOf({version, value, prefix}: Range): bigint {
  const free = BigInt(widthOf(version) - prefix)
  return (value >> free) << free
}

function valueOfIpv4(address: string): bigint {
  return address.split('.').reduce((value, byte) => (value << 8n) | BigInt(byte), 0n)
}

function valueOfIpv6(address: string): bigint {
  const [head = '', tail] = address.split('::')
  const [before, after] = [groupsOf(head), groupsOf(tail ?? '')]
  const omitted = Array.from({length: 8 - before.length - after.length}, () => 0n)
  return [...before, ...omitted, ...after].reduce((value, group) => (value << 16n) | group, 0n)
}

/** The 16-bit groups of a part of an IPv6 address, which can end in an IPv4 address. */
function groupsOf(part: string): bigint[] {
  if (part === '') return []
  return part.split(':').flatMap((group) => {
    if (!group.includes('.')) return [BigInt(`0x${group}`)]
    const value = valueOfIpv4(group)
    return [value >> 16n, value & 0xffffn]
  })
}

function format({version, value, prefix}: Range): string {
  return `${version === 4 ? formatIpv4(value) : formatIpv6(value)}/${prefix}`
}

function formatIpv4(value: bigint): string {
  return [24n, 16n, 8n, 0n].map((shift) => (value >> shift) & 0xffn).join('.')
}

/** As recommended by RFC 5952: lowercase, and the longest run of zero groups omitted. */
function formatIpv6(value: bigint): string {
  const groups = Array.from({length: 8}, (_, index) => ((value >> BigInt(112 - 16 * index)) & 0xffffn).toString(16))
  const text = groups.join(':')
  const [longest] = [...text.matchAll(/\b0(?::0)+\b/g)].sort((a, b) => b[0].length - a[0].length)
  if (!longest) return text
  return `${text.slice(0, longest.index).replace(/:$/, '')}::${text.slice(longest.index + longest[0].length).replace(/^:/, '')}`
}
