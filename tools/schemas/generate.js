import {existsSync} from 'node:fs'
import {join} from 'node:path'

import {createFormatter, createParser, createProgram, DEFAULT_CONFIG, SchemaGenerator} from 'ts-json-schema-generator'
import ts from 'typescript'

import {fail, filesBelow, root} from '../workspace.js'
import {toSchema} from './to-schema.js'

/**
 * Returns the schemas of the results of a package's commands, as text by file name: `token/create.json`.
 *
 * @param place the directory of the package, relative to the root
 */
export function resultSchemas(place) {
  const generator = new Generator(place)
  const commands = filesBelow(join(root, place, 'src', 'commands')).map((path) => path.replace(/\.ts$/, ''))
  const schemas = commands.map((path) => {
    const command = path.replaceAll('/', ' ')
    const node = resultType(generator.parse(join('src', 'commands', `${path}.ts`)))
    return [`${path}.json`, generator.schema(node, path.replaceAll('/', ':'), `apkg ${command} --json`)]
  })
  generator.failOnProblems()
  return new Map(schemas)
}

/** Returns the schema of the `--json` output of a command that fails. */
export function errorSchema() {
  const generator = new Generator('packages/command-kit')
  const node = declaration(generator.parse(join('src', 'errors', 'apkg-error.ts')), 'FailureOutput')
  const schema = generator.schema(node, 'error', 'A failure of any command under --json')
  generator.failOnProblems()
  return schema
}

/** Generates schemas from the types of a package. */
class Generator {
  #place
  #program
  #config
  #problems = []

  constructor(place) {
    this.#place = place
    this.#config = {
      ...DEFAULT_CONFIG,
      tsconfig: join(root, place, 'tsconfig.json'),
      // The build has already checked the types.
      skipTypeCheck: true,
      topRef: false,
      sortProps: false,
    }
    this.#program = createProgram(this.#config)
  }

  parse(path) {
    const file = join(root, this.#place, path)
    if (!existsSync(file)) fail(`${file} does not exist.`)
    return this.#program.getSourceFile(file)
  }

  schema(node, id, title) {
    const config = this.#config
    const generator = new SchemaGenerator(
      this.#program,
      createParser(this.#program, config),
      createFormatter(config),
      config,
    )
    const {schema, problems} = toSchema(generator.createSchemaFromNodes([node]), {id: `urn:apkg:schema:${id}`, title})
    this.#problems.push(...problems.map((problem) => `${title}: ${problem}`))
    return `${JSON.stringify(schema, undefined, 2)}\n`
  }

  /** Exits if a type is too vague for a schema. */
  failOnProblems() {
    if (this.#problems.length > 0) fail(this.#problems.join('\n'))
  }
}

/** Returns the type that a command's `run` resolves to. If it never returns, the type argument of its base class. */
function resultType(source) {
  const command = source.statements.find(ts.isClassDeclaration)
  const run = command.members.find((member) => ts.isMethodDeclaration(member) && member.name.text === 'run')
  const returned = run.type?.typeArguments?.[0]
  if (returned && returned.kind !== ts.SyntaxKind.NeverKeyword) return returned
  return command.heritageClauses[0].types[0].typeArguments[0]
}

function declaration(source, name) {
  return source.statements.find((statement) => ts.isInterfaceDeclaration(statement) && statement.name.text === name)
}
