import assert from 'node:assert/strict'
import {readFile, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {fileURLToPath} from 'node:url'
import {it} from 'node:test'

import ts from 'typescript'

const here = fileURLToPath(new URL('../test', import.meta.url))
const snapshot = path.join(here, 'exports.json')
const entries = {
  '@apkg/command-kit': path.join(here, '../dist/index.d.ts'),
  '@apkg/command-kit/table': path.join(here, '../dist/terminal/table.d.ts'),
  '@apkg/command-kit/testing': path.join(here, '../dist/testing/index.d.ts'),
}

/** Without the types of the language and of Node, because reading them takes seconds. */
const program = ts.createProgram(Object.values(entries), {
  noLib: true,
  types: [],
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
})

it('command kit: the exports match exports.json', async () => {
  const checker = program.getTypeChecker()
  const exported = Object.entries(entries).map(([name, file]) => {
    const module = checker.getSymbolAtLocation(program.getSourceFile(file)!)!
    const symbols = checker.getExportsOfModule(module).map((symbol) => {
      const original = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol
      return [symbol.name, kindOf(original)]
    })
    return [name, Object.fromEntries(symbols.sort(([a], [b]) => (a! < b! ? -1 : 1)))]
  })
  const actual = `${JSON.stringify(Object.fromEntries(exported), null, 2)}\n`
  if (process.env['UPDATE_SNAPSHOTS']) await writeFile(snapshot, actual)
  assert.equal(actual, await readFile(snapshot, 'utf8'), 'removing or changing an export is a breaking change')
})

function kindOf({flags}: ts.Symbol): string {
  const kinds: [ts.SymbolFlags, string][] = [
    [ts.SymbolFlags.Class, 'class'],
    [ts.SymbolFlags.Function, 'function'],
    [ts.SymbolFlags.Interface, 'interface'],
    [ts.SymbolFlags.TypeAlias, 'type'],
    [ts.SymbolFlags.Variable, 'const'],
  ]
  return kinds.flatMap(([flag, kind]) => (flags & flag ? [kind] : [])).join(' and ')
}
