import {shellPath, success} from '@apkg/command-kit'

/** What an operator needs to know about a registry that has started. */
export function servingPage({url, folder}: {url: string; folder: string}): string {
  return [
    success('Registry started'),
    `  Address     ${url}`,
    `  Data        ${folder}`,
    `  Add a user  \`apkg registry user add ada --email ada@example.com --data ${shellPath(folder)}\``,
    `  Log in      \`apkg login --registry ${url}\``,
    '  Stop        Ctrl-C',
  ].join('\n')
}
