import {shellPath, success} from '@apkg/command-kit'

/** What an operator needs to know about a registry that has started. */
export function servingPage({url, folder, hasUsers}: {url: string; folder: string; hasUsers: boolean}): string {
  return [
    success('Registry started'),
    `  Address     ${url}`,
    `  Data        ${folder}`,
    ...(hasUsers
      ? []
      : [`  Add a user  \`apkg registry user add ada --email ada@example.com --data ${shellPath(folder)}\``]),
    `  Log in      \`apkg login --registry ${url}\``,
    '  Stop        Ctrl-C',
  ].join('\n')
}
