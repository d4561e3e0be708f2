import {gzipSync} from 'node:zlib'

import {endOfTar, entry, longName, pax, paxRecord, tar, type RawEntry} from './support/raw-tar.js'
import {
  compressedBlock,
  frame,
  rawBlock,
  rawBlocks,
  repeatedBlock,
  reservedBlock,
  shortBlocks,
  windowOf,
  zeros,
  zst,
} from './support/raw-zstd.js'

/** An archive that must be rejected. */
export interface HostileArchive {
  name: string
  /** The expected message of the error. */
  message: RegExp
  /** The key in `ArchiveLimits` of the limit that it exceeds. */
  limit?: string
  /** Whether thousands of files, or a large one, are unpacked before it is rejected. */
  isLarge?: true
  build: () => Uint8Array
}

const window = windowOf(23)

const valid = tar({name: 'a.md', content: 'hello'})

const ofTar = (name: string, message: RegExp, build: () => Uint8Array, limit?: string): HostileArchive => ({
  name,
  message,
  build: () => zst(build()),
  ...(limit !== undefined && {limit}),
})

const ofEntries = (name: string, message: RegExp, ...entries: (RawEntry | Uint8Array)[]): HostileArchive =>
  ofTar(name, message, () => tar(...entries))

const ofPath = (path: string, message: RegExp): HostileArchive =>
  ofEntries(`the path ${JSON.stringify(path)}`, message, {name: path})

const ofPaths = (name: string, ...paths: string[]): HostileArchive =>
  ofEntries(name, /collide on some platforms$/, ...paths.map((path) => ({name: path})))

/** Files or directories, each after the same large headers, in a few bytes each. */
const ofHeaders = (
  name: string,
  count: number,
  headers: RawEntry[],
  entryOf: (index: number) => RawEntry,
): HostileArchive => ({
  name,
  limit: 'unpacked',
  isLarge: true,
  message: /more than 209715200 unpacked bytes$/,
  build: () => {
    const shared = headers.flatMap((each) => shortBlocks(entry(each)))
    const blocks = Array.from({length: count}, (_, index) => [...shared, ...shortBlocks(entry(entryOf(index)))])
    return frame({window, blocks: [...blocks.flat(), rawBlock(endOfTar, true)]})
  },
})

const largePax = (flag?: string) => pax({comment: 'x'.repeat(60_000)}, flag)

const largeName = longName(`d/\0${'x'.repeat(60_000)}`)

const fileOf = (index: number) => ({name: `f${index}`})

/** A directory can occur more than once. */
const folderOf = () => ({name: 'd/', flag: '5'})

const nested = (depth: number) => `${'d/'.repeat(depth)}f`

const paths: HostileArchive[] = [
  ofPath('/etc/passwd', /is absolute$/),
  ofPath('../evil', /`\.\.`$/),
  ofPath('a/../../evil', /`\.\.`$/),
  ofPath('a/..', /`\.\.`$/),
  ofPath('./a', /contains an empty part/),
  ofPath('a/./b', /contains an empty part/),
  ofPath('a//b', /contains an empty part/),
  ofPath('', /contains an empty part/),
  ofPath('a/', /contains an empty part/),
  ofPath('..\\evil', /not allowed in portable file names$/),
  ofPath('a\\b', /not allowed in portable file names$/),
  ofPath('C:/evil', /not allowed in portable file names$/),
  ofPath('a.md:stream', /not allowed in portable file names$/),
  ofPath('a\nb', /not allowed in portable file names$/),
  ofPath('a\u001B[2Jb', /not allowed in portable file names$/),
  ofPath('a\u202Edm.exe', /not allowed in portable file names$/),
  ofPath('a\u0085b', /not allowed in portable file names$/),
  ofPath('what?.md', /not allowed in portable file names$/),
  ofPath('CON', /is a device name on Windows$/),
  ofPath('a/nul.txt', /is a device name on Windows$/),
  ofPath('Com1.tar.gz', /is a device name on Windows$/),
  ofPath('lpt².md', /is a device name on Windows$/),
  ofPath('aux .md', /is a device name on Windows$/),
  ofPath('CONIN$', /is a device name on Windows$/),
  ofPath('a./b', /ends with a dot or a space$/),
  ofPath('a ', /ends with a dot or a space$/),
  ofPath('...', /ends with a dot or a space$/),
  ofPath('.git/config', /contains a reserved name$/),
  ofPath('a/.GIT/hooks/pre-commit', /contains a reserved name$/),
  ofPath('.g\u200Cit/config', /contains a reserved name$/),
  ofPath('GIT~1/config', /contains a reserved name$/),
  ofPath('apkg_packages/@acme/other/apkg.json', /contains a reserved name$/),
  ofEntries('a path that is not UTF-8', /is not UTF-8$/, {name: Buffer.of(0x61, 0xff, 0x62)}),
  ofEntries('a path in overlong UTF-8', /is not UTF-8$/, {name: Buffer.of(0xc0, 0xae, 0xc0, 0xae, 0x2f, 0x61)}),
  ofEntries('.. in the prefix of a header', /`\.\.`$/, {name: 'evil', prefix: '..'}),
  ofEntries('.. in a pax header', /`\.\.`$/, pax({path: '../evil'}), {name: 'good.md'}),
  ofEntries('.. in a long name', /`\.\.`$/, longName('../evil'), {name: 'good.md'}),
  ofEntries('an absolute directory', /is absolute$/, {name: '/tmp/', flag: '5'}),
  ofEntries('a parent directory', /`\.\.`$/, {name: '../', flag: '5'}),
  ofEntries('a NUL in a pax path', /not allowed in portable file names$/, pax({path: 'a\0b'}), {}),
  {...ofEntries('a path that is too deep', /more than 32 directories deep$/, {name: nested(33)}), limit: 'depth'},
  {
    ...ofEntries('a path with a part that is too long', /longer than 255 bytes$/, longName('x'.repeat(256)), {}),
    limit: 'pathPart',
  },
  {
    ...ofEntries('a path that is too long', /longer than 1024 bytes$/, longName(`${'abcdefg/'.repeat(128)}f`), {}),
    limit: 'path',
  },
]

const collisions: HostileArchive[] = [
  ofEntries('a path that occurs twice', /occurs twice$/, {name: 'a.md'}, {name: 'a.md'}),
  ofPaths('paths that differ only in case', 'a.md', 'A.md'),
  ofPaths('directories that differ only in case', 'docs/a', 'Docs/b'),
  ofPaths('paths that differ only in Unicode composition', '\u00E9', 'e\u0301'),
  ofPaths('paths that are equal under full case folding', 'stra\u00DFe', 'STRASSE'),
  ofPaths('paths that differ only in invisible characters', 'a\u200Bb', 'ab'),
  ofPaths('a directory with the path of an earlier file', 'a', 'a/b'),
  ofPaths('a file with the path of an earlier directory', 'a/b', 'a'),
  ofPaths('a file with the path of an earlier directory in another case', 'a/b', 'A'),
  ofEntries('a file with the path of an empty directory', /collide/, {name: 'a/', flag: '5'}, {name: 'a'}),
  ofEntries('an empty directory with the path of a file', /collide/, {name: 'a'}, {name: 'a/', flag: '5'}),
]

const kinds: HostileArchive[] = [
  ofEntries('a symbolic link', /is a symbolic link/, {flag: '2', link: '/etc/passwd'}),
  ofEntries(
    'a symbolic link and a file below it',
    /is a symbolic link/,
    {name: 'a', flag: '2', link: '/tmp'},
    {name: 'a/b'},
  ),
  ofEntries('a hard link', /is a hard link/, {flag: '1', link: '../../.bashrc'}),
  ofEntries('a character device', /is a character device/, {flag: '3'}),
  ofEntries('a block device', /is a block device/, {flag: '4'}),
  ofEntries('a named pipe', /is a named pipe/, {flag: '6'}),
  ofEntries('a contiguous file', /is a contiguous file/, {flag: '7', content: 'x'}),
  ofEntries('a sparse file in GNU format', /is a sparse file/, {flag: 'S', content: 'x'}),
  ofEntries('a sparse file in pax format', /contains a sparse file$/, pax({'GNU.sparse.realsize': '99999999'}), {}),
  ofEntries('a volume label', /is of an unknown kind/, {flag: 'V'}),
  ofEntries('a multi-volume file', /is of an unknown kind/, {flag: 'M'}),
  ofEntries('a long link name', /is the target of a link/, {flag: 'K', content: 'x\0'}, {flag: '2'}),
  ofEntries('a pax link path', /contains a link$/, pax({linkpath: '/etc/passwd'}), {}),
]

const headers: HostileArchive[] = [
  ofEntries('a wrong checksum', /header is damaged$/, {checksumOff: 1}),
  ofEntries('an unknown tar format', /format is unknown$/, {magic: '\0\0\0\0\0\0\0\0'}),
  ofEntries('a negative size', /is damaged$/, {size: Buffer.alloc(12, 0xff), content: 'x'}),
  ofEntries('a size in base 256', /is damaged$/, {
    size: Buffer.of(0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1),
    content: 'x',
  }),
  ofEntries('a size that is not a number', /is damaged$/, {size: '0000000000x', content: 'x'}),
  ofEntries('a size of minus one', /is damaged$/, {size: '-0000000001', content: 'x'}),
  ofEntries('a pax size that differs from the header', /has two sizes$/, pax({size: '1024'}), {content: 'x'}),
  ofEntries('a pax size that hides an entry', /has two sizes$/, pax({size: '0'}), {
    content: Buffer.from(entry({name: 'hidden'})),
  }),
  ofEntries('a directory with content', /directory with content$/, {name: 'a/', flag: '5', content: 'x'}),
  ofEntries(
    'a pax header with two paths',
    /pax header is damaged$/,
    {name: 'x', flag: 'x', content: paxRecord('path', 'a') + paxRecord('path', 'b')},
    {},
  ),
  ofEntries(
    'a pax record that is longer than its header',
    /pax header is damaged$/,
    {flag: 'x', content: '99 path=a\n'},
    {},
  ),
  ofEntries('a pax record without a newline', /pax header is damaged$/, {flag: 'x', content: '9 path=ab'}, {}),
  ofEntries('a pax record of length zero', /pax header is damaged$/, {flag: 'x', content: '0 path=a\n'}, {}),
  ofEntries('a path in a global pax header', /sets a path or a size$/, pax({path: 'a'}, 'g'), {}),
  ofEntries('two pax headers for a file', /headers of the same kind/, pax({path: 'a'}), pax({path: 'b'}), {}),
  ofEntries('two long names for a file', /headers of the same kind/, longName('a'), longName('b'), {}),
  ofEntries('a pax path and a long name', /has two names$/, pax({path: 'a'}), longName('b'), {}),
  ofEntries('a pax header without a file', /is not followed by a file$/, {}, pax({path: 'a'})),
  ofEntries('a pax header of 1 MiB', /larger than 64 KiB$/, pax({comment: 'x'.repeat(1024 * 1024)}), {}),
  ofEntries('a long name of 1 MiB', /larger than 64 KiB$/, longName('x'.repeat(1024 * 1024)), {}),
  ofTar('a long name with a claimed size of 8 GiB', /larger than 64 KiB$/, () =>
    entry({flag: 'L', size: '77777777777'}),
  ),
]

const ends: HostileArchive[] = [
  ofTar('an empty tar', /is truncated$/, () => new Uint8Array(0)),
  ofTar('a truncated header', /is truncated$/, () => valid.subarray(0, 256)),
  ofTar('truncated content', /is truncated$/, () => valid.subarray(0, 514)),
  ofTar('truncated padding', /is truncated$/, () => entry({content: 'x', isUnpadded: true})),
  ofTar('a missing end', /is truncated$/, () => entry({content: 'hello'})),
  ofTar('an end of one block', /is truncated$/, () => valid.subarray(0, -512)),
  ofTar('an entry after one block of zeros', /data after its end$/, () =>
    Buffer.concat([entry(), new Uint8Array(512), entry({name: 'hidden'}), endOfTar]),
  ),
  ofTar('an entry after the end', /data after its end$/, () => Buffer.concat([valid, tar({name: 'hidden'})])),
  ofTar('a byte after the end', /data after its end$/, () => Buffer.concat([valid, Buffer.of(1)])),
  {
    name: '2 GB of zeros after the end',
    message: /data after its end$/,
    build: () => frame({window, blocks: [rawBlock(valid), zeros(16_384), rawBlock(new Uint8Array(0), true)]}),
  },
]

const compression: HostileArchive[] = [
  {name: 'an empty file', message: /^it is empty$/, build: () => new Uint8Array(0)},
  {name: 'a file of four bytes', message: /is truncated$/, build: () => zst(valid).subarray(0, 4)},
  {name: 'half a frame', message: /is truncated$/, build: () => zst(valid).subarray(0, 600)},
  {name: 'a frame without its last byte', message: /is truncated$/, build: () => zst(valid).subarray(0, -1)},
  {
    name: 'a truncated checksum',
    message: /is truncated$/,
    build: () => frame({window, hasChecksum: true, blocks: rawBlocks(valid)}).subarray(0, -1),
  },
  {name: 'an uncompressed tar', message: /not zstd-compressed$/, build: () => valid},
  {name: 'a gzip file', message: /not zstd-compressed$/, build: () => gzipSync(valid)},
  {
    name: 'an HTML page',
    message: /not zstd-compressed$/,
    build: () => Buffer.from('<!doctype html><title>Sign in</title>'),
  },
  {
    name: 'a leading skippable frame',
    message: /not zstd-compressed$/,
    build: () => Buffer.concat([Buffer.of(0x50, 0x2a, 0x4d, 0x18, 0, 0, 0, 0), zst(valid)]),
  },
  {
    name: 'a reserved bit that is set',
    message: /not zstd-compressed$/,
    build: () => frame({window, isReservedBitSet: true, blocks: rawBlocks(valid)}),
  },
  {
    name: 'an archive that is compressed twice',
    message: /header is damaged$|is truncated$/,
    build: () => zst(Buffer.concat([zst(valid), Buffer.alloc(512)])),
  },
  {name: 'two frames', message: /data after its end$/, build: () => Buffer.concat([zst(valid), zst(valid)])},
  {
    name: 'a byte after the frame',
    message: /data after its end$/,
    build: () => Buffer.concat([zst(valid), Buffer.of(0)]),
  },
  {
    name: 'a dictionary',
    message: /needs a zstd dictionary$/,
    build: () => frame({window, dictionary: 7, blocks: rawBlocks(valid)}),
  },
  {
    name: 'a window of 16 MiB',
    message: /more than 8 MiB of memory/,
    build: () => frame({window: windowOf(24), blocks: rawBlocks(valid)}),
  },
  {
    name: 'a window of 2 TiB',
    message: /more than 8 MiB of memory/,
    build: () => frame({window: 0xff, blocks: rawBlocks(valid)}),
  },
  {
    name: 'a segment of 16 EiB',
    message: /more than 8 MiB of memory/,
    build: () => frame({contentSize: 2n ** 64n - 1n, blocks: rawBlocks(valid)}),
  },
  {
    name: 'a content size that is too large',
    message: /size does not match its header$|is damaged$/,
    build: () => frame({window, contentSize: valid.length + 1, blocks: rawBlocks(valid)}),
  },
  {
    name: 'a content size that is too small',
    message: /size does not match its header$|is damaged$/,
    build: () => frame({window, contentSize: valid.length - 1, blocks: rawBlocks(valid)}),
  },
  {
    name: 'a content size before an empty last block',
    message: /size does not match its header$|is damaged$/,
    build: () => frame({window, contentSize: 1, blocks: [rawBlock(valid), rawBlock(new Uint8Array(0), true)]}),
  },
  {
    name: 'a reserved block type',
    message: /data is damaged$/,
    build: () => frame({window, blocks: [reservedBlock(5)]}),
  },
  {
    name: 'a block of 2 MiB',
    message: /data is damaged$/,
    build: () => frame({window, blocks: [repeatedBlock(0, 2 ** 21 - 1, true)]}),
  },
  {
    name: 'a block larger than its window',
    message: /data is damaged$/,
    build: () => frame({window: windowOf(10), blocks: rawBlocks(valid)}),
  },
  {
    name: 'a compressed block of garbage',
    message: /data is damaged$/,
    build: () =>
      frame({window, blocks: [rawBlock(valid.subarray(0, 512)), compressedBlock(Buffer.alloc(999, 0xa5), true)]}),
  },
  // Sequences in RLE mode need no bits each: these ten bytes copy 131,074 bytes 98,047 times.
  {
    name: 'a block of ten bytes that expands to 12 GB',
    message: /data is damaged$/,
    build: () =>
      frame({window, blocks: [compressedBlock(Buffer.of(0x01, 0x00, 0xff, 0xff, 0xff, 0x54, 52, 0, 0, 0x80), true)]}),
  },
  {
    name: 'a match that starts before the content',
    message: /data is damaged$/,
    build: () =>
      frame({
        window,
        blocks: [compressedBlock(Buffer.of(0x08, 0x61, 0x01, 0x54, 1, 10, 10, 0xff, 0xff, 0xff, 0x80), true)],
      }),
  },
  {
    name: 'a hundred thousand empty blocks',
    isLarge: true,
    message: /more than 65536 blocks$/,
    build: () => frame({window, blocks: [Buffer.alloc(300_000), rawBlock(valid, true)]}),
  },
]

const tooMuch: HostileArchive[] = [
  {
    name: '60 kB that unpack to a file of 2 GB',
    limit: 'unpacked',
    message: /more than 209715200 unpacked bytes$/,
    build: () =>
      frame({window, blocks: [rawBlock(entry({size: '20000000000'})), zeros(16_384), rawBlock(endOfTar, true)]}),
  },
  {
    name: '6 kB that unpack to a file of 199 MB',
    limit: 'ratio',
    isLarge: true,
    message: /more than 50 times its size$/,
    build: () =>
      frame({
        window,
        blocks: [
          rawBlock(entry({size: (1500 * 131_072).toString(8).padStart(11, '0')})),
          zeros(1500),
          rawBlock(endOfTar, true),
        ],
      }),
  },
  {
    name: '2 GB of zeros without a file',
    message: /data after its end$/,
    build: () => frame({window, blocks: [zeros(16_384), rawBlock(new Uint8Array(0), true)]}),
  },
  ofTar(
    'files of 1 MiB and 200 MiB',
    /more than 209715200 unpacked bytes$/,
    () => Buffer.concat([entry({content: Buffer.alloc(2 ** 20)}), entry({name: 'b', size: '01440000000'})]),
    'unpacked',
  ),
  {
    isLarge: true,
    ...ofTar(
      '10,001 files',
      /more than 10000 files or directories$/,
      () => tar(...Array.from({length: 10_001}, (_, index) => ({name: `f${index}`}))),
      'files',
    ),
  },
  {
    isLarge: true,
    ...ofTar(
      '10,001 directories',
      /more than 10000 files or directories$/,
      () => tar(...Array.from({length: 10_001}, (_, index) => ({name: `f${index}/`, flag: '5'}))),
      'files',
    ),
  },
  {
    isLarge: true,
    ...ofTar(
      'a directory that occurs 20,000 times',
      /more than 10000 files or directories$/,
      () => Buffer.concat(Array.from({length: 20_000}, () => entry({name: 'f/', flag: '5'}))),
      'files',
    ),
  },
  ofHeaders('a pax header of 60 kB for each of 4000 files', 4000, [largePax()], fileOf),
  ofHeaders('a long name of 60 kB for each of 4000 directories', 4000, [largeName], folderOf),
  ofHeaders(
    'three headers of 60 kB for each of 1500 directories',
    1500,
    [largePax('g'), largePax(), largeName],
    folderOf,
  ),
  {
    ...ofHeaders('extended headers that unpack to 90 MB', 1500, [largePax()], fileOf),
    limit: 'ratio',
    message: /more than 50 times its size$/,
  },
  ofEntries(
    'a pax header of 10,000 fields',
    /more than 128 fields$/,
    {flag: 'x', content: '5 a=\n'.repeat(10_000)},
    {},
  ),
  ofTar(
    'a manifest of more than 1 MiB',
    /more than 1048576 bytes in its manifest$/,
    () => tar({name: 'apkg.json', content: Buffer.alloc(2 ** 20 + 1, 0x20)}),
    'manifest',
  ),
]

/** Archives that must be rejected under the default limits, each for its own reason. */
export const hostileArchives: readonly HostileArchive[] = [
  ...paths,
  ...collisions,
  ...kinds,
  ...headers,
  ...ends,
  ...compression,
  ...tooMuch,
]
