import assert from 'node:assert/strict'
import {readFile} from 'node:fs/promises'
import {it} from 'node:test'

import {rules} from '@apkg/package-format/lint'

import {inRepository} from '../support/repository.js'

it('docs: the table of rules lists each rule of `apkg lint` with its severity and summary', async () => {
  const page = await readFile(inRepository('docs/lint.md'), 'utf8')
  const rows = page.match(/^\| `[a-z-]+` \|.*$/gm)?.map((row) => row.split('|').map((cell) => cell.trim()))
  assert.deepEqual(
    rows?.map(([, id, severity, summary]) => [id, severity, summary]),
    Object.entries(rules).map(([id, {severity, summary}]) => [`\`${id}\``, severity, summary]),
  )
})
