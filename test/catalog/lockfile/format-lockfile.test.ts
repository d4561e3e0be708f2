import assert from 'node:assert/strict'
import {execFileSync} from 'node:child_process'
import {mkdtemp, readFile, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {describe, it} from 'node:test'

import fc from 'fast-check'

import {formatLockfile, lockfileFor} from '../../../src/catalog/lockfile/format-lockfile.js'
import type {LockedPackage, Lockfile} from '../../../src/catalog/lockfile/lockfile.js'
import {parseLockfile} from '../../../src/catalog/lockfile/parse-lockfile.js'
import {integrityOf, locked, lockOf} from '../../project/resolution/packages.js'

const registry = 'https://r.example/base'
const origins = {registry, of: () => registry}

const name = fc.stringMatching(/^@[a-z]{1,3}\/[a-z0-9]([a-z._-]?[a-z0-9])?$/)
const version = fc
  .tuple(fc.nat(20), fc.nat(20), fc.constantFrom('', '-rc.1', '+b.2'))
  .map(([a, b, c]) => `${a}.${b}.0${c}`)
const dependencies = fc.dictionary(name, fc.constantFrom('*', '^1', '>=1 <3 || ^4'), {
  maxKeys: 3,
  noNullPrototype: true,
})
const onePackage = fc.record({name, version, dependencies, type: fc.constantFrom('skill', 'unknown', 'mcp-server')})
const packages = fc
  .uniqueArray(onePackage, {selector: (each) => each.name, maxLength: 8})
  .map((all) => lockOf(...all.map((each) => ({...each, integrity: integrityOf(each.name, each.version)}))))

function read(text: string): {lockfile: Lockfile; text: string} {
  return {lockfile: parseLockfile(text), text}
}

describe('lockfile text', () => {
  it('lockfile text: has the fields that the original client needs, in its order', () => {
    const text = formatLockfile(lockOf(locked('@a/x', '1.0.0+b', {'@a/z': '*', '@a/y': '^1'})), origins)
    assert.equal(
      text,
      `{
  "lockfileVersion": 1,
  "requires": true,
  "resolved": "1970-01-01T00:00:00+00:00",
  "registry": "https://r.example/base",
  "packages": {
    "@a/x@1.0.0+b": {
      "version": "1.0.0+b",
      "resolved": "https://r.example/base/packages/%40a%2Fx/1.0.0+b/tarball",
      "integrity": "${integrityOf('@a/x', '1.0.0+b')}",
      "dependencies": {
        "@a/y": "^1",
        "@a/z": "*"
      },
      "type": "skill",
      "optional": false
    }
  }
}
`,
    )
  })

  it('lockfile text: is parsed to what was written', () => {
    fc.assert(
      fc.property(packages, (some) => {
        const {packages: again, ...rest} = parseLockfile(formatLockfile(some, origins))
        assert.deepEqual([...again].sort(), [...some].sort())
        assert.deepEqual(rest, {registry, registries: {}, leftOver: []})
      }),
    )
  })

  it('lockfile text: names the registry of a scope that comes from another one', () => {
    const acme = 'https://acme.example'
    const routed = {registry, of: (name: string) => (name.startsWith('@acme/') ? acme : registry)}
    const graph = lockOf(locked('@a/x', '1.0.0', {'@acme/y': '^1'}), locked('@acme/y', '1.0.0'))
    const text = formatLockfile(graph, routed)
    const {registries, packages: entries, ...rest} = JSON.parse(text)
    assert.deepEqual([rest.registry, registries], [registry, {'@acme': acme}])
    assert.equal(entries['@acme/y@1.0.0'].resolved, `${acme}/packages/%40acme%2Fy/1.0.0/tarball`)
    assert.equal(entries['@a/x@1.0.0'].resolved, `${registry}/packages/%40a%2Fx/1.0.0/tarball`)
    assert.equal(lockfileFor(read(text), graph, routed), text)
    assert.doesNotMatch(lockfileFor(read(text), lockOf(locked('@a/x', '1.0.0')), routed), /registries/)
    assert.match(lockfileFor(read(text), graph, origins), /"resolved": "https:\/\/r\.example\/base\/packages\/%40acme/)
  })

  it('lockfile text: does not depend on the order of packages and dependencies', () => {
    fc.assert(
      fc.property(packages, (some) => {
        const turned = new Map(
          [...some].reverse().map(([key, each]) => {
            return [key, {...each, dependencies: Object.fromEntries(Object.entries(each.dependencies).reverse())}]
          }),
        )
        assert.equal(formatLockfile(turned, origins), formatLockfile(some, origins))
      }),
    )
  })

  it('lockfile text: stays the same for an unchanged graph, even if another client wrote it', () => {
    const graph = lockOf(locked('@a/x', '1.0.0', {'@a/y': '^1'}), locked('@a/y', '1.0.0'))
    const ours = formatLockfile(graph, origins)
    const {registry: _, ...fields} = JSON.parse(ours)
    const original = JSON.stringify({...fields, resolved: '2026-05-17T21:56:21.123456789+00:00'}, null, 2)
    const withLineEnds = ours.replaceAll('\n', '\r\n')
    for (const text of [ours, original, withLineEnds]) assert.equal(lockfileFor(read(text), graph, origins), text)
  })

  it('lockfile text: changes with the graph and with the registry', () => {
    const before = read(formatLockfile(lockOf(locked('@a/x', '1.0.0')), origins))
    const x = locked('@a/x', '1.0.0')
    for (const graph of [
      lockOf(),
      lockOf(locked('@a/x', '1.0.1')),
      lockOf(x, locked('@a/y', '1.0.0')),
      lockOf({...x, integrity: integrityOf('@a/x', 'other')}),
      lockOf({...x, dependencies: {'@a/y': '*'}}),
      lockOf({...x, type: 'rule'}),
    ]) {
      assert.equal(lockfileFor(before, graph, origins), formatLockfile(graph, origins))
    }
    const elsewhere = {registry: 'https://other.example', of: () => 'https://other.example'}
    assert.match(lockfileFor(before, lockOf(x), elsewhere), /"registry": "https:\/\/other\.example"/)
    assert.equal(lockfileFor(undefined, lockOf(x), origins), before.text)
  })

  it('lockfile text: drops outdated versions that the original client left', () => {
    const fields = JSON.parse(formatLockfile(lockOf(locked('@a/x', '1.0.0')), origins))
    const old = {...fields.packages['@a/x@1.0.0'], version: '0.9.0'}
    const text = JSON.stringify({...fields, packages: {'@a/x@0.9.0': old, ...fields.packages}})
    const graph = lockOf(locked('@a/x', '1.0.0'))
    assert.equal(lockfileFor(read(text), graph, origins), formatLockfile(graph, origins))
  })

  it('lockfile text: two branches that each add a package merge without a conflict', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'apkg-merge-'))
    try {
      const base = ['@a/c', '@a/g', '@a/m'].map((each) => locked(each, '1.0.0'))
      const write = async (file: string, ...more: LockedPackage[]) => {
        const text = formatLockfile(lockOf(...base, ...more), origins)
        await writeFile(path.join(folder, file), text)
        return text
      }
      const [early, late] = [locked('@a/a', '1.0.0', {'@a/c': '^1'}), locked('@a/h', '2.0.0')]
      await write('base')
      await write('ours', early)
      await write('theirs', late)
      execFileSync('git', ['merge-file', 'ours', 'base', 'theirs'], {cwd: folder})
      const merged = await readFile(path.join(folder, 'ours'), 'utf8')
      assert.equal(merged, await write('both', early, late))
    } finally {
      await rm(folder, {recursive: true})
    }
  })
})
