import assert from 'node:assert/strict'
import {createHash, randomBytes} from 'node:crypto'
import {once} from 'node:events'
import {describe, it} from 'node:test'

import fc from 'fast-check'
import {extract, pack} from 'tar-stream'

import {ArchiveProblem, readArchive, writeArchive, type FileToPack} from '../src/archive/index.js'
import {compress} from '../src/archive/zstd.js'
import {defaultLimits} from '../src/index.js'
import {decompress} from './support/decompress.js'
import {assertLossless} from './support/lossless.js'
import {chunked, readFiles} from './support/read-files.js'
import {endOfTar, entry, longName, pax, tar} from './support/raw-tar.js'
import {frame, rawBlocks, repeatedBlock, windowOf, zst} from './support/raw-zstd.js'

const file = (path: string, content: string | Uint8Array = '', isExecutable = false): FileToPack => ({
  path,
  isExecutable,
  content: Buffer.from(content as string),
})

/** A fixed tree, and the SHA-256 of its archive. */
const fixedTree = [
  file('skills/review/SKILL.md', '---\nname: review\n---\nRead the change first.\n'),
  file('apkg.json', '{"name": "@acme/review", "version": "1.0.0", "type": "skill"}\n'),
  file('bin/run.sh', '#!/bin/sh\nexit 0\n', true),
  file('empty'),
  file(`long/${'x'.repeat(120)}/é.md`, 'é'.repeat(5000)),
  file('large.bin', Buffer.from(Array.from({length: 300_000}, (_, index) => (index * index) >> 3))),
]
const fixedDigest = '42886f0f2845fe75424f464c34331bcef52573af1da2e4621aa03e416f939e1a'

/** With a file that makes it too large for the highest level of compression. */
const largeDigest = '77cb9cd5b38d137ad63213145ee3ec6b11d84ec4cfedb5af3063c954fc16c875'

describe('writeArchive', () => {
  it('writeArchive: writes the same bytes on every machine and version of Node', async () => {
    const archive = await writeArchive(fixedTree)
    assert.equal(createHash('sha256').update(archive).digest('hex'), fixedDigest)
  })

  it('writeArchive: writes the same bytes of a large package on every machine and version of Node', async () => {
    const numbers = Array.from({length: 400_000}, (_, index) => `${(index * index) % 9973}\n`)
    const archive = await writeArchive([...fixedTree, file('numbers.txt', numbers.join(''))])
    assert.equal(createHash('sha256').update(archive).digest('hex'), largeDigest)
  })

  it('writeArchive: does not depend on the order in which files are given', async () => {
    assert.deepEqual(await writeArchive([...fixedTree].reverse()), await writeArchive(fixedTree))
  })

  it('writeArchive: sorts files by the bytes of their paths', async () => {
    const paths = ['b', 'a/b', 'a-b', 'C', 'é', 'a/a', '𝕏', 'ﬁ']
    const archive = await writeArchive(paths.map((path) => file(path)))
    assert.deepEqual(
      (await readFiles(archive)).map(({path}) => path),
      ['C', 'a-b', 'a/a', 'a/b', 'b', 'é', 'ﬁ', '𝕏'],
    )
  })

  it('writeArchive: writes an archive that a tar library can read, without directories, times and owners', async () => {
    const archive = await writeArchive(fixedTree)
    const entries: unknown[] = []
    const reader = extract()
    reader.on('entry', ({name, mode, size, uid, gid, mtime, type, uname, gname}, stream, next) => {
      entries.push({name, mode, size, uid, gid, mtime: mtime?.getTime(), type, uname, gname})
      stream.resume()
      stream.on('end', next)
    })
    const finished = once(reader, 'finish')
    for await (const chunk of decompress(chunked(archive))) reader.write(chunk)
    reader.end()
    await finished
    const anonymous = {uid: 0, gid: 0, mtime: 0, type: 'file', uname: '', gname: ''}
    assert.deepEqual(entries, [
      {name: 'apkg.json', mode: 0o644, size: 62, ...anonymous},
      {name: 'bin/run.sh', mode: 0o755, size: 17, ...anonymous},
      {name: 'empty', mode: 0o644, size: 0, ...anonymous},
      {name: 'large.bin', mode: 0o644, size: 300_000, ...anonymous},
      {name: `long/${'x'.repeat(120)}/é.md`, mode: 0o644, size: 10_000, ...anonymous},
      {name: 'skills/review/SKILL.md', mode: 0o644, size: 44, ...anonymous},
    ])
  })

  for (const [what, files] of [
    ['a path outside the package', [file('../a')]],
    ['two paths that differ only in case', [file('a'), file('A')]],
    ['a path with a lone surrogate', [file('a\uD800')]],
  ] as const) {
    it(`writeArchive: rejects ${what}`, async () => {
      await assert.rejects(writeArchive(files), ArchiveProblem)
    })
  }

  it('writeArchive: writes archives that readArchive reads back, with chunks of any size', async () => {
    const part = fc.stringMatching(/^f[a-zé0-9_-]{1,40}$/)
    const path = fc.array(part, {minLength: 1, maxLength: 8}).map((parts) => parts.join('/'))
    const content = fc.uint8Array({maxLength: 2000})
    const files = fc
      .array(fc.record({path, isExecutable: fc.boolean(), content}), {maxLength: 12})
      .filter((given) => !given.some(({path: parent}) => given.some((each) => each.path.startsWith(`${parent}/`))))
      .map((given) => [...new Map(given.map((each) => [each.path, each])).values()])
    await fc.assert(
      fc.asyncProperty(files, fc.integer({min: 1, max: 3000}), async (given, chunk) => {
        const archive = await writeArchive(given)
        assert.deepEqual(await writeArchive(given), archive)
        const byPath = (a: FileToPack, b: FileToPack) => Buffer.compare(Buffer.from(a.path), Buffer.from(b.path))
        const expected = given.map((each) => ({...each, content: Buffer.from(each.content)})).sort(byPath)
        assert.deepEqual(await readFiles(archive, {chunk}), expected)
      }),
      {numRuns: 60},
    )
  })
})

describe('compression', () => {
  const noise = randomBytes(100_000)

  for (const [what, content] of [
    ['nothing', new Uint8Array(0)],
    ['a single byte', Buffer.of(7)],
    ['random bytes', randomBytes(1_000_000)],
    ['zeros', new Uint8Array(20_000_000)],
    ['text that repeats beyond the window', Buffer.concat([noise, Buffer.alloc(9_000_000, 'abc'), noise])],
  ] as const) {
    it(`compression: is lossless for ${what}`, () => assertLossless(content))
  }

  it('compression: reads an archive after one that is damaged or truncated', async () => {
    const intact = [file('a', randomBytes(300_000))]
    const archive = await writeArchive(intact)
    for (const damaged of [archive.subarray(0, -1), archive.subarray(0, 150_000), Buffer.concat([archive, archive])]) {
      await assert.rejects(readFiles(damaged, {chunk: 1000}), ArchiveProblem)
      assert.deepEqual(await readFiles(archive), intact)
    }
  })

  it('compression: keeps archives apart that are read concurrently', async () => {
    const contents = Array.from({length: 8}, () => randomBytes(400_000))
    const archives = await Promise.all(contents.map((content) => writeArchive([file('a', content)])))
    const read = await Promise.all(archives.map((archive) => readFiles(archive, {chunk: 1000})))
    assert.deepEqual(
      read,
      contents.map((content) => [{path: 'a', isExecutable: false, content}]),
    )
  })
})

describe('readArchive reads archives of other programs', () => {
  const hello = {path: 'a.md', isExecutable: false, content: Buffer.from('hello')}

  for (const [what, archive] of [
    ['with ustar headers', tar({content: 'hello'})],
    ['with GNU headers', tar({content: 'hello', magic: 'ustar  \0'})],
    ['with a directory that occurs twice', tar({name: 'b/', flag: '5'}, {name: 'b/', flag: '5'}, {content: 'hello'})],
    [
      'with a pax header for times and attributes',
      tar(pax({mtime: '1.5', 'SCHILY.xattr.a': 'b\0\nc'}), {content: 'hello'}),
    ],
    ['with a pax path', tar(pax({path: 'a.md', size: '5'}), {name: 'other', content: 'hello'})],
    ['with a GNU long name', tar(longName('a.md'), {name: 'other', content: 'hello'})],
    ['with a global pax header', tar(pax({comment: 'of a commit'}, 'g'), {content: 'hello'})],
    ['with the old type flag for files', tar({flag: '\0', content: 'hello'})],
    ['with setuid and other mode bits', tar({mode: '0004644', content: 'hello'})],
    ['with numbers padded with spaces', tar({mode: '   644 ', size: '          5 ', content: 'hello'})],
    ['with 10 KiB of zeros after the end', Buffer.concat([tar({content: 'hello'}), new Uint8Array(10_240)])],
  ] as const) {
    it(`readArchive reads an archive of another program: ${what}`, async () => {
      assert.deepEqual(await readFiles(zst(archive)), [hello])
      assert.deepEqual(await readFiles(zst(archive), {chunk: 1}), [hello])
    })
  }

  for (const [what, compressed] of [
    ['with a checksum', frame({window: windowOf(23), hasChecksum: true, blocks: rawBlocks(tar({content: 'hello'}))})],
    ['in a single segment', frame({contentSize: 2048, blocks: rawBlocks(tar({content: 'hello'}))})],
  ] as const) {
    it(`readArchive reads an archive of another program: ${what}`, async () => {
      assert.deepEqual(await readFiles(compressed), [hello])
    })
  }

  it('readArchive reads an archive of another program: from a tar library', async () => {
    const packing = pack()
    const name = `é/${'long/'.repeat(30)}name`
    packing.entry({name: 'a.md', mode: 0o755}, 'hello')
    packing.entry({name: 'dir', type: 'directory'})
    packing.entry({name}, 'there')
    packing.finalize()
    const chunks: Uint8Array[] = []
    for await (const chunk of packing) chunks.push(chunk)
    assert.deepEqual(await readFiles(await compress(Buffer.concat(chunks))), [
      {...hello, isExecutable: true},
      {path: name, isExecutable: false, content: Buffer.from('there')},
    ])
  })
})

describe('readArchive', () => {
  it('readArchive: counts files and bytes, and skips unread content', async () => {
    const archive = await writeArchive(fixedTree)
    const paths: string[] = []
    const summary = await readArchive(chunked(archive, 999), defaultLimits, async ({path, content}) => {
      paths.push(path)
      if (paths.length % 2 === 0) for await (const chunk of content) if (chunk.length > 0) break
    })
    assert.equal(paths.length, fixedTree.length)
    assert.deepEqual(summary, {files: 6, unpacked: 62 + 17 + 300_000 + 10_000 + 44})
  })

  for (const [limit, limits, path] of [
    ['packed', {packed: 300}, undefined],
    ['unpacked', {unpacked: 310_000}, 'long/'],
    ['files', {files: 5}, 'skills/'],
    ['depth', {depth: 1}, 'long/'],
    ['path', {path: 100}, 'long/'],
    ['pathPart', {pathPart: 100}, 'long/'],
    ['manifest', {manifest: 61}, 'apkg.json'],
    ['ratio', {ratio: 1, ratioFrom: 300_000}, undefined],
  ] as const) {
    it(`readArchive: reports the exceeded limit and the path (${limit})`, async () => {
      await assert.rejects(readFiles(await writeArchive(fixedTree), limits), (error: ArchiveProblem) => {
        assert.equal(error.limit, limit)
        assert.ok(path === undefined ? error.path === undefined : error.path?.startsWith(path))
        return true
      })
    })
  }

  it('readArchive: accepts an archive that reaches its limits exactly', async () => {
    const archive = await writeArchive(fixedTree)
    const exactly = {packed: archive.length, unpacked: 310_123, files: 6, manifest: 62, depth: 2}
    assert.equal((await readFiles(archive, exactly)).length, 6)
  })

  it('readArchive: passes on errors of its source and its callback, and closes the source', async () => {
    const archive = await writeArchive(fixedTree)
    const released: string[] = []
    async function* failing(name: string, end?: Error) {
      try {
        yield archive.subarray(0, -1)
        if (end) throw end
        yield archive.subarray(-1)
      } finally {
        released.push(name)
      }
    }
    const diskGone = new Error('the disk is gone')
    await assert.rejects(
      readArchive(failing('source', diskGone), defaultLimits, async () => undefined),
      diskGone,
    )
    const diskFull = new Error('the disk is full')
    await assert.rejects(
      readArchive(failing('callback'), defaultLimits, () => Promise.reject(diskFull)),
      diskFull,
    )
    await assert.rejects(
      readArchive(failing('limit'), {...defaultLimits, files: 1}, async () => undefined),
      ArchiveProblem,
    )
    assert.deepEqual(released, ['source', 'callback', 'limit'])
  })

  it('readArchive: does not block the event loop during a large archive', async () => {
    let turns = 0
    const count = setInterval(() => turns++, 0)
    const blocks = Array.from({length: 800}, () => repeatedBlock(0, 131_072))
    const header = entry({size: (800 * 131_072).toString(8).padStart(11, '0')})
    const archive = frame({
      window: windowOf(23),
      blocks: [...rawBlocks(header).map(withoutLastFlag), ...blocks, ...rawBlocks(endOfTar)],
    })
    await readArchive(chunked(archive), {...defaultLimits, ratio: Infinity}, async () => undefined)
    clearInterval(count)
    assert.ok(turns > 0)
  })
})

/** Clears the flag that marks a block as the last one of its frame. */
function withoutLastFlag(block: Uint8Array): Uint8Array {
  return Buffer.concat([Buffer.of((block[0] ?? 0) & ~1), block.subarray(1)])
}
