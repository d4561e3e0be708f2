import assert from 'node:assert/strict'
import {it} from 'node:test'

import {isApkgError} from '@apkg/command-kit'
import fc from 'fast-check'

import {parseRange} from '../../../src/catalog/range.js'
import {resolve} from '../../../src/project/resolution/resolve.js'
import type {ResolvedPackage} from '../../../src/project/resolution/resolved-package.js'
import {loaderOf, locked, type Packages, type Version} from './packages.js'
import {isSolvable, plainSearch, type Graph} from './plain-search.js'

const names = ['@t/a', '@t/b', '@t/c', '@t/d', '@t/e']
const versions = ['1.0.0', '1.1.0', '2.0.0', '2.1.0-rc.1', '3.0.0']
const range = fc.oneof(
  {weight: 2, arbitrary: fc.constantFrom('*', '>=1', '<3')},
  {weight: 3, arbitrary: fc.constantFrom('^1', '>=2', '^2', '<2', '1.1.0 || 3.0.0', '^2.1.0-rc.1', '1.0.0', '<1')},
)

const needs = fc.dictionary(fc.constantFrom(...names), range, {maxKeys: 2, noNullPrototype: true})

const version: fc.Arbitrary<Version> = fc.record({needs, yanked: fc.nat(9).map((chance) => chance === 0)})

const onePackage = fc.record({
  versions: fc.dictionary(fc.constantFrom(...versions), version, {minKeys: 1, maxKeys: 4, noNullPrototype: true}),
  latest: fc.constantFrom(...versions),
})

/** Sometimes one is missing. */
const packages: fc.Arbitrary<Packages> = fc
  .tuple(fc.array(onePackage, {minLength: 5, maxLength: 5}), fc.nat(20))
  .map(([all, missing]) => Object.fromEntries(names.map((name, index) => [name, all[index]!]).toSpliced(missing, 1)))

const graph: fc.Arbitrary<Graph> = fc.record({
  roots: fc.dictionary(fc.constantFrom(...names), range, {
    minKeys: 1,
    maxKeys: 3,
    noNullPrototype: true,
  }),
  packages,
  locked: fc
    .array(fc.tuple(fc.constantFrom(...names), fc.constantFrom(...versions), needs), {maxLength: 4})
    .map((entries) => new Map(entries.map(([name, at, dependencies]) => [name, locked(name, at, dependencies)]))),
  unlocked: fc.subarray(names, {maxLength: 2}).map((subset) => new Set(subset)),
})

type Outcome = {solution: Record<string, string>; resolved: ReadonlyMap<string, ResolvedPackage>} | {message: string}

async function outcomeOf({roots, packages, locked, unlocked}: Graph, turns: number[] = []): Promise<Outcome> {
  const {load, asked} = loaderOf(packages)
  const late = async (name: string) => {
    for (let left = turns[asked.length % turns.length] ?? 0; left > 0; left--) await new Promise(setImmediate)
    return load(name)
  }
  try {
    const resolved = await resolve(roots, {load: late, locked, unlocked})
    const solution = Object.fromEntries([...resolved].map(([name, each]) => [name, each.version]))
    return {solution, resolved}
  } catch (error) {
    if (!isApkgError(error) || error.code === 'RESOLUTION_ABANDONED') throw error
    return {message: error.message}
  } finally {
    assert.equal(new Set(asked).size, asked.length, 'a package was looked up twice')
  }
}

it('resolve: finds a solution exactly if one exists', async () => {
  const seen = {solvable: 0, unsolvable: 0}
  await fc.assert(
    fc.asyncProperty(graph, async (each) => {
      const solvable = isSolvable(each)
      seen[solvable ? 'solvable' : 'unsolvable']++
      assert.equal('solution' in (await outcomeOf(each)), solvable)
    }),
    {numRuns: 1000},
  )
  assert.ok(seen.solvable > 100 && seen.unsolvable > 100, JSON.stringify(seen))
})

it('resolve: chooses the first solution of a plain search in the documented order', async () => {
  await fc.assert(
    fc.asyncProperty(graph, async (each) => {
      const outcome = await outcomeOf(each)
      const expected = plainSearch(each)
      assert.deepEqual('solution' in outcome ? sorted(outcome.solution) : undefined, expected && sorted(expected))
    }),
    {numRuns: 3000},
  )
})

it('resolve: satisfies every range, and includes nothing that is not required', async () => {
  await fc.assert(
    fc.asyncProperty(graph, async (each) => {
      const outcome = await outcomeOf(each)
      if (!('resolved' in outcome)) return
      const {resolved} = outcome
      const reached = new Set(Object.keys(each.roots))
      for (const name of reached)
        for (const needed of Object.keys(resolved.get(name)!.dependencies)) reached.add(needed)
      assert.deepEqual([...resolved.keys()], [...reached].sort())
      for (const edges of [each.roots, ...[...resolved.values()].map(({dependencies}) => dependencies)]) {
        for (const [name, range] of Object.entries(edges)) {
          assert.ok(parseRange(range)!.test(resolved.get(name)!.version), `${name} ${range}`)
        }
      }
    }),
    {numRuns: 1000},
  )
})

it('resolve: the result does not depend on the order of responses', async () => {
  await fc.assert(
    fc.asyncProperty(graph, fc.array(fc.nat(3), {minLength: 1, maxLength: 5}), async (each, turns) => {
      assert.deepEqual(await outcomeOf(each, turns), await outcomeOf(each))
    }),
    {numRuns: 300},
  )
})

function sorted(solution: Record<string, string>): [string, string][] {
  return Object.entries(solution).sort(([a], [b]) => (a < b ? -1 : 1))
}
