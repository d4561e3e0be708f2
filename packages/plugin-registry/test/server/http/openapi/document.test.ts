import assert from 'node:assert/strict'
import {readFile} from 'node:fs/promises'
import {describe, it} from 'node:test'

import {problemBody, problems, type ProblemCode} from '@apkg/wire'
import {type Endpoint, endpoints, type EndpointName, refusalsOf} from '@apkg/wire/protocol'
import {Compile} from 'typebox/schema'
import {Value} from 'typebox/value'

import {exampleOf} from '../../../../src/server/http/openapi/components.js'
import {type Operation, openApiDocument, operations} from '../../../../src/server/http/openapi/index.js'
import {Health, Problem} from '../../../../src/server/http/openapi/registry-responses.js'
import {createWorld} from '../../../support/world.js'

const document: any = openApiDocument({version: '1.2.3'})

const described: [path: string, method: string, operation: any][] = Object.entries<object>(document.paths).flatMap(
  ([path, item]) => Object.entries(item).map(([method, operation]): [string, string, any] => [path, method, operation]),
)

const resolved = (response: any) =>
  response.$ref ? document.components.responses[response.$ref.split('/').at(-1)] : response

describe('the OpenAPI document', () => {
  it('OpenAPI document: the committed file is up to date', async () => {
    const file = (name: string) => readFile(new URL(`../../../../${name}`, import.meta.url), 'utf8')
    const {version} = JSON.parse(await file('package.json'))
    assert.deepEqual(JSON.parse(await file('openapi.json')), JSON.parse(JSON.stringify(openApiDocument({version}))))
  })

  it('OpenAPI document: a registry serves it, with the public URL as its server', async (t) => {
    const world = await createWorld(t, {publicUrl: new URL('https://example.com/registry/')})
    const {status, body} = await world.call('GET', '/openapi.json')
    assert.equal(status, 200)
    assert.equal(body.servers[0].url, 'https://example.com/registry')
    assert.deepEqual(body.paths, JSON.parse(JSON.stringify(document.paths)))
  })

  it('OpenAPI document: each operation has a tag, a summary and a description', () => {
    const tags = document.tags.map(({name}: {name: string}) => name)
    for (const [path, method, {operationId, tags: own, summary, description}] of described) {
      assert.ok(operationId && summary && description, `${method} ${path}`)
      assert.deepEqual(own.filter((tag: string) => tags.includes(tag)).length, 1, `${method} ${path}`)
    }
  })

  for (const name of Object.keys(endpoints) as EndpointName[]) {
    it(`OpenAPI document: lists the errors of ${name} by status and code`, () => {
      const [, , operation] = described.find(([, , {operationId}]) => operationId === name)!
      const codes: ProblemCode[] = []
      for (const [status, response] of Object.entries<any>(operation.responses)) {
        const {description, content, 'x-problem-codes': listed} = resolved(response)
        assert.ok(description)
        if (Number(status) < 400) continue
        assert.deepEqual(Object.keys(content['application/problem+json'].examples), listed)
        for (const code of listed as ProblemCode[]) {
          assert.equal(problems[code].status, Number(status))
          assert.ok(description.includes(`\`${code}\``))
          codes.push(code)
        }
      }
      assert.deepEqual(codes.sort(), refusalsOf(endpoints[name]).sort())
    })

    const endpoint: Endpoint = endpoints[name]
    const {response}: Operation = operations[name]
    const {response: schema} = endpoint
    if (response && schema) {
      it(`OpenAPI document: the example response of ${name} is valid for clients`, () => {
        const example = exampleOf(response)
        assert.deepEqual(Compile(response).Errors(example), [true, []])
        assert.ok(Value.Check(schema, example), JSON.stringify(example))
      })
    }

    const {body, params, query} = endpoint
    for (const schema of [body, params, query].filter((each) => each !== undefined)) {
      it(`OpenAPI document: the example request of ${name} is valid`, () => {
        const example = exampleOf(schema)
        assert.deepEqual(Compile(schema).Errors(example), [true, []], JSON.stringify(example))
      })
    }
  }

  it('OpenAPI document: the examples of problems and of the health check are valid', () => {
    for (const [code, {value}] of Object.entries<any>(document.components.examples)) {
      assert.equal(value.error.code, code)
      assert.deepEqual(Compile(Problem).Errors(value), [true, []], code)
    }
    assert.ok(Value.Check(Problem, problemBody('BUSY', 'id', 'Busy', [{field: 'a', message: 'b', code: 'c'}])))
    assert.ok(Value.Check(Health, exampleOf(Health)))
  })

  it('OpenAPI document: each pattern comes with an example', () => {
    const without: string[] = []
    const look = (value: any, path: string): void => {
      if (typeof value !== 'object' || value === null) return
      const isPlain = ['^[^', '^(?!(?:__proto__'].some((start) => String(value.pattern).startsWith(start))
      if (typeof value.pattern === 'string' && !isPlain && value.example === undefined) without.push(path)
      for (const [key, inner] of Object.entries(value)) look(inner, `${path}/${key}`)
    }
    look(document, '#')
    assert.deepEqual(without, [])
  })

  it('OpenAPI document: a logout does not require a body, and a login does', () => {
    assert.equal(document.paths['/auth/logout'].post.requestBody.required, false)
    assert.equal(document.paths['/auth/login'].post.requestBody.required, true)
  })

  it('OpenAPI document: describes the parts of an upload and the bytes of a download', () => {
    const {content} = document.paths['/packages/{name}'].put.requestBody
    assert.deepEqual(Object.keys(content), ['multipart/form-data'])
    const {schema, encoding} = content['multipart/form-data']
    assert.deepEqual(schema.required, ['metadata', 'tarball'])
    assert.deepEqual(schema.properties.metadata, {$ref: '#/components/schemas/PublishMetadata'})
    assert.equal(encoding.metadata.contentType, 'application/json')
    assert.equal(encoding.tarball.contentType, 'application/zstd')
    const download = document.paths['/packages/{name}/{version}/tarball'].get
    assert.deepEqual(Object.keys(download.responses['200'].content), ['application/zstd'])
    assert.equal(download.responses['304'].content, undefined)
  })
})
