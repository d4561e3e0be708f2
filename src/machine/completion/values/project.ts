import {findProject} from '../../../project/find-project.js'
import {readLinks} from '../../../project/linking/read-links.js'
import {readLockfile} from '../../../project/lockfile/read-lockfile.js'
import {readProject} from '../../../project/read-project.js'
import type {ValueSource} from './value-source.js'

/** The dependencies in apkg.json. */
export const dependencies: ValueSource = {
  async known(_wanted, machine) {
    const {manifest} = await readProject(findProject(machine))
    return Object.entries(manifest.dependencies).map(([value, description]) => ({value, description}))
  },
}

/** The packages in the lockfile. */
export const lockedPackages: ValueSource = {
  async known(_wanted, machine) {
    const locked = (await readLockfile(findProject(machine)))?.lockfile.packages.values() ?? []
    return [...locked].map(({name, version}) => ({value: name, description: version}))
  },
}

/** The packages that are linked into the project. */
export const linkedPackages: ValueSource = {
  async known(_wanted, machine) {
    return (await readLinks(findProject(machine), machine.home)).map(({name, path}) => ({
      value: name,
      description: path,
    }))
  },
}
