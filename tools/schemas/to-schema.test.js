import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import {toSchema} from './to-schema.js'

const named = {id: 'urn:apkg:schema:example', title: 'apkg example --json'}

const generated = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  type: 'object',
  description: 'An example,\nin two lines.',
  properties: {
    count: {type: ['number', 'null']},
    item: {$ref: '#/definitions/Item', description: 'The item.'},
  },
  required: ['count', 'item'],
  additionalProperties: false,
  definitions: {
    Item: {
      type: 'object',
      properties: {
        code: {
          anyOf: [
            {type: 'number', const: 0},
            {type: 'number', const: 1},
          ],
        },
      },
      required: ['code'],
      additionalProperties: false,
    },
  },
}

describe('toSchema', () => {
  it('toSchema: returns a 2020-12 schema that allows additional fields, with integers for numbers', () => {
    assert.deepEqual(toSchema(generated, named), {
      schema: {
        $schema: 'https://json-schema.org/draft/2020-12/schema',
        $id: 'urn:apkg:schema:example',
        title: 'apkg example --json',
        description: 'An example, in two lines.',
        type: 'object',
        required: ['count', 'item'],
        properties: {
          count: {type: ['integer', 'null']},
          item: {$ref: '#/$defs/Item', description: 'The item.'},
        },
        $defs: {
          Item: {type: 'object', required: ['code'], properties: {code: {type: 'integer', enum: [0, 1]}}},
        },
      },
      problems: [],
    })
  })

  it('toSchema: reports types without a docstring, objects without fields, and tuples', () => {
    const vague = {type: 'object', properties: {left: {type: 'object'}, right: {type: 'array', items: [{}]}}}
    assert.deepEqual(toSchema(vague, named).problems, [
      'left is any object',
      'right is a tuple',
      'the type lacks a docstring',
    ])
  })

  it('toSchema: reports a list of objects without its own docstring', () => {
    const list = {type: 'array', items: {$ref: '#/definitions/Item'}}
    const properties = {items: list, described: {...list, description: 'All items.'}}
    assert.deepEqual(toSchema({...generated, properties}, named).problems, ['items lacks a docstring for the list'])
  })
})
