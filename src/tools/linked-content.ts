import type {PackageFile} from '@apkg/package-format/conversion'

import type {LinkedPackage} from '../project/installation/linked-packages.js'

/** The content of a linked package: what would be published, or why that can't be read. */
export type LinkedContent = {version: string; files: readonly PackageFile[]} | {problem: string}

/** Reads a linked package. It isn't in the ledger, so its content is whatever is in its directory. */
export type ReadLinked = (link: LinkedPackage) => Promise<LinkedContent>
