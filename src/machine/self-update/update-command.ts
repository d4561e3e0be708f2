/** Installation directories of package managers, and how to update there. */
const installations: readonly (readonly [place: RegExp, command: string])[] = [
  [/\/_npx\//, 'npx apkg@latest'],
  [/\/Cellar\/apkg\//, 'brew upgrade apkg'],
  [/\/\.?volta\/tools\/image\/packages\//, 'volta install apkg@latest'],
  [/\/\.bun\/install\/global\//, 'bun add --global apkg@latest'],
  [/\/pnpm\/(global\/|store\/)/, 'pnpm add --global apkg@latest'],
  [/\/yarn\/(Data\/)?global\//i, 'yarn global add apkg@latest'],
  [/\/(lib|npm|prefix|nodejs)\/node_modules\/apkg\/?$/, 'npm install --global apkg@latest'],
  [/\/node_modules\/\.pnpm\//, 'pnpm add apkg@latest'],
  [/\/node_modules\/apkg\/?$/, 'npm install apkg@latest'],
]

/**
 * The command that updates this installation of apkg.
 *
 * @param root the installation directory. If it belongs to no package manager, it is assumed to be a checkout.
 */
export function updateCommand(root: string): string {
  const place = root.replaceAll('\\', '/')
  return installations.find(([pattern]) => pattern.test(place))?.[1] ?? 'git pull && npm ci'
}
