import assert from 'node:assert/strict'
import {existsSync, readFileSync} from 'node:fs'
import {fileURLToPath} from 'node:url'

import {Ajv2020, type ValidateFunction} from 'ajv/dist/2020.js'
import formats from 'ajv-formats'

/** The directories with the published schemas of the CLI and the registry plugin. */
const folders = ['../../schemas/', '../../packages/plugin-registry/schemas/'].map((folder) =>
  fileURLToPath(new URL(folder, import.meta.url)),
)

const ajv = new Ajv2020({allErrors: true, allowUnionTypes: true})
formats.default(ajv)

const validators = new Map<string, ValidateFunction>()

/**
 * Asserts that the `--json` output of a command matches its schema, or the schema of errors. Unlike the schemas, it doesn't
 * allow additional fields, because all output must be documented.
 *
 * @param id the oclif ID of the command: `token:create`; undefined for a command without a schema, of which only errors
 *   are checked
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
  assert.fail([`--json of \`${id ?? 'a command'}\` does not match ${name}.json:`, ...problems, stdout].join('\n'))
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

/** Disallows additional fields in a schema. */
function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed)
  if (typeof schema !== 'object' || schema === null) return schema
  const content = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, closed(value)]))
  return 'properties' in content && 'type' in content ? {...content, additionalProperties: false} : content
}
