import type {TSchema} from 'typebox'
import {Compile, type Validator} from 'typebox/schema'

/** Compiled on first use: an install checks hundreds of answers of one kind. */
const validators = new WeakMap<TSchema, Validator>()

/** Whether an answer is what the protocol says. */
export function fits(schema: TSchema, answer: unknown): boolean {
  const validator = validators.get(schema) ?? Compile(schema)
  validators.set(schema, validator)
  return validator.Check(answer)
}
