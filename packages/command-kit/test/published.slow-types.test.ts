import assert from 'node:assert/strict'
import {it} from 'node:test'
import {fileURLToPath} from 'node:url'

import ts from 'typescript'

const plugin = fileURLToPath(new URL('../test/types/plugin.ts', import.meta.url))

/** With the strictest options that a plugin's author is likely to use. */
const program = ts.createProgram([plugin], {
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  noEmit: true,
  skipLibCheck: true,
  types: ['node'],
  target: ts.ScriptTarget.ES2023,
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
})

it('command kit: the types accept valid plugins and reject invalid ones', () => {
  const found = ts.getPreEmitDiagnostics(program, program.getSourceFile(plugin))
  assert.equal(ts.formatDiagnostics(found, ts.createCompilerHost({})), '')
})
