const folder = '.qwen'

/** Fields that limit who may start a command. Qwen Code honors them. */
const honored = ['disable-model-invocation', 'user-invocable']

/** Fields that limit what a command may use, or where it runs. Qwen Code doesn't document them, so such a command is not set up. */
const ignored = ['tools', 'disallowed-tools', 'disallowedTools', 'readonly', 'paths', 'context', 'agent', 'mode']

/**
 * Sets up Qwen Code in projects with a `.qwen` directory. It reads commands from `.qwen/commands`, in Markdown. It needs no
 * plugin for skills, because it reads `.agents/skills`.
 *
 * @see https://qwenlm.github.io/qwen-code-docs/1.x/en/users/custom-commands/, read on 2026-11-29
 */
export default async function tools() {
  return {name: 'qwen-code', title: 'Qwen Code', folder, place: {command: commands}}
}

/** Writes one file per definition. Qwen Code names the command after the file. */
function commands({flatName, description, definitions}) {
  if (definitions.length === 0) return {unsupported: 'the package contains no command'}
  const refused = definitions.flatMap(({markdown}) => whyNot(markdown.frontmatter ?? {}))
  if (refused.length > 0) return {unsupported: refused[0]}
  const isSingle = definitions.length === 1
  const files = definitions.map(({stem, markdown: {frontmatter = {}, body}}) => ({
    path: `${folder}/commands/${isSingle ? flatName : `${flatName}-${stem}`}.md`,
    content: `---\n${header(frontmatter, description)}---\n${body}`,
  }))
  return {files}
}

/** Reasons why Qwen Code would not keep the limits that the author set. */
function whyNot(own) {
  const lost = ignored.filter((field) => Object.hasOwn(own, field))
  const unclear = honored.filter((field) => Object.hasOwn(own, field) && typeof own[field] !== 'boolean')
  return [
    ...lost.map((field) => `Qwen Code ignores \`${field}\` in a command`),
    ...unclear.map((field) => `\`${field}\` must be true or false`),
  ]
}

/** The lines of the frontmatter. JSON is also valid YAML. */
function header(own, description) {
  const fields = {description: String(own.description ?? description)}
  for (const field of honored) if (Object.hasOwn(own, field)) fields[field] = own[field]
  return Object.entries(fields)
    .map(([field, value]) => `${field}: ${JSON.stringify(value)}\n`)
    .join('')
}
