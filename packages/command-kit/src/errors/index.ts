export * from './apkg-error.js'
export * from './exit-codes.js'
export * from './report.js'
export type {Failure, FailureCode} from './failures.js'
