import assert from 'node:assert/strict'
import {readdir, readFile} from 'node:fs/promises'
import path from 'node:path'
import {it} from 'node:test'

import ts from 'typescript'

import {inRepository} from '../support/repository.js'

const folders = [
  'src',
  ...['command-kit', 'package-format', 'plugin-registry', 'wire'].map((name) => `packages/${name}/src`),
]

/** Characters of a text that a regular expression could be slow for. Quadratic time is then several seconds. */
const length = 60_000

/** Milliseconds. Linear time is a few. */
const maxTime = 1000

interface Found {
  place: string
  expression: RegExp
}

/** All regular expressions in the source, except those that are put together at run time. */
async function expressions(): Promise<Found[]> {
  const found: Found[] = []
  for (const folder of folders) {
    const files = (await readdir(inRepository(folder), {recursive: true})).filter((file) => file.endsWith('.ts'))
    for (const file of files) {
      const text = await readFile(inRepository(path.join(folder, file)), 'utf8')
      const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest)
      const visit = (node: ts.Node) => {
        if (ts.isRegularExpressionLiteral(node)) {
          const {line} = source.getLineAndCharacterOfPosition(node.getStart(source))
          const end = node.text.lastIndexOf('/')
          const expression = new RegExp(node.text.slice(1, end), node.text.slice(end + 1).replace(/[gy]/g, ''))
          found.push({place: `${folder}/${file}:${line + 1}: ${node.text}`, expression})
        }
        ts.forEachChild(node, visit)
      }
      visit(source)
    }
  }
  return found
}

/** Texts of one or two repeated characters of the expression, after what it starts with, and before what it can't match. */
function* attacks({source}: RegExp): Generator<string> {
  const literals = [...new Set(source.replace(/\\[dDwWsSbBpP](?:\{[^}]*\})?|\\(.)/g, '$1'))].filter(
    (each) => !'^$|?'.includes(each),
  )
  const units = ['a', '0', ' ', '\n', '-', '.', '/', ...literals]
  const pairs = literals.slice(0, 12).flatMap((one) => [`${one}a`, `a${one}`, `${one} `])
  const [prefix = ''] = /(?<=^\^?)(?:[\w:@"' -]|\\[./[\]{}()"'])+/.exec(source) ?? []
  const starts = [...new Set(['', 'a', prefix.replaceAll('\\', '')])]
  for (const unit of new Set([...units, ...pairs])) {
    const pump = unit.repeat(length / unit.length)
    for (const start of starts) for (const end of ['', '\u0000', 'x!']) yield start + pump + end
  }
}

it('regular expressions: every one takes linear time, whatever the text', async () => {
  const slow: string[] = []
  const all = await expressions()
  assert.ok(all.length > 200, `${all.length} regular expressions`)
  for (const {place, expression} of all) {
    for (const text of attacks(expression)) {
      const began = performance.now()
      expression.exec(text)
      const time = performance.now() - began
      if (time <= maxTime) continue
      slow.push(`${place} takes ${Math.round(time)} ms for ${JSON.stringify(text.slice(0, 12))}…`)
      break
    }
  }
  assert.deepEqual(slow, [])
})
