import assert from 'node:assert/strict'

import type {ProblemCode} from '@apkg/wire'
import {type Endpoint, endpoints, type EndpointName, refusalsOf} from '@apkg/wire/protocol'
import {Compile} from 'typebox/schema'

import {type Operation, operations} from '../../src/server/http/openapi/index.js'
import {Problem} from '../../src/server/http/openapi/registry-responses.js'

interface Received {
  status: number
  headers: Record<string, string | undefined>
  body: unknown
}

const documented = (Object.keys(endpoints) as EndpointName[]).flatMap((name) => {
  const endpoint: Endpoint = endpoints[name]
  const operation: Operation = operations[name]
  const refusals = new Set<ProblemCode>(refusalsOf(endpoint))
  const answer = operation.response && Compile(closed(operation.response) as object)
  return [endpoint.path, endpoint.unambiguousPath]
    .filter((path) => path !== undefined)
    .map((path) => ({name, endpoint, operation, refusals, answer, path: patternOf(path)}))
})

// Paths without parameters come first, since `/auth/tokens/{id}` also matches `/auth/tokens/current`.
documented.sort((a, b) => a.endpoint.path.split('{').length - b.endpoint.path.split('{').length)

const problem = Compile(closed(Problem) as object)

/** Fails unless the OpenAPI document lists the status, the error code and every field of the body. */
export function assertDocumented(method: string, url: string, {status, headers, body}: Received): void {
  const path = url.replace(/\?.*$/s, '')
  const found = documented.find((each) => each.endpoint.method === method && each.path.test(path))
  if (!found) return
  const {name, endpoint, operation, refusals, answer} = found
  const what = `${name} responded with ${status}`
  if (status >= 400) {
    const {code} = (body as {error: {code: ProblemCode}}).error
    assert.ok(refusals.has(code), `${what} ${code}, which its endpoint does not list`)
    const [fits, errors] = problem.Errors(body)
    assert.ok(fits, `${what} with a body that is not a problem: ${JSON.stringify(errors)}`)
    return
  }
  const successes = [endpoint.status, ...Object.keys(operation.others ?? {}).map(Number)]
  assert.ok(successes.includes(status), `${what}, which is not documented`)
  if (answer && status !== 304) {
    const [fits, errors] = answer.Errors(body)
    assert.ok(fits, `${what} with an undocumented body: ${JSON.stringify(errors)}\n${JSON.stringify(body)}`)
  }
  if (operation.isConditional) assert.ok(headers['etag'], `${what} without an ETag`)
}

function patternOf(path: string): RegExp {
  return new RegExp(`^${path.replaceAll(/\{\w+\}/g, '[^/]+')}$`)
}

/** A copy of a schema that does not allow additional fields. */
function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed)
  if (typeof schema !== 'object' || schema === null) return schema
  const entries = Object.entries(schema).map(([key, value]) => [key, closed(value)])
  const isOpen = 'properties' in schema && !('additionalProperties' in schema)
  return {...Object.fromEntries(entries), ...(isOpen && {additionalProperties: false})}
}
