/**
 * Converts a generated schema (draft-07) to a published one (2020-12). It allows additional fields, because later versions
 * can add fields to a result.
 *
 * @returns the schema, and the parts of the type that are too vague
 */
export function toSchema({$schema: _, definitions = {}, description, ...rest}, {id, title}) {
  const problems = []
  const convert = (node, path) => converted(node, path, problems)
  const body = convert(rest, '')
  const $defs = Object.fromEntries(
    Object.entries(definitions).map(([name, definition]) => [typeName(name), convert(definition, name)]),
  )
  if (description === undefined && body.anyOf === undefined) problems.push('the type lacks a docstring')
  const schema = {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: id,
    title,
    ...(description !== undefined && {description: oneLine(description)}),
    ...body,
    ...(Object.keys($defs).length > 0 && {$defs}),
  }
  return {schema, problems}
}

const oneLine = (text) => text.replaceAll(/\s*\n\s*/g, ' ')

const typeName = (name) => decodeURIComponent(name)

function converted(node, path, problems) {
  if (Array.isArray(node)) return node.map((each) => converted(each, path, problems))
  if (typeof node !== 'object' || node === null) return node
  const {additionalProperties, properties, $ref, items, anyOf, description, ...rest} = node
  if (Array.isArray(items)) problems.push(`${path} is a tuple`)
  if (rest.type === 'object' && !properties && typeof additionalProperties !== 'object') {
    problems.push(`${path} is any object`)
  }
  const pathOf = (name) => (path === '' ? name : `${path}.${name}`)
  const within = (inner, name) => converted(inner, pathOf(name), problems)
  for (const [name, property] of Object.entries(properties ?? {})) {
    const isList = property.items?.$ref !== undefined
    if (isList && property.description === undefined) problems.push(`${pathOf(name)} lacks a docstring for the list`)
  }
  const constants = anyOf?.every((each) => 'const' in each && each.type === anyOf[0].type)
  return {
    ...($ref !== undefined && {$ref: `#/$defs/${typeName($ref.replace('#/definitions/', ''))}`}),
    ...(description !== undefined && {description: oneLine(description)}),
    // All numbers that apkg prints are integers: bytes, counts, exit codes.
    ...withIntegers(rest),
    ...(properties !== undefined && {
      properties: Object.fromEntries(Object.entries(properties).map(([name, each]) => [name, within(each, name)])),
    }),
    ...(typeof additionalProperties === 'object' && {additionalProperties: within(additionalProperties, '*')}),
    ...(items !== undefined && {items: within(items, '[]')}),
    ...(anyOf !== undefined &&
      (constants
        ? {type: anyOf[0].type === 'number' ? 'integer' : anyOf[0].type, enum: anyOf.map((each) => each.const)}
        : {anyOf: anyOf.map((each) => converted(each, path, problems))})),
  }
}

function withIntegers({type, ...rest}) {
  const toInteger = (name) => (name === 'number' ? 'integer' : name)
  if (type === undefined) return rest
  return {type: Array.isArray(type) ? type.map(toInteger) : toInteger(type), ...rest}
}
