import {readdirSync, readFileSync} from 'node:fs'
import {join} from 'node:path'

import {root} from '../workspace.js'

/** Collects the licenses of the bundled packages. Most licenses require this. */
export function thirdPartyLicenses(inputs) {
  const folders = new Set(Object.keys(inputs).flatMap((path) => /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1] ?? []))
  const notices = [...folders].map((folder) => {
    const {name, version, license} = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'))
    const file = readdirSync(join(root, folder)).find((each) => /^licen[cs]e/i.test(each))
    const text = file ? readFileSync(join(root, folder, file), 'utf8').trim() : license
    return `${name} ${version}\n\n${text}\n`
  })
  return [...new Set(notices)].sort().join(`\n${'-'.repeat(80)}\n\n`)
}
