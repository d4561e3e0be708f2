export * from './answers.js'
export type * from './endpoint.js'
export * from './endpoints.js'
export * from './requests.js'
