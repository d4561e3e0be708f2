const folder = '.gemini'

/** Sets up Gemini CLI in projects with a `.gemini` directory. It reads commands from `.gemini/commands`, in TOML. */
export default async function tools() {
  return {name: 'gemini-cli', title: 'Gemini CLI', folder, place: {command: commands}}
}

/** Writes one file per definition. Gemini CLI names the command after the file. */
function commands({flatName, description, definitions}) {
  const isSingle = definitions.length === 1
  const files = definitions.map(({stem, markdown: {frontmatter, body}}) => ({
    path: `${folder}/commands/${isSingle ? flatName : `${flatName}-${stem}`}.toml`,
    content: `description = ${text(frontmatter?.description ?? description)}\nprompt = ${text(body)}\n`,
  }))
  return files.length > 0 ? {files} : {unsupported: 'the package contains no command'}
}

/** A JSON string is also a valid basic string in TOML. */
function text(value) {
  return JSON.stringify(String(value))
}
