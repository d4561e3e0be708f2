import assert from 'node:assert/strict'
import {existsSync, readFileSync} from 'node:fs'
import {fileURLToPath} from 'node:url'

import {Ajv2020, type ValidateFunction} from 'ajv/dist/2020.js'
import formats from 'ajv-formats'

/** The folders of the published schemas: the command line's own, and the registry plugin's. */
const folders = ['../../schemas/', '../../packages/plugin-registry/schemas/'].map((folder) =>
  fileURLToPath(new URL(folder, import.meta.url)),
)

const ajv = new Ajv2020({allErrors: true, allowUnionTypes: true})
formats.default(ajv)

const validators = new Map<string, ValidateFunction>()

/**
 * Fails unless what a command printed under `--json` is what its schema says: for a failure the schema of errors.
 * Stricter than the schema, which allows fields to be added: what is printed has to be documented.
 *
 * @param id oclif's id of the command: `token:create`. Undefined for one that has no schema, as a test's own; its
 *   failures are checked nevertheless.
 */
export function assertDocumented(id: string | undefined, stdout: string): void {
  if (id === undefined && !/^\{\s*"error"/.test(stdout)) return
  const output = JSON.parse(stdout) as object
  const name = isFailure(output) || id === undefined ? 'error' : id.replaceAll(':', '/')
  const validate = validatorOf(name)
  if (validate(output)) return
  const problems = (validate.errors ?? []).map(({instancePath, message, params}) => {
    return `  ${instancePath || '/'} ${message}: ${JSON.stringify(params)}`
  })
  assert.fail([`--json of \`${id ?? 'a command'}\` is not what ${name}.json says:`, ...problems, stdout].join('\n'))
}

function isFailure(output: object): boolean {
  return Object.keys(output).join() === 'error'
}

function validatorOf(name: string): ValidateFunction {
  const known = validators.get(name)
  if (known) return known
  const file = folders.map((folder) => `${folder}${name}.json`).find((path) => existsSync(path))
  assert(file !== undefined, `No schema ${name}.json`)
  const validate = ajv.compile(closed(JSON.parse(readFileSync(file, 'utf8'))) as object)
  validators.set(name, validate)
  return validate
}

/** A schema that allows no field but those that it names. */
function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed)
  if (typeof schema !== 'object' || schema === null) return schema
  const content = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, closed(value)]))
  return 'properties' in content && 'type' in content ? {...content, additionalProperties: false} : content
}
