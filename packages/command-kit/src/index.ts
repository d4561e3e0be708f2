/**
 * The apkg command kit: what a command, ours or a plugin's, is made of.
 *
 * @packageDocumentation
 */
export * from './apkg-command.js'
export * from './registry-command.js'
export * from './client/index.js'
export * from './completion/completion.js'
export * from './completion/completion-client.js'
export * from './config/config-file.js'
export * from './credentials/index.js'
export * from './errors/index.js'
export * from './reporting/nearest.js'
export * from './reporting/report.js'
export {withLock, withLockAt, type HeldLock} from './files/lock.js'
export {StateFolder, type StateFile} from './files/state-folder.js'
export {makeFolder} from './files/make-folder.js'
export {errorCode, isAbsent, reasonOf} from './files/system-error.js'
export * from './kit-version.js'
export * from './ports/ports.js'
export {processPorts} from './ports/process-ports.js'
export * from './registry/registry-url.js'
export * from './registry/registry-target.js'
export * from './terminal/color.js'
export * from './terminal/printable.js'
export * from './terminal/progress.js'
export type * from './terminal/screen.js'
export type * from './tools/tool-target.js'
