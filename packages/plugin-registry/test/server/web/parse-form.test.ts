import assert from 'node:assert/strict'
import {it} from 'node:test'

import {parseForm} from '../../../src/server/web/parse-form.js'

it('form: fields are decoded, and a name such as __proto__ is a field', () => {
  assert.deepEqual({...parseForm('a=1+2&b=%26&__proto__=x')}, {a: '1 2', b: '&', ['__proto__']: 'x'})
})

it('form: a repeated field is refused', () => {
  assert.throws(() => parseForm('a=1&a=2'), /./)
})
