import * as Type from 'typebox'

/** Types of fields that many responses have. */

export function text(description: string, example: string): Type.TString {
  return Type.String({description, example})
}

export function timestamp(description: string): Type.TString {
  return Type.String({format: 'date-time', description, example: '2026-11-23T12:00:00.000Z'})
}

export function nullable<Schema extends Type.TSchema>(schema: Schema, description: string) {
  return Type.Union([schema, Type.Null()], {description})
}

export function stringEnum<Word extends string>(
  values: readonly Word[],
  rules: {title?: string; description: string},
): Type.TUnsafe<Word> {
  return Type.Unsafe({type: 'string', enum: values, ...rules, example: values[0]})
}
