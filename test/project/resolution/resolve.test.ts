import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import {failure} from '@apkg/command-kit'

import type {LockedPackage} from '../../../src/catalog/lockfile/lockfile.js'
import {resolve} from '../../../src/project/resolution/resolve.js'
import type {ResolvedPackage} from '../../../src/project/resolution/resolved-package.js'
import {different, integrityOf, loaderOf, locked, lockOf, rootsOf, type Packages} from './packages.js'

interface Options {
  locked?: Map<string, LockedPackage>
  unlocked?: Set<string>
}

function resolveIn(packages: Packages, roots: Record<string, string>, {locked = lockOf(), ...options}: Options = {}) {
  return resolve(roots, {load: loaderOf(packages).load, locked, ...options})
}

function versionsOf(resolved: ReadonlyMap<string, ResolvedPackage>): string[] {
  return [...resolved.values()].map(({name, version}) => `${name}@${version}`)
}

async function chosen(packages: Packages, roots: Record<string, string>, options?: Options): Promise<string[]> {
  return versionsOf(await resolveIn(packages, roots, options))
}

describe('resolve', () => {
  it('resolve: returns all required packages with their metadata, sorted by name', async () => {
    const packages = {
      '@a/x': {versions: {'1.0.0': {needs: {'@a/b': '^1'}}}},
      '@a/b': {versions: {'1.0.0': {}}},
    }
    assert.deepEqual(
      [...(await resolveIn(packages, {'@a/x': '^1'}))],
      [
        ['@a/b', {...locked('@a/b', '1.0.0'), yanked: false}],
        ['@a/x', {...locked('@a/x', '1.0.0', {'@a/b': '^1'}), yanked: false}],
      ],
    )
  })

  it('resolve: returns nothing for no dependencies', async () => {
    assert.deepEqual(await chosen({}, {}), [])
  })

  it('resolve: falls back to an older version if only that is compatible', async () => {
    const packages = {
      '@a/x': {versions: {'1.0.0': {needs: {'@a/z': '^1'}}, '1.1.0': {needs: {'@a/z': '^2'}}}},
      '@a/y': {versions: {'1.0.0': {needs: {'@a/z': '^1'}}}},
      '@a/z': {versions: {'1.0.0': {}, '2.0.0': {}}},
    }
    assert.deepEqual(await chosen(packages, {'@a/x': '^1', '@a/y': '^1'}), ['@a/x@1.0.0', '@a/y@1.0.0', '@a/z@1.0.0'])
  })

  it('resolve: handles dependency cycles', async () => {
    const packages = {
      '@a/x': {versions: {'1.0.0': {needs: {'@a/y': '*', '@a/x': '^1'}}}},
      '@a/y': {versions: {'1.0.0': {needs: {'@a/x': '*'}}}},
    }
    assert.deepEqual(await chosen(packages, {'@a/x': '*'}), ['@a/x@1.0.0', '@a/y@1.0.0'])
  })

  it('resolve: looks up all packages of a level at once', async () => {
    const names = ['@a/p', '@a/q', '@a/r']
    const needs = {'@a/s': '*', '@a/t': '*'}
    const packages = Object.fromEntries(
      [...names, '@a/s', '@a/t'].map((name) => [name, {versions: {'1.0.0': names.includes(name) ? {needs} : {}}}]),
    )
    const {load} = loaderOf(packages)
    const waves: number[] = []
    const waiting: (() => void)[] = []
    const inWaves = async (name: string) => {
      await new Promise<void>((arrive) => {
        if (waiting.push(arrive) > 1) return
        setImmediate(() => {
          waves.push(waiting.length)
          for (const each of waiting.splice(0)) each()
        })
      })
      return load(name)
    }
    await resolve({'@a/p': '*', '@a/q': '*', '@a/r': '*'}, {load: inWaves, locked: lockOf()})
    assert.deepEqual(waves, [3, 2])
  })

  it('resolve: throws the error of a failed lookup', async () => {
    const load = async () => {
      throw failure('OFFLINE', {purpose: 'fetch package metadata'})
    }
    await assert.rejects(resolve({'@a/x': '*'}, {load, locked: lockOf()}), {code: 'OFFLINE'})
  })
})

describe('the resolved version', () => {
  const packages: Packages = {
    '@a/x': {
      versions: {'1.0.0': {}, '1.1.0': {}, '1.2.0': {}, '2.0.0-rc.1': {}, '1.3.0': {yanked: true}},
      latest: '1.1.0',
    },
  }

  it('resolved version: is the one tagged latest, even if there is a higher one', async () => {
    assert.deepEqual(await chosen(packages, {'@a/x': '^1'}), ['@a/x@1.1.0'])
  })

  it('resolved version: is the highest in range if latest is not in range', async () => {
    assert.deepEqual(await chosen(packages, {'@a/x': '>=1.1.1'}), ['@a/x@1.2.0'])
  })

  it('resolved version: is a prerelease only if the range includes one', async () => {
    assert.deepEqual(await chosen(packages, {'@a/x': '^2.0.0-rc.1'}), ['@a/x@2.0.0-rc.1'])
    await assert.rejects(chosen(packages, {'@a/x': '^2'}), {code: 'VERSION_NOT_FOUND'})
  })

  it('resolved version: is the locked one, even if others are tagged or higher', async () => {
    const lock = lockOf(locked('@a/x', '1.0.0'))
    assert.deepEqual(await chosen(packages, {'@a/x': '^1'}, {locked: lock}), ['@a/x@1.0.0'])
  })

  it('resolved version: stays the locked one after it was yanked', async () => {
    const lock = lockOf(locked('@a/x', '1.3.0'))
    assert.deepEqual(await chosen(packages, {'@a/x': '^1'}, {locked: lock}), ['@a/x@1.3.0'])
  })

  it('resolved version: is never a yanked one that is not locked', async () => {
    await assert.rejects(chosen(packages, {'@a/x': '1.3.0'}), {
      message:
        'No matching version found for @a/x: apkg.json requires @a/x 1.3.0, but only yanked versions match: 1.3.0',
    })
  })

  it('resolved version: is the newest for an unlocked package', async () => {
    const options = {locked: lockOf(locked('@a/x', '1.0.0')), unlocked: new Set(['@a/x'])}
    assert.deepEqual(await chosen(packages, {'@a/x': '^1'}, options), ['@a/x@1.1.0'])
  })

  it('resolved version: is yanked for an unlocked package only if nothing else is in range', async () => {
    const options = {locked: lockOf(locked('@a/x', '1.3.0')), unlocked: new Set(['@a/x'])}
    assert.deepEqual(await chosen(packages, {'@a/x': '^1.3'}, options), ['@a/x@1.3.0'])
    assert.deepEqual(await chosen(packages, {'@a/x': '^1'}, options), ['@a/x@1.1.0'])
  })

  it('resolved version: is decided by build metadata if nothing else differs', async () => {
    const packages = {'@a/x': {versions: {'1.0.0+1': {}, '1.0.0+10': {}, '1.0.0+2': {}}}}
    assert.deepEqual(await chosen(packages, {'@a/x': '~1.0.0'}), ['@a/x@1.0.0+10'])
    const withPlain = {'@a/x': {versions: {...packages['@a/x'].versions, '1.0.0': {}}}}
    for (const range of ['~1.0.0', '1.0.0']) {
      assert.deepEqual(await chosen(withPlain, {'@a/x': range}), ['@a/x@1.0.0'])
    }
  })
})

describe('resolve with a lockfile', () => {
  const lock = lockOf(locked('@a/x', '1.0.0', {'@a/y': '^1'}), locked('@a/y', '1.0.0'), locked('@a/unneeded', '1.0.0'))

  it('resolve: looks up nothing if the lockfile satisfies everything', async () => {
    const {load, asked} = loaderOf({})
    const resolved = await resolve({'@a/x': '^1'}, {load, locked: lock})
    assert.deepEqual([versionsOf(resolved), asked], [['@a/x@1.0.0', '@a/y@1.0.0'], []])
  })

  it('resolve: keeps all versions that an addition does not affect, and looks up only the others', async () => {
    const packages = {
      '@a/new': {versions: {'1.0.0': {needs: {'@a/y': '^1.1'}}}},
      '@a/x': {versions: {'1.0.0': {}, '1.5.0': {}}},
      '@a/y': {versions: {'1.0.0': {}, '1.1.0': {}}},
    }
    const {load, asked} = loaderOf(packages)
    const resolved = await resolve({'@a/x': '^1', '@a/new': '^1'}, {load, locked: lock, unlocked: new Set(['@a/new'])})
    assert.deepEqual(versionsOf(resolved), ['@a/new@1.0.0', '@a/x@1.0.0', '@a/y@1.1.0'])
    assert.deepEqual(asked, ['@a/new', '@a/y'])
  })

  it('resolve: changes locked versions if a requested package is not compatible with them', async () => {
    const packages = {
      '@a/a': {versions: {'1.0.0': {needs: {'@a/s': '^1'}}, '1.1.0': {needs: {'@a/s': '>=1'}}}},
      '@a/new': {versions: {'1.0.0': {needs: {'@a/s': '^2'}}}},
      '@a/s': {versions: {'1.0.0': {}, '2.0.0': {}}},
    }
    const options = {
      locked: lockOf(locked('@a/a', '1.0.0', {'@a/s': '^1'}), locked('@a/s', '1.0.0')),
      unlocked: new Set(['@a/new']),
    }
    assert.deepEqual(await chosen(packages, {'@a/a': '^1', '@a/new': '^1'}, options), [
      '@a/a@1.1.0',
      '@a/new@1.0.0',
      '@a/s@2.0.0',
    ])
  })

  it('resolve: keeps locked metadata even if the registry now serves other metadata for the version', async () => {
    const packages = {'@a/x': {versions: {'1.0.0': {yanked: true}}}, '@a/y': {versions: {'2.0.0': {}}}}
    const integrity = integrityOf('@a/x', 'former')
    const options = {locked: lockOf({...locked('@a/x', '1.0.0'), integrity})}
    assert.equal((await resolveIn(packages, {'@a/x': '^1', '@a/y': '*'}, options)).get('@a/x')?.integrity, integrity)
  })
})

describe('a dependency conflict', () => {
  it('dependency conflict: is reported with the paths that lead to it', async () => {
    const packages = {
      '@a/x': {versions: {'1.1.0': {needs: {'@a/z': '^2'}}, '1.2.0': {needs: {'@a/z': '^2'}}}},
      '@a/y': {versions: {'1.0.0': {needs: {'@a/w': '^1'}}}},
      '@a/w': {versions: {'1.4.0': {needs: {'@a/z': '^1'}}}},
      '@a/z': {versions: {'1.0.0': {}, '2.0.0': {}}},
      '@a/other': {versions: {'1.0.0': {needs: {'@a/z': '*'}}}},
    }
    await assert.rejects(chosen(packages, {'@a/other': '*', '@a/x': '^1', '@a/y': '^1'}), {
      code: 'DEPENDENCY_CONFLICT',
      exitCode: 1,
      message: `Dependency conflict: no version of @a/z satisfies all requirements
  @a/x 1.2.0 (apkg.json: ^1) requires @a/z ^2
  @a/y 1.0.0 (apkg.json: ^1) requires @a/w ^1; @a/w 1.4.0 requires @a/z ^1
  No other version of @a/x resolves the conflict`,
      suggestions: ['change the range of @a/x or @a/y in apkg.json'],
    })
  })

  it('dependency conflict: a conflict between the manifest and a package is reported with both', async () => {
    const packages = {
      '@a/x': {versions: {'1.0.0': {needs: {'@a/z': '^2'}}}},
      '@a/z': {versions: {'1.0.0': {}, '2.0.0': {}}},
    }
    await assert.rejects(chosen(packages, {'@a/x': '*', '@a/z': '^1'}), {
      message: `Dependency conflict: no version of @a/z satisfies all requirements
  apkg.json requires @a/z ^1
  @a/x 1.0.0 (apkg.json: *) requires @a/z ^2`,
      suggestions: ['change the range of @a/z or @a/x in apkg.json'],
    })
  })

  it('dependency conflict: is reported without control characters', async () => {
    const packages = {'@a/x': {versions: {'1.0.0': {needs: {'@a/z': '^2\n'}}}}, '@a/z': {versions: {'1.0.0': {}}}}
    await assert.rejects(chosen(packages, {'@a/x': '\t*'}), ({message}: Error) => /^[ -~]+$/.test(message))
  })
})

describe('an unavailable dependency', () => {
  it('unavailable dependency: a dependency of the manifest is reported with the highest version', async () => {
    await assert.rejects(chosen({'@a/x': {versions: {'1.0.0': {}}}}, {'@a/x': '^2'}), {
      code: 'VERSION_NOT_FOUND',
      message: 'No matching version found for @a/x: apkg.json requires @a/x ^2, but the highest version is 1.0.0',
    })
  })

  it('unavailable dependency: a dependency of a package is reported with that package', async () => {
    const packages = {'@a/x': {versions: {'1.0.0': {needs: {'@a/z': '^3'}}}}, '@a/z': {versions: {'1.0.0': {}}}}
    await assert.rejects(chosen(packages, {'@a/x': ''}), {
      code: 'VERSION_NOT_FOUND',
      message:
        'No matching version found for @a/z: @a/x 1.0.0 (apkg.json: *) requires @a/z ^3, but the highest version is 1.0.0',
    })
  })

  it("unavailable dependency: a missing package is reported with the registry's reason", async () => {
    await assert.rejects(chosen({}, {'@a/x': '*'}), {code: 'PACKAGE_NOT_FOUND', message: /no such package/})
  })

  it('unavailable dependency: is reported with the package that requires it', async () => {
    const packages = {'@a/x': {versions: {'1.0.0': {needs: {'@a/gone': '^1'}}}}}
    await assert.rejects(chosen(packages, {'@a/x': '^1'}), {
      code: 'DEPENDENCY_NOT_FOUND',
      message: 'Package not found: @a/gone\n  @a/x 1.0.0 (apkg.json: ^1) requires @a/gone ^1',
    })
  })

  it('unavailable dependency: does not matter if another version does not require it', async () => {
    const packages = {'@a/x': {versions: {'1.0.0': {}, '1.1.0': {needs: {'@a/gone': '*'}}}}}
    assert.deepEqual(await chosen(packages, {'@a/x': '^1'}), ['@a/x@1.0.0'])
  })

  it('unavailable dependency: is reported if its range is invalid', async () => {
    await assert.rejects(chosen({}, {'@a/x': 'latest'}), {
      code: 'RANGE_INVALID',
      message: 'Invalid version range for @a/x in apkg.json: `latest`',
    })
  })
})

describe('resolve of a hard graph', () => {
  it('resolve: solves packages that must all have different versions, or reports the conflict', async () => {
    assert.equal((await resolveIn(different(20, 20), rootsOf(20))).size, 20)
    await assert.rejects(resolveIn(different(6, 5), rootsOf(6)), {code: 'DEPENDENCY_CONFLICT'})
  })

  it('resolve: rejects long chains with an unsatisfiable end without trying every combination', async () => {
    const versions = Array.from({length: 40}, (_, index) => `1.${index}.0`)
    const needs = (index: number) => (index < 39 ? {[`@a/p${index + 1}`]: '^1'} : {'@a/p0': '^2'})
    const packages = Object.fromEntries(
      versions.map((_, index): [string, Packages[string]] => [
        `@a/p${index}`,
        {versions: Object.fromEntries(versions.map((version) => [version, {needs: needs(index)}]))},
      ]),
    )
    await assert.rejects(resolveIn(packages, {'@a/p0': '^1'}), {code: 'VERSION_NOT_FOUND'})
  })

  it('resolve: gives up on an endless graph', async () => {
    const grow = (name: string): Packages[string] => ({
      versions: {'1.0.0': {needs: {[`${name}0`]: '*', [`${name}1`]: '*'}}},
    })
    const load = async (name: string) => loaderOf({[name]: grow(name)}).load(name)
    await assert.rejects(resolve({'@a/x': '*'}, {load, locked: lockOf()}), {code: 'RESOLUTION_ABANDONED'})
  })
})
