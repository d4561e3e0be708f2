import assert from 'node:assert/strict'
import {readdir, readFile} from 'node:fs/promises'
import {describe, it} from 'node:test'

import {defineFailures, exitCodes, sharedFailures, type FailureRows} from '@apkg/command-kit'
import {failures as registryFailures} from '@apkg/plugin-registry/dist/operator/failures.js'

const root = new URL('../..', import.meta.url)

/** The tables of all areas of `src`. */
async function areaTables(): Promise<FailureRows[]> {
  const areas = await readdir(new URL('src', root), {withFileTypes: true})
  const tables = areas.map(async ({name}) => {
    const file = new URL(`dist/${name}/failures.js`, root)
    return import(file.href).then(
      ({failures}: {failures: FailureRows}) => failures,
      (error: unknown) => {
        if ((error as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw error
        return undefined
      },
    )
  })
  return (await Promise.all(tables)).filter((table) => table !== undefined)
}

const areas = await areaTables()

describe('failures', () => {
  it('failures: every code is defined once, by the kit, an area or the registry plugin', () => {
    assert.ok(areas.length >= 7, `${areas.length} areas`)
    const codes = [sharedFailures, registryFailures, ...areas].flatMap((table) => Object.keys(table))
    assert.deepEqual(
      codes.filter((code, at) => codes.indexOf(code) !== at),
      [],
    )
    for (const code of codes) assert.match(code, /^[A-Z]+(_[A-Z]+)*$/)
  })

  it('failures: exactly the codes and exit codes of the CLI are documented', async () => {
    const reference = await readFile(new URL('docs/reference.md', root), 'utf8')
    const [, section = ''] = /^## Error codes\n([^]*?)^## /m.exec(reference) ?? []
    const firstCells = [...section.matchAll(/^\| (`.*?) \|/gm)].map(([, cell = '']) => cell)
    const documented = firstCells.flatMap((cell) => [...cell.matchAll(/`([A-Z_]+)`/g)].map(([, code]) => code))
    const codes = [sharedFailures, ...areas].flatMap((table) => Object.keys(table))
    assert.deepEqual([...new Set(documented)].sort(), codes.sort())
    for (const code of Object.values(exitCodes)) assert.match(reference, new RegExp(`^\\| ${code} \\|`, 'm'))
  })

  it('failures: every failure except an interruption has a hint', () => {
    const rows = [sharedFailures, registryFailures, ...areas].flatMap((table) => Object.entries(table))
    const withoutHints = rows.filter(([, describe]) => !String(describe).includes('suggestions'))
    assert.deepEqual(
      withoutHints.map(([code]) => code),
      ['INTERRUPTED'],
    )
  })

  it('failures: a table cannot redefine a code of the kit', () => {
    const rows = {AUTH_REQUIRED: () => ({exit: exitCodes.failed, message: 'Something else'})}
    assert.throws(() => defineFailures(rows), /AUTH_REQUIRED is already defined/)
  })
})
