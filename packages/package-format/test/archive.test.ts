import assert from 'node:assert/strict'
import {createHash, randomBytes} from 'node:crypto'
import {once} from 'node:events'
import {describe, it} from 'node:test'

import fc from 'fast-check'
import {extract, pack} from 'tar-stream'

import {ArchiveProblem, readArchive, writeArchive, type FileToPack} from '../src/archive/index.js'
import {ByteReader} from '../src/archive/byte-reader.js'
import {decompress} from '../src/archive/decompress.js'
import {compress} from '../src/archive/zstd.js'
import {defaultLimits} from '../src/index.js'
import {chunked, readWhole} from './support/read-whole.js'
import {endOfTar, entry, longName, pax, tar} from './support/raw-tar.js'
import {frame, rawBlocks, repeatedBlock, windowOf, zst} from './support/raw-zstd.js'

const file = (path: string, content: string | Uint8Array = '', isExecutable = false): FileToPack => ({
  path,
  isExecutable,
  content: Buffer.from(content as string),
})

/** A tree that never changes, and what it packs to. */
const fixedTree = [
  file('skills/review/SKILL.md', '---\nname: review\n---\nRead the change first.\n'),
  file('apkg.json', '{"name": "@acme/review", "version": "1.0.0", "type": "skill"}\n'),
  file('bin/run.sh', '#!/bin/sh\nexit 0\n', true),
  file('empty'),
  file(`long/${'x'.repeat(120)}/é.md`, 'é'.repeat(5000)),
  file('large.bin', Buffer.from(Array.from({length: 300_000}, (_, index) => (index * index) >> 3))),
]
const fixedDigest = '42886f0f2845fe75424f464c34331bcef52573af1da2e4621aa03e416f939e1a'

describe('an archive that was written', () => {
  it('is the same on every machine and version of Node', async () => {
    const archive = await writeArchive(fixedTree)
    assert.equal(createHash('sha256').update(archive).digest('hex'), fixedDigest)
  })

  it('does not depend on the order in which files are given', async () => {
    assert.deepEqual(await writeArchive([...fixedTree].reverse()), await writeArchive(fixedTree))
  })

  it('holds its files in the order of their bytes', async () => {
    const paths = ['b', 'a/b', 'a-b', 'C', 'é', 'a/a', '𝕏', 'ﬁ']
    const archive = await writeArchive(paths.map((path) => file(path)))
    assert.deepEqual(
      (await readWhole(archive)).map(({path}) => path),
      ['C', 'a-b', 'a/a', 'a/b', 'b', 'é', 'ﬁ', '𝕏'],
    )
  })

  it('is one that a tar library reads, without folders, times, owners and names', async () => {
    const archive = await writeArchive(fixedTree)
    const entries: unknown[] = []
    const reader = extract()
    reader.on('entry', ({name, mode, size, uid, gid, mtime, type, uname, gname}, stream, next) => {
      entries.push({name, mode, size, uid, gid, mtime: mtime?.getTime(), type, uname, gname})
      stream.resume()
      stream.on('end', next)
    })
    const finished = once(reader, 'finish')
    for await (const chunk of decompress(new ByteReader(chunked(archive)))) reader.write(chunk)
    reader.end()
    await finished
    const nobody = {uid: 0, gid: 0, mtime: 0, type: 'file', uname: '', gname: ''}
    assert.deepEqual(entries, [
      {name: 'apkg.json', mode: 0o644, size: 62, ...nobody},
      {name: 'bin/run.sh', mode: 0o755, size: 17, ...nobody},
      {name: 'empty', mode: 0o644, size: 0, ...nobody},
      {name: 'large.bin', mode: 0o644, size: 300_000, ...nobody},
      {name: `long/${'x'.repeat(120)}/é.md`, mode: 0o644, size: 10_000, ...nobody},
      {name: 'skills/review/SKILL.md', mode: 0o644, size: 44, ...nobody},
    ])
  })

  for (const [what, files] of [
    ['a path that leads out', [file('../a')]],
    ['two paths that are one elsewhere', [file('a'), file('A')]],
    ['a path that is no text', [file('a\uD800')]],
  ] as const) {
    it(`never has ${what}`, async () => {
      await assert.rejects(writeArchive(files), ArchiveProblem)
    })
  }

  it('reads as the files that went in, however it arrives', async () => {
    const part = fc.stringMatching(/^f[a-zé0-9_-]{1,40}$/)
    const path = fc.array(part, {minLength: 1, maxLength: 8}).map((parts) => parts.join('/'))
    const content = fc.uint8Array({maxLength: 2000})
    const files = fc
      .array(fc.record({path, isExecutable: fc.boolean(), content}), {maxLength: 12})
      .filter((given) => !given.some(({path: one}) => given.some(({path: other}) => other.startsWith(`${one}/`))))
      .map((given) => [...new Map(given.map((each) => [each.path, each])).values()])
    await fc.assert(
      fc.asyncProperty(files, fc.integer({min: 1, max: 3000}), async (given, chunk) => {
        const archive = await writeArchive(given)
        assert.deepEqual(await writeArchive(given), archive)
        const byPath = (one: FileToPack, other: FileToPack) =>
          Buffer.compare(Buffer.from(one.path), Buffer.from(other.path))
        const expected = given.map((each) => ({...each, content: Buffer.from(each.content)})).sort(byPath)
        assert.deepEqual(await readWhole(archive, {chunk}), expected)
      }),
      {numRuns: 60},
    )
  })
})

describe('compression', () => {
  for (const [what, content] of [
    ['nothing', new Uint8Array(0)],
    ['a byte', Buffer.of(7)],
    ['noise', randomBytes(1_000_000)],
    ['zeros', new Uint8Array(20_000_000)],
    [
      'text that repeats over more than a window',
      Buffer.concat([randomBytes(9_000_000), Buffer.alloc(9_000_000, 'abc')]),
    ],
  ] as const) {
    it(`gives back ${what}`, async () => {
      const packed = await compress(content)
      const hash = createHash('sha256')
      for await (const chunk of decompress(new ByteReader(chunked(packed, 50_000)))) hash.update(chunk)
      assert.equal(hash.digest('hex'), createHash('sha256').update(content).digest('hex'))
    })
  }

  it('of several archives at once does not mix them up', async () => {
    const contents = Array.from({length: 8}, () => randomBytes(400_000))
    const archives = await Promise.all(contents.map((content) => writeArchive([file('a', content)])))
    const read = await Promise.all(archives.map((archive) => readWhole(archive, {chunk: 1000})))
    assert.deepEqual(
      read,
      contents.map((content) => [{path: 'a', isExecutable: false, content}]),
    )
  })
})

describe('an archive that others wrote is read', () => {
  const hello = {path: 'a.md', isExecutable: false, content: Buffer.from('hello')}

  for (const [what, archive] of [
    ['with ustar headers', tar({content: 'hello'})],
    ['with GNU headers', tar({content: 'hello', magic: 'ustar  \0'})],
    ['with folders, and one of them twice', tar({name: 'b/', flag: '5'}, {name: 'b/', flag: '5'}, {content: 'hello'})],
    [
      'with a pax header for times and attributes',
      tar(pax({mtime: '1.5', 'SCHILY.xattr.a': 'b\0\nc'}), {content: 'hello'}),
    ],
    ['with a pax path', tar(pax({path: 'a.md', size: '5'}), {name: 'other', content: 'hello'})],
    ['with a GNU long name', tar(longName('a.md'), {name: 'other', content: 'hello'})],
    ['with a global pax header', tar(pax({comment: 'of a commit'}, 'g'), {content: 'hello'})],
    ['with an old flag for a file', tar({flag: '\0', content: 'hello'})],
    ['with setuid and other bits', tar({mode: '0004644', content: 'hello'})],
    ['with numbers filled with spaces', tar({mode: '   644 ', size: '          5 ', content: 'hello'})],
    ['with a record of zeros after its end', Buffer.concat([tar({content: 'hello'}), new Uint8Array(10_240)])],
  ] as const) {
    it(what, async () => {
      assert.deepEqual(await readWhole(zst(archive)), [hello])
      assert.deepEqual(await readWhole(zst(archive), {chunk: 1}), [hello])
    })
  }

  for (const [what, compressed] of [
    ['with a checksum', frame({window: windowOf(23), hasChecksum: true, blocks: rawBlocks(tar({content: 'hello'}))})],
    ['in a single segment', frame({contentSize: 2048, blocks: rawBlocks(tar({content: 'hello'}))})],
  ] as const) {
    it(what, async () => {
      assert.deepEqual(await readWhole(compressed), [hello])
    })
  }

  it('as a tar library writes it', async () => {
    const packing = pack()
    const name = `é/${'long/'.repeat(30)}name`
    packing.entry({name: 'a.md', mode: 0o755}, 'hello')
    packing.entry({name: 'dir', type: 'directory'})
    packing.entry({name}, 'there')
    packing.finalize()
    const chunks: Uint8Array[] = []
    for await (const chunk of packing) chunks.push(chunk)
    assert.deepEqual(await readWhole(await compress(Buffer.concat(chunks))), [
      {...hello, isExecutable: true},
      {path: name, isExecutable: false, content: Buffer.from('there')},
    ])
  })
})

describe('a reader of archives', () => {
  it('counts files and bytes, and skips what is not read', async () => {
    const archive = await writeArchive(fixedTree)
    const paths: string[] = []
    const summary = await readArchive(chunked(archive, 999), defaultLimits, async ({path, content}) => {
      paths.push(path)
      if (paths.length % 2 === 0) for await (const chunk of content) if (chunk.length > 0) break
    })
    assert.equal(paths.length, fixedTree.length)
    assert.deepEqual(summary, {files: 6, unpacked: 62 + 17 + 300_000 + 10_000 + 44})
  })

  for (const [limit, largest, path] of [
    ['packed', {packed: 300}, undefined],
    ['unpacked', {unpacked: 310_000}, 'long/'],
    ['files', {files: 5}, 'skills/'],
    ['depth', {depth: 1}, 'long/'],
    ['path', {path: 100}, 'long/'],
    ['pathPart', {pathPart: 100}, 'long/'],
    ['manifest', {manifest: 61}, 'apkg.json'],
    ['ratio', {ratio: 1, ratioFrom: 300_000}, undefined],
  ] as const) {
    it(`names the limit that is passed, and where: ${limit}`, async () => {
      await assert.rejects(readWhole(await writeArchive(fixedTree), largest), (error: ArchiveProblem) => {
        assert.equal(error.limit, limit)
        assert.ok(path === undefined ? error.path === undefined : error.path?.startsWith(path))
        return true
      })
    })
  }

  it('lets what is exactly as large as a limit pass', async () => {
    const archive = await writeArchive(fixedTree)
    const exactly = {packed: archive.length, unpacked: 310_123, files: 6, manifest: 62, depth: 2}
    assert.equal((await readWhole(archive, exactly)).length, 6)
  })

  it('throws what its source throws, and what the taker of files throws, and lets go of the source', async () => {
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
    const cut = new Error('the disk is gone')
    await assert.rejects(
      readArchive(failing('source', cut), defaultLimits, async () => undefined),
      cut,
    )
    const full = new Error('the disk is full')
    await assert.rejects(
      readArchive(failing('taker'), defaultLimits, () => Promise.reject(full)),
      full,
    )
    await assert.rejects(
      readArchive(failing('limit'), {...defaultLimits, files: 1}, async () => undefined),
      ArchiveProblem,
    )
    assert.deepEqual(released, ['source', 'taker', 'limit'])
  })

  it('lets others have their turn while it reads what is large', async () => {
    let turns = 0
    const count = setInterval(() => turns++, 0)
    const blocks = Array.from({length: 800}, () => repeatedBlock(0, 131_072))
    const header = entry({size: (800 * 131_072).toString(8).padStart(11, '0')})
    const archive = frame({
      window: windowOf(23),
      blocks: [...rawBlocks(header).map(unlast), ...blocks, ...rawBlocks(endOfTar)],
    })
    await readArchive(chunked(archive), {...defaultLimits, ratio: Infinity}, async () => undefined)
    clearInterval(count)
    assert.ok(turns > 0)
  })
})

/** A block that is not the last one any more. */
function unlast(block: Uint8Array): Uint8Array {
  return Buffer.concat([Buffer.of((block[0] ?? 0) & ~1), block.subarray(1)])
}
