import {success} from '@apkg/command-kit'

import {onSamePlace} from '../operator/on-same-place.js'
import type {PlaceFlags} from '../operator/place.js'

/** What an operator needs to know about a registry that has started. */
export function servingPage({url, place, hasUsers}: {url: string; place: PlaceFlags; hasUsers: boolean}): string {
  const {data = '', database} = place
  const flags = database === undefined ? {data} : {...place, data: undefined}
  return [
    success('Registry started'),
    `  Address     ${url}`,
    `  Data        ${database ?? data}`,
    ...(hasUsers
      ? []
      : [`  Add a user  ${onSamePlace('`apkg registry user add ada --email ada@example.com`', flags)}`]),
    `  Log in      \`apkg login --registry ${url}\``,
    '  Stop        Ctrl-C',
  ].join('\n')
}
