import type {PackageFile} from './package-files.js'

/** Programs that an interpreter, a shell or the system can run, by extension. */
const programs =
  /\.(?:[cm]?[jt]sx?|pyw?|ipynb|rb|pl|pm|php|lua|tcl|r|jl|exs?|go|rs|java|jar|class|kts?|groovy|scala|cs|csx|fsx|swift|dart|nix|awk|sed|sql|(?:ba|z|k|c|fi|da)?sh|nu|ps1|psm1|psd1|bat|cmd|com|vbs|wsf|scpt|applescript|exe|msi|dll|so|dylib|node|wasm|bin|run|appimage|mk)$/i

/** Files that a build tool or a package manager runs, by name. */
const builds =
  /^(?:(?:gnu)?makefile|justfile|rakefile|gemfile|taskfile\.ya?ml|dockerfile|containerfile|procfile|vagrantfile|jenkinsfile|build\.gradle|package\.json|deno\.jsonc?|composer\.json|pyproject\.toml|setup\.cfg|cargo\.toml|pom\.xml)$/i

/** Directories whose files are meant to be run. */
const programFolders = /(?:^|\/)(?:scripts?|bin|hooks)\//i

/** Files that are only read. */
const documents =
  /\.(?:md|mdx|mdc|markdown|txt|rst|adoc|json[5lc]?|ya?ml|toml|csv|tsv|xml|html?|css|svg|png|jpe?g|gif|webp|ico|pdf|ttf|otf|woff2?)$/i

/** Whether a file is a program, so that the instructions of a package may tell a tool to run it. */
export function isRunnable({path, content, isExecutable}: PackageFile): boolean {
  return isExecutable || startsWith(content, '#!') || isProgram(path)
}

/** Whether a file runs by itself, without an interpreter that is named in the command. */
export function isExecutableFile({content, isExecutable}: PackageFile): boolean {
  return isExecutable || startsWith(content, '#!')
}

function isProgram(path: string): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1)
  return programs.test(name) || builds.test(name) || (programFolders.test(path) && !documents.test(name))
}

function startsWith(content: Uint8Array, text: string): boolean {
  return [...text].every((character, index) => content[index] === character.charCodeAt(0))
}
