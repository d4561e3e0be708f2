import {gzipSync} from 'node:zlib'

import {endOfTar, entry, longName, pax, paxRecord, tar, type RawEntry} from './support/raw-tar.js'
import {
  compressedBlock,
  frame,
  rawBlock,
  rawBlocks,
  repeatedBlock,
  reservedBlock,
  windowOf,
  zeros,
  zst,
} from './support/raw-zstd.js'

/** An archive that must be refused. */
export interface HostileArchive {
  name: string
  /** What its refusal says. */
  says: RegExp
  /** The limit of `ArchiveLimits` that it passes. */
  limit?: string
  build: () => Uint8Array
}

const window = windowOf(23)

/** An archive of one file that is as it should be. */
const good = tar({name: 'a.md', content: 'hello'})

const ofTar = (name: string, says: RegExp, build: () => Uint8Array, limit?: string): HostileArchive => ({
  name,
  says,
  build: () => zst(build()),
  ...(limit !== undefined && {limit}),
})

const ofEntries = (name: string, says: RegExp, ...entries: (RawEntry | Uint8Array)[]): HostileArchive =>
  ofTar(name, says, () => tar(...entries))

const ofPath = (path: string, says: RegExp): HostileArchive =>
  ofEntries(`the path ${JSON.stringify(path)}`, says, {name: path})

const ofPaths = (name: string, ...paths: string[]): HostileArchive =>
  ofEntries(name, /cannot both be there everywhere$/, ...paths.map((path) => ({name: path})))

const nested = (depth: number) => `${'d/'.repeat(depth)}f`

const paths: HostileArchive[] = [
  ofPath('/etc/passwd', /is absolute$/),
  ofPath('../evil', /`\.\.`$/),
  ofPath('a/../../evil', /`\.\.`$/),
  ofPath('a/..', /`\.\.`$/),
  ofPath('./a', /has an empty part/),
  ofPath('a/./b', /has an empty part/),
  ofPath('a//b', /has an empty part/),
  ofPath('', /has an empty part/),
  ofPath('a/', /has an empty part/),
  ofPath('..\\evil', /cannot be in a file name everywhere$/),
  ofPath('a\\b', /cannot be in a file name everywhere$/),
  ofPath('C:/evil', /cannot be in a file name everywhere$/),
  ofPath('a.md:stream', /cannot be in a file name everywhere$/),
  ofPath('a\nb', /cannot be in a file name everywhere$/),
  ofPath('a\u001B[2Jb', /cannot be in a file name everywhere$/),
  ofPath('a\u202Edm.exe', /cannot be in a file name everywhere$/),
  ofPath('a\u0085b', /cannot be in a file name everywhere$/),
  ofPath('what?.md', /cannot be in a file name everywhere$/),
  ofPath('CON', /is a device on Windows$/),
  ofPath('a/nul.txt', /is a device on Windows$/),
  ofPath('Com1.tar.gz', /is a device on Windows$/),
  ofPath('lpt².md', /is a device on Windows$/),
  ofPath('aux .md', /is a device on Windows$/),
  ofPath('CONIN$', /is a device on Windows$/),
  ofPath('a./b', /ends with a dot or a space$/),
  ofPath('a ', /ends with a dot or a space$/),
  ofPath('...', /ends with a dot or a space$/),
  ofPath('.git/config', /is not for packages$/),
  ofPath('a/.GIT/hooks/pre-commit', /is not for packages$/),
  ofPath('.g\u200Cit/config', /is not for packages$/),
  ofPath('GIT~1/config', /is not for packages$/),
  ofPath('apkg_packages/@acme/other/apkg.json', /is not for packages$/),
  ofEntries('a path that is not UTF-8', /is not UTF-8$/, {name: Buffer.of(0x61, 0xff, 0x62)}),
  ofEntries('a path of overlong UTF-8', /is not UTF-8$/, {name: Buffer.of(0xc0, 0xae, 0xc0, 0xae, 0x2f, 0x61)}),
  ofEntries('.. in the prefix of a header', /`\.\.`$/, {name: 'evil', prefix: '..'}),
  ofEntries('.. in a pax header', /`\.\.`$/, pax({path: '../evil'}), {name: 'good.md'}),
  ofEntries('.. in a long name', /`\.\.`$/, longName('../evil'), {name: 'good.md'}),
  ofEntries('an absolute folder', /is absolute$/, {name: '/tmp/', flag: '5'}),
  ofEntries('a folder above', /`\.\.`$/, {name: '../', flag: '5'}),
  ofEntries('a NUL in a pax path', /cannot be in a file name everywhere$/, pax({path: 'a\0b'}), {}),
  {...ofEntries('a path that is too deep', /more than 32 folders deep$/, {name: nested(33)}), limit: 'depth'},
  {
    ...ofEntries('a part that is too long', /longer than 255 bytes$/, longName('x'.repeat(256)), {}),
    limit: 'pathPart',
  },
  {
    ...ofEntries('a path that is too long', /longer than 1024 bytes$/, longName(`${'abcdefg/'.repeat(128)}f`), {}),
    limit: 'path',
  },
]

const collisions: HostileArchive[] = [
  ofEntries('one path twice', /is there twice$/, {name: 'a.md'}, {name: 'a.md'}),
  ofPaths('paths that differ in case', 'a.md', 'A.md'),
  ofPaths('folders that differ in case', 'docs/a', 'Docs/b'),
  ofPaths('paths that differ in composition', '\u00E9', 'e\u0301'),
  ofPaths('paths that differ in full case folding', 'stra\u00DFe', 'STRASSE'),
  ofPaths('paths that differ in what is not seen', 'a\u200Bb', 'ab'),
  ofPaths('a file and a folder', 'a', 'a/b'),
  ofPaths('a folder and a file', 'a/b', 'a'),
  ofPaths('a folder and a file in another case', 'a/b', 'A'),
  ofEntries('an empty folder and a file', /cannot both be/, {name: 'a/', flag: '5'}, {name: 'a'}),
  ofEntries('a file and an empty folder', /cannot both be/, {name: 'a'}, {name: 'a/', flag: '5'}),
]

const kinds: HostileArchive[] = [
  ofEntries('a symbolic link', /is a symbolic link/, {flag: '2', link: '/etc/passwd'}),
  ofEntries(
    'a symbolic link and a file through it',
    /is a symbolic link/,
    {name: 'a', flag: '2', link: '/tmp'},
    {name: 'a/b'},
  ),
  ofEntries('a hard link', /is a hard link/, {flag: '1', link: '../../.bashrc'}),
  ofEntries('a character device', /is a character device/, {flag: '3'}),
  ofEntries('a block device', /is a block device/, {flag: '4'}),
  ofEntries('a named pipe', /is a named pipe/, {flag: '6'}),
  ofEntries('a contiguous file', /is a contiguous file/, {flag: '7', content: 'x'}),
  ofEntries('a sparse file of GNU', /is a sparse file/, {flag: 'S', content: 'x'}),
  ofEntries('a sparse file of pax', /has a sparse file$/, pax({'GNU.sparse.realsize': '99999999'}), {}),
  ofEntries('a volume label', /is of a kind that is not known/, {flag: 'V'}),
  ofEntries('a multi-volume file', /is of a kind that is not known/, {flag: 'M'}),
  ofEntries('a long link name', /is the target of a link/, {flag: 'K', content: 'x\0'}, {flag: '2'}),
  ofEntries('a pax link path', /has a link$/, pax({linkpath: '/etc/passwd'}), {}),
]

const headers: HostileArchive[] = [
  ofEntries('a wrong checksum', /header is damaged$/, {checksumOff: 1}),
  ofEntries('a format that is not known', /format is not known$/, {magic: '\0\0\0\0\0\0\0\0'}),
  ofEntries('a negative size', /is damaged$/, {size: Buffer.alloc(12, 0xff), content: 'x'}),
  ofEntries('a size in base 256', /is damaged$/, {
    size: Buffer.of(0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1),
    content: 'x',
  }),
  ofEntries('a size that is no number', /is damaged$/, {size: '0000000000x', content: 'x'}),
  ofEntries('a size of minus one', /is damaged$/, {size: '-0000000001', content: 'x'}),
  ofEntries('a size in pax that is another', /has two sizes$/, pax({size: '1024'}), {content: 'x'}),
  ofEntries('a size in pax that hides an entry', /has two sizes$/, pax({size: '0'}), {
    content: Buffer.from(entry({name: 'hidden'})),
  }),
  ofEntries('a folder with content', /has two sizes$/, {name: 'a/', flag: '5', content: 'x'}),
  ofEntries(
    'a path in pax twice',
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
  ofEntries('a pax record without an end', /pax header is damaged$/, {flag: 'x', content: '9 path=ab'}, {}),
  ofEntries('a pax record of no length', /pax header is damaged$/, {flag: 'x', content: '0 path=a\n'}, {}),
  ofEntries('a path in a global pax header', /one path or size$/, pax({path: 'a'}, 'g'), {}),
  ofEntries('two pax headers', /two headers of one kind/, pax({path: 'a'}), pax({path: 'b'}), {}),
  ofEntries('two long names', /two headers of one kind/, longName('a'), longName('b'), {}),
  ofEntries('a pax path and a long name', /has two names$/, pax({path: 'a'}), longName('b'), {}),
  ofEntries('a pax header before the end', /stands before no file$/, {}, pax({path: 'a'})),
  ofEntries('a pax header of 1 MiB', /larger than 64 KiB$/, pax({comment: 'x'.repeat(1024 * 1024)}), {}),
  ofEntries('a long name of 1 MiB', /larger than 64 KiB$/, longName('x'.repeat(1024 * 1024)), {}),
  ofTar('a long name said to have 8 GiB', /larger than 64 KiB$/, () => entry({flag: 'L', size: '77777777777'})),
]

const ends: HostileArchive[] = [
  ofTar('no entry and no end', /is cut off$/, () => new Uint8Array(0)),
  ofTar('a header cut in half', /is cut off$/, () => good.subarray(0, 256)),
  ofTar('content cut off', /is cut off$/, () => good.subarray(0, 514)),
  ofTar('padding cut off', /is cut off$/, () => entry({content: 'x', isUnpadded: true})),
  ofTar('a missing end', /is cut off$/, () => entry({content: 'hello'})),
  ofTar('half an end', /is cut off$/, () => good.subarray(0, -512)),
  ofTar('an entry after one block of zeros', /something follows its end$/, () =>
    Buffer.concat([entry(), new Uint8Array(512), entry({name: 'hidden'}), endOfTar]),
  ),
  ofTar('an entry after the end', /something follows its end$/, () => Buffer.concat([good, tar({name: 'hidden'})])),
  ofTar('a byte after the end', /something follows its end$/, () => Buffer.concat([good, Buffer.of(1)])),
  {
    name: '2 GB of zeros after the end',
    says: /something follows its end$/,
    build: () => frame({window, blocks: [rawBlock(good), zeros(16_384), rawBlock(new Uint8Array(0), true)]}),
  },
]

const compression: HostileArchive[] = [
  {name: 'nothing at all', says: /^it is empty$/, build: () => new Uint8Array(0)},
  {name: 'four bytes', says: /is cut off$/, build: () => zst(good).subarray(0, 4)},
  {name: 'half a frame', says: /is cut off$/, build: () => zst(good).subarray(0, 600)},
  {name: 'all but the last byte', says: /is cut off$/, build: () => zst(good).subarray(0, -1)},
  {
    name: 'a checksum cut off',
    says: /is cut off$/,
    build: () => frame({window, hasChecksum: true, blocks: rawBlocks(good)}).subarray(0, -1),
  },
  {name: 'a tar that is not compressed', says: /not compressed by zstd$/, build: () => good},
  {name: 'gzip', says: /not compressed by zstd$/, build: () => gzipSync(good)},
  {name: 'text', says: /not compressed by zstd$/, build: () => Buffer.from('<!doctype html><title>Sign in</title>')},
  {
    name: 'a skippable frame first',
    says: /not compressed by zstd$/,
    build: () => Buffer.concat([Buffer.of(0x50, 0x2a, 0x4d, 0x18, 0, 0, 0, 0), zst(good)]),
  },
  {
    name: 'a reserved bit',
    says: /not compressed by zstd$/,
    build: () => frame({window, isReservedBitSet: true, blocks: rawBlocks(good)}),
  },
  {
    name: 'zstd in zstd',
    says: /header is damaged$|is cut off$/,
    build: () => zst(Buffer.concat([zst(good), Buffer.alloc(512)])),
  },
  {name: 'two frames', says: /something follows its end$/, build: () => Buffer.concat([zst(good), zst(good)])},
  {
    name: 'a byte after the frame',
    says: /something follows its end$/,
    build: () => Buffer.concat([zst(good), Buffer.of(0)]),
  },
  {
    name: 'a dictionary',
    says: /needs a zstd dictionary$/,
    build: () => frame({window, dictionary: 7, blocks: rawBlocks(good)}),
  },
  {
    name: 'a window of 16 MiB',
    says: /more than 8 MiB of memory/,
    build: () => frame({window: windowOf(24), blocks: rawBlocks(good)}),
  },
  {
    name: 'a window of 2 TiB',
    says: /more than 8 MiB of memory/,
    build: () => frame({window: 0xff, blocks: rawBlocks(good)}),
  },
  {
    name: 'a segment of 16 EiB',
    says: /more than 8 MiB of memory/,
    build: () => frame({contentSize: 2n ** 64n - 1n, blocks: rawBlocks(good)}),
  },
  {
    name: 'a content size that is too large',
    says: /size is not the one that it names$|is damaged$/,
    build: () => frame({window, contentSize: good.length + 1, blocks: rawBlocks(good)}),
  },
  {
    name: 'a content size that is too small',
    says: /size is not the one that it names$|is damaged$/,
    build: () => frame({window, contentSize: good.length - 1, blocks: rawBlocks(good)}),
  },
  {
    name: 'a content size before an empty last block',
    says: /size is not the one that it names$|is damaged$/,
    build: () => frame({window, contentSize: 1, blocks: [rawBlock(good), rawBlock(new Uint8Array(0), true)]}),
  },
  {
    name: 'a reserved kind of block',
    says: /data is damaged$/,
    build: () => frame({window, blocks: [reservedBlock(5)]}),
  },
  {
    name: 'a block of 2 MiB',
    says: /data is damaged$/,
    build: () => frame({window, blocks: [repeatedBlock(0, 2 ** 21 - 1, true)]}),
  },
  {
    name: 'a block larger than its window',
    says: /data is damaged$/,
    build: () => frame({window: windowOf(10), blocks: rawBlocks(good)}),
  },
  {
    name: 'a compressed block of noise',
    says: /data is damaged$/,
    build: () =>
      frame({window, blocks: [rawBlock(good.subarray(0, 512)), compressedBlock(Buffer.alloc(999, 0xa5), true)]}),
  },
  // Sequences by repeated codes of no bits: ten bytes that say 98,047 times to copy 131,074 bytes.
  {
    name: 'a block of ten bytes that says to copy 12 GB',
    says: /data is damaged$/,
    build: () =>
      frame({window, blocks: [compressedBlock(Buffer.of(0x01, 0x00, 0xff, 0xff, 0xff, 0x54, 52, 0, 0, 0x80), true)]}),
  },
  {
    name: 'a match before the beginning',
    says: /data is damaged$/,
    build: () =>
      frame({
        window,
        blocks: [compressedBlock(Buffer.of(0x08, 0x61, 0x01, 0x54, 1, 10, 10, 0xff, 0xff, 0xff, 0x80), true)],
      }),
  },
  {
    name: 'a hundred thousand empty blocks',
    says: /more than 65536 blocks$/,
    build: () => frame({window, blocks: [Buffer.alloc(300_000), rawBlock(good, true)]}),
  },
]

const tooMuch: HostileArchive[] = [
  {
    name: '60 kB that unpack to 2 GB in one file',
    limit: 'unpacked',
    says: /more than 209715200 bytes unpacked$/,
    build: () =>
      frame({window, blocks: [rawBlock(entry({size: '20000000000'})), zeros(16_384), rawBlock(endOfTar, true)]}),
  },
  {
    name: '6 kB that unpack to 199 MB in one file',
    limit: 'ratio',
    says: /more than 50 times its size$/,
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
    name: '2 GB of zeros and no file',
    says: /something follows its end$/,
    build: () => frame({window, blocks: [zeros(16_384), rawBlock(new Uint8Array(0), true)]}),
  },
  ofTar(
    'two files of 150 MiB',
    /more than 209715200 bytes unpacked$/,
    () => Buffer.concat([entry({content: Buffer.alloc(2 ** 20)}), entry({name: 'b', size: '01440000000'})]),
    'unpacked',
  ),
  ofTar(
    '10,001 files',
    /more than 10000 files or folders$/,
    () => tar(...Array.from({length: 10_001}, (_, index) => ({name: `f${index}`}))),
    'files',
  ),
  ofTar(
    '10,001 folders',
    /more than 10000 files or folders$/,
    () => tar(...Array.from({length: 10_001}, (_, index) => ({name: `f${index}/`, flag: '5'}))),
    'files',
  ),
  ofTar(
    'a folder 20,000 times',
    /more than 10000 files or folders$/,
    () => Buffer.concat(Array.from({length: 20_000}, () => entry({name: 'f/', flag: '5'}))),
    'files',
  ),
  ofTar(
    'a manifest of more than 1 MiB',
    /more than 1048576 bytes of manifest$/,
    () => tar({name: 'apkg.json', content: Buffer.alloc(2 ** 20 + 1, 0x20)}),
    'manifest',
  ),
]

/** Archives that every reader must refuse by the default limits, each for its own reason. */
export const hostileArchives: readonly HostileArchive[] = [
  ...paths,
  ...collisions,
  ...kinds,
  ...headers,
  ...ends,
  ...compression,
  ...tooMuch,
]
