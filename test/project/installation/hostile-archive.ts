import assert from 'node:assert/strict'
import {mkdir, writeFile} from 'node:fs/promises'
import path from 'node:path'
import type {TestContext} from 'node:test'

import {ArchiveProblem} from '@apkg/package-format/archive'

import type {HostileArchive} from '../../../packages/package-format/test/hostile-archives.js'
import {unpack} from '../../../src/project/installation/unpack-tarball.js'
import {tempFolder} from '../../support/temp-folder.js'
import {treeOf} from '../../support/tree.js'

export async function* chunks(bytes: Uint8Array, size = 65_536): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

/** Asserts that an archive is refused and that nothing is written outside of the package's directory. */
export async function assertStaysInside(t: TestContext, {build}: HostileArchive): Promise<void> {
  const parent = await tempFolder(t)
  await mkdir(path.join(parent, 'outside'))
  await writeFile(path.join(parent, 'outside', 'secret'), 'mine')
  await assert.rejects(unpack(chunks(build()), path.join(parent, 'package')), ArchiveProblem)
  const outside = Object.entries(await treeOf(parent)).filter(([file]) => !/^package(\/|$)/.test(file))
  assert.deepEqual(outside, [['outside/secret', 'mine']])
}
