const folder = '.gemini'

/** Gemini CLI, where a project has a `.gemini` folder: it reads commands from `.gemini/commands`, in TOML. */
export default async function tools() {
  return {name: 'gemini-cli', title: 'Gemini CLI', folder, place: {command: commands}}
}

/** A file for each definition; a file's name is the command's. */
function commands({flatName, description, definitions}) {
  const isOne = definitions.length === 1
  const files = definitions.map(({stem, markdown: {frontmatter, body}}) => ({
    path: `${folder}/commands/${isOne ? flatName : `${flatName}-${stem}`}.toml`,
    content: `description = ${text(frontmatter?.description ?? description)}\nprompt = ${text(body)}\n`,
  }))
  return files.length > 0 ? {files} : {unsupported: 'it holds no command'}
}

/** A JSON string is a basic string of TOML. */
function text(value) {
  return JSON.stringify(String(value))
}
