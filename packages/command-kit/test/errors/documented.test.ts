import assert from 'node:assert/strict'
import {readFile} from 'node:fs/promises'
import {it} from 'node:test'

import {exitCodes} from '../../src/errors/exit-codes.js'
import {failures} from '../../src/errors/failures.js'

it('documents every failure and every exit code, and no failure that there is not', async () => {
  const reference = await readFile(new URL('../../../../docs/reference.md', import.meta.url), 'utf8')
  const section = reference.slice(reference.indexOf('## Errors under'), reference.indexOf('## `--json` of each'))
  const documented = [...section.matchAll(/`([A-Z]{2,}(?:_[A-Z]+)*)`/g)].map(([, code]) => code)
  assert.deepEqual([...new Set(documented)].sort(), Object.keys(failures).sort())
  for (const code of Object.values(exitCodes)) assert.match(reference, new RegExp(`^\\| ${code} \\|`, 'm'))
})
