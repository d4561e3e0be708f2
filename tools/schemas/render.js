/** A type gets its own section on the shared page if at least this many commands use it, and it has this many rows. */
const minSharedBy = 3
const minSharedRows = 6

/** The page with the types that several commands share. */
export const sharedPage = 'output-types.md'

/**
 * Renders schemas as Markdown, with a table of fields for each.
 *
 * @param schemas the schemas of all commands
 */
export function outputPages(schemas) {
  const shared = sharedTypes(schemas)
  const render = (schema, defs) => tables(schema, {defs, shared})
  return {
    /** Returns the lines that describe the output of a command. */
    lines: (schema) => render(schema, schema.$defs ?? {}),
    /** Returns the lines of the page with the shared types. */
    sharedLines: () => [
      '# Output types',
      '',
      'Types in the `--json` output of several commands.',
      '',
      ...[...shared].flatMap(([name, {schema, defs}]) => [`## ${name}`, '', ...render(schema, defs)]),
    ],
  }
}

function sharedTypes(schemas) {
  const found = new Map()
  for (const {$defs: defs = {}, anyOf = []} of schemas) {
    const roots = new Set(anyOf.map(({$ref}) => refName($ref)))
    for (const [name, schema] of Object.entries(defs)) {
      const entry = found.get(name) ?? {schema, defs, count: 0}
      if (!roots.has(name)) entry.count++
      found.set(name, entry)
    }
  }
  const isLong = ({schema, defs}) => rows(schema, '', {defs, shared: new Map(), within: []}).length >= minSharedRows
  return new Map(
    [...found].filter(([, entry]) => entry.count >= minSharedBy && isLong(entry)).sort(([a], [b]) => (a < b ? -1 : 1)),
  )
}

const refName = (ref) => ref?.replace('#/$defs/', '')

function tables(schema, context) {
  if (schema.anyOf) {
    const names = schema.anyOf.map(({$ref}) => refName($ref))
    const kinds = names.flatMap((name) =>
      context.shared.has(name)
        ? [`${sharedLink(name)}: ${context.defs[name].description}`, '']
        : tables(context.defs[name], context),
    )
    return ['One of these objects.', '', ...kinds]
  }
  const body = rows(schema, '', {...context, within: []}).map((cells) =>
    `| ${cells.join(' | ')} |`.replace('|  |', '| |'),
  )
  return [schema.description, '', '| field | type | |', '| --- | --- | --- |', ...body, '']
}

/** Returns a row for each field of an object, including the fields of nested objects. */
function rows({properties = {}, required = []}, path, context) {
  return Object.entries(properties).flatMap(([name, property]) => {
    const {suffix, type, description, inner, innerName} = describe(property, context)
    const field = `${path}${name}`
    const own = [`\`${field}${required.includes(name) ? '' : '?'}\``, type, cell(description ?? '')]
    if (!inner || context.within.includes(innerName)) return [own]
    // An inline object is unnamed, so it cannot contain itself.
    const within = innerName === undefined ? context.within : [...context.within, innerName]
    return [own, ...rows(inner, `${field}${suffix}.`, {...context, within})]
  })
}

/** Describes the type of a field, and returns the nested object whose fields follow. */
function describe(property, context) {
  const {$ref, anyOf, items, additionalProperties, type, format, description} = property
  const name = refName($ref)
  const known = {description}
  if (context.shared.has(name)) {
    return {...known, description: description ?? firstSentence(context.defs[name]), type: sharedLink(name)}
  }
  if (context.within.includes(name)) return {description: 'The same fields as above.', type: 'object', innerName: name}
  if ($ref) {
    const target = describe(context.defs[name], context)
    return {...target, description: description ?? target.description, innerName: name}
  }
  if (anyOf) {
    const parts = anyOf.map((each) => describe(each, context))
    const inner = parts.find((part) => part.inner)
    const members = parts.flatMap((part) => part.members ?? [part.type])
    return {suffix: '', ...inner, description: description ?? inner?.description, ...union(members)}
  }
  if (items) {
    const of = describe(items, context)
    const types = of.type.includes(' ') ? `(${of.type})[]` : `${of.type}[]`
    // The docstring of an item describes a single item, not the list.
    return {...of, suffix: `[]${of.suffix ?? ''}`, description, type: types, members: undefined}
  }
  if (additionalProperties) {
    const of = describe(additionalProperties, context)
    return {
      ...of,
      suffix: `.*${of.suffix ?? ''}`,
      description: description ?? of.description,
      type: `map of ${of.type}`,
      members: undefined,
    }
  }
  if (property.enum) return {...known, ...union(property.enum.map((each) => code(each)))}
  if ('const' in property) return {...known, type: code(property.const)}
  if (property.properties) return {...known, suffix: '', type: 'object', inner: property}
  const types = [type].flat().map((each) => (each === 'string' && format ? format : each))
  return {...known, ...union(type === undefined ? ['any'] : types)}
}

/** A type that is one of several, each named once. `members` are their names. */
function union(names) {
  const members = [...new Set(names)]
  return {type: members.join(' \\| '), members}
}

const code = (value) => (value === null ? 'null' : `\`${typeof value === 'string' ? value : JSON.stringify(value)}\``)

const sharedLink = (name) => `[${name}](${sharedPage}#${name.toLowerCase()})`

const firstSentence = ({description}) => description?.split(/(?<=\.) /)[0]

const cell = (text) => text.replaceAll('|', '\\|')
