import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import {outputPages} from './render.js'

const object = (description, properties, required = Object.keys(properties)) => ({
  description,
  type: 'object',
  required,
  properties,
})

const head = ['| field | type | |', '| --- | --- | --- |']

describe('outputPages', () => {
  it('outputPages: has a row for each field, including the fields of objects in arrays and maps', () => {
    const schema = {
      ...object(
        'All packages.',
        {
          at: {type: ['string', 'null'], format: 'date-time', description: 'Null | never.'},
          packages: {type: 'array', items: {$ref: '#/$defs/Package'}},
          tags: {type: 'object', additionalProperties: {type: 'string'}},
        },
        ['packages', 'tags'],
      ),
      $defs: {
        Package: object('A package.', {
          state: {enum: ['ok', 'missing']},
          dependencies: {type: 'array', description: 'Direct dependencies.', items: {$ref: '#/$defs/Package'}},
          parent: {$ref: '#/$defs/Package'},
          policy: {anyOf: [{enum: ['off', 'warn']}, {enum: ['off', 'check']}, {type: 'boolean'}]},
        }),
      },
    }
    assert.deepEqual(outputPages([schema]).lines(schema), [
      'All packages.',
      '',
      ...head,
      '| `at?` | date-time \\| null | Null \\| never. |',
      '| `packages` | object[] | |',
      '| `packages[].state` | `ok` \\| `missing` | |',
      '| `packages[].dependencies` | object[] | Direct dependencies. |',
      '| `packages[].parent` | object | The same fields as above. |',
      '| `packages[].policy` | `off` \\| `warn` \\| `check` \\| boolean | |',
      '| `tags` | map of string | |',
      '',
    ])
  })

  it('outputPages: describes the fields of an object without a name, also within another one', () => {
    const inner = object('Inner.', {count: {type: 'integer', description: 'A number.'}})
    const schema = {$id: 'urn:apkg:schema:a', ...object('All.', {outer: object('Outer.', {inner})}), $defs: {}}
    const lines = outputPages([schema]).lines(schema)
    assert.equal(lines.filter((line) => line.includes('The same fields as above.')).length, 0)
    assert.ok(lines.includes('| `outer.inner.count` | integer | A number. |'), lines.join('\n'))
  })

  it('outputPages: describes a long type that three commands share on the shared page, and links to it', () => {
    const fields = Object.fromEntries(['a', 'b', 'c', 'd', 'e', 'f'].map((name) => [name, {type: 'boolean'}]))
    const schema = {
      ...object('One.', {report: {$ref: '#/$defs/Report'}}),
      $defs: {Report: object('A report. It is long.', fields)},
    }
    const {lines, sharedLines} = outputPages([schema, schema, schema])
    assert.deepEqual(lines(schema).slice(4, -1), ['| `report` | [Report](output-types.md#report) | A report. |'])
    const page = sharedLines()
    assert.deepEqual(page.slice(4, 7), ['## Report', '', 'A report. It is long.'])
    assert.equal(page.filter((line) => line.includes('boolean')).length, 6)
    assert.ok(outputPages([schema, schema]).lines(schema).includes('| `report.a` | boolean | |'))
  })
})
